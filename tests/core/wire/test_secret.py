"""A token shows itself to nobody, and everybody who masks knows all its shapes."""

from dataclasses import FrozenInstanceError, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.wire.secret import (
    MASK,
    Secret,
    fill,
    fill_value,
    mask_template,
    wants_token,
)

RAW = "a/b+c==&ü"
TOKEN = Secret(RAW)
ENCODED = "YS9iK2M9PSbDvA"


@dataclass(frozen=True)
class Holder:
    token: Secret


@pytest.mark.parametrize("value", [TOKEN, Holder(TOKEN), [TOKEN], {"a": TOKEN}, ValueError(TOKEN)])
def test_however_it_is_shown_it_does_not_show_its_text(value: object) -> None:
    for shown in (repr(value), str(value), f"{value}", f"{value!r:>40}", "%s" % (value,)):  # noqa: UP031
        assert "a/b" not in shown


def test_it_can_be_put_into_a_sentence() -> None:
    assert f"sent {TOKEN}" == "sent [secret]"


def test_errors_about_it_do_not_show_its_text() -> None:
    with pytest.raises(FrozenInstanceError) as caught:
        TOKEN.reveal = "another"  # type: ignore[misc]
    assert RAW not in str(caught.value)


def test_the_longest_shape_comes_first_so_that_no_rest_of_it_is_left_behind() -> None:
    shapes = TOKEN.shapes()
    assert set(shapes) == {RAW, ENCODED, "a%2Fb%2Bc%3D%3D%26%C3%BC", "a/b+c==&\\u00fc"}
    assert list(shapes) == sorted(shapes, key=len, reverse=True)


def test_quotes_are_known_as_json_writes_them() -> None:
    assert 'say-\\"friend\\"' in Secret('say-"friend"').shapes()


def test_an_empty_token_has_no_shape_that_would_mask_everything() -> None:
    assert Secret("").shapes() == ()


@pytest.mark.parametrize(
    ("template", "filled", "masked", "wants"),
    [
        pytest.param("jwt.{token}", f"jwt.{RAW}", f"jwt.{MASK}", True, id="raw"),
        pytest.param("jwt.{token:base64url}", f"jwt.{ENCODED}", f"jwt.{MASK}", True, id="base64"),
        pytest.param(
            "{token}.{token:base64url}", f"{RAW}.{ENCODED}", f"{MASK}.{MASK}", True, id="both"
        ),
        pytest.param("jwt-auth", "jwt-auth", "jwt-auth", False, id="neither"),
        pytest.param("{tok}", "{tok}", "{tok}", False, id="other braces"),
    ],
)
def test_a_template_is_filled_where_it_asks_for_it(
    template: str, filled: str, masked: str, *, wants: bool
) -> None:
    assert fill(template, TOKEN) == filled
    assert fill(template, None) == template
    assert mask_template(template) == masked
    assert wants_token(template) is wants


def test_base64url_has_no_padding_and_no_characters_that_a_subprotocol_may_not_have() -> None:
    assert fill("{token:base64url}", Secret("\x7f>>?")) == "fz4-Pw"


def test_a_token_that_looks_like_a_template_is_not_filled_again() -> None:
    assert fill("{token}", Secret("{token:base64url}")) == "{token:base64url}"


def test_every_text_in_a_message_is_filled_and_nothing_else_is_touched() -> None:
    message = {
        "type": "hello",
        "token": "{token}",
        "deep": [{"auth": ("Bearer {token}", 1)}, None, True, 1.5],
        "{token}": "a name is not a place for it",
    }
    assert fill_value(message, Secret("t")) == {
        "type": "hello",
        "token": "t",
        "deep": [{"auth": ["Bearer t", 1]}, None, True, 1.5],
        "{token}": "a name is not a place for it",
    }


@given(st.text(min_size=1))
def test_whatever_is_filled_in_is_among_the_shapes_to_be_masked(raw: str) -> None:
    token = Secret(raw)
    for template in ("{token}", "{token:base64url}"):
        assert fill(template, token) in token.shapes()
