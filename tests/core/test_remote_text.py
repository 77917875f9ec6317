"""Words of others stay short, on one line, and without their secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.remote_text import shorten, without_secrets


@given(st.text(), st.integers(2, 200))
def test_whatever_is_shown_is_printable_and_within_the_limit(text: str, limit: int) -> None:
    shown = shorten(text, limit=limit)
    assert len(shown) <= limit
    assert shown.isprintable()


def test_what_was_cut_says_so() -> None:
    assert shorten("abcdef", limit=4) == "abc…"
    assert shorten("abcd", limit=4) == "abcd"


def test_escape_codes_are_shown_not_obeyed() -> None:
    assert shorten("a\x1b[31m\nb") == "a\\x1b[31m\\nb"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@app.example:8443/in?token=pw#pw", "https://app.example:8443/in"),
        ("/in?token=pw", "/in"),
        ("http://[?token=pw", "http://["),
        ("mailto:me@app.example?pw", "me@app.example"),
    ],
)
def test_a_url_is_shown_without_the_places_where_tokens_travel(url: str, shown: str) -> None:
    assert without_secrets(url) == shown
