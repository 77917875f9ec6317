"""A template gives back exactly the token that was put in, or none."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skewcheck_expose.templates import NoTokenError, read_template

from skewcheck.core.wire.secret import Secret, fill

ENCODED = read_template("jwt.{token:base64url}")


@given(st.text(min_size=1), st.sampled_from(["jwt.{token:base64url}", "{token}", "a-{token}.z"]))
def test_what_skewcheck_fills_in_is_read_back(token: str, text: str) -> None:
    template = read_template(text)
    filled = fill(text, Secret(token)) if _is_text(token) else None
    if filled is not None:
        assert template.could_be(filled)
        assert template.token_of(filled) == token


def _is_text(token: str) -> bool:
    return "{token" not in token and not any("\ud800" <= char <= "\udfff" for char in token)


def test_a_constant_is_only_itself() -> None:
    assert read_template("jwt-auth").could_be("jwt-auth")
    assert not read_template("jwt-auth").could_be("jwt-auth2")


@pytest.mark.parametrize("offered", ["jwt.", "jwt", "xjwt.abc", ""])
def test_a_place_without_a_token_is_not_the_template(offered: str) -> None:
    assert not ENCODED.could_be(offered)


def test_before_and_after_may_not_share_characters() -> None:
    assert not read_template("aba{token}aba").could_be("ababa")


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param("a", id="a length that base64 cannot have"),
        pytest.param("!!!!", id="other characters"),
        pytest.param("+/+/", id="the other alphabet"),
        pytest.param("QQ==", id="padding"),
        pytest.param("QR", id="bits that stand for nothing"),
        pytest.param(base64.urlsafe_b64encode(b"\xff\xfe").decode().rstrip("="), id="not UTF-8"),
        pytest.param("é", id="not ASCII"),
    ],
)
def test_a_token_that_is_not_base64url_is_none_and_is_not_told(carried: str) -> None:
    with pytest.raises(NoTokenError) as caught:
        ENCODED.token_of(f"jwt.{carried}")
    assert str(caught.value) == "its token is not base64url"
    assert caught.value.__context__ is None


@pytest.mark.parametrize("text", ["{token}{token}", "{token}.{token:base64url}"])
def test_a_token_in_two_places_cannot_be_read_back(text: str) -> None:
    with pytest.raises(ValueError, match="more than once"):
        read_template(text)
