"""Near misses: the word that was probably meant."""

import pytest

from skewcheck.core.documents.near_miss import did_you_mean


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("protocl", "; did you mean `protocol`?"),
        ("Protocol", "; did you mean `protocol`?"),
        ("on-skew", "; did you mean `on_skew`?"),
        ("zebra", ""),
        ("", ""),
        ("x" * 100_000, ""),
    ],
)
def test_only_a_near_word_is_offered(word: str, told: str) -> None:
    assert did_you_mean(word, ["protocol", "on_skew"]) == told
