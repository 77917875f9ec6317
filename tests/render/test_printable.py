import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.render.printable import printable


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("jwt-auth", "jwt-auth", id="plain words stay"),
        pytest.param("Grüße, 你好", "Grüße, 你好", id="letters of all scripts stay"),
        pytest.param("\x1b[31mred", "\\x1b[31mred", id="an escape code"),
        pytest.param("a\r\nb\tc", "a\\r\\nb\\tc", id="line ends and tabs"),
        pytest.param("\u202efdp.exe", "\\u202efdp.exe", id="a bidirectional override"),
        pytest.param("a\u200bb\xa0c\x85d", "a\\u200bb\\xa0c\\x85d", id="what nobody sees"),
        pytest.param("\udc80", "\\udc80", id="half a character"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(written: str, shown: str) -> None:
    assert printable(written) == shown


@given(st.text())
def test_all_that_comes_out_is_printable_and_stays_so(text: str) -> None:
    assert printable(text).isprintable()
    assert printable(printable(text)) == printable(text)
