"""The token of a first message, for contracts that have it there."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skewcheck_expose import Agreed, Offer, Refused, negotiate, read_first_message

from skewcheck.core.wire.conversation import write_message
from skewcheck.core.wire.secret import Secret, fill_value
from tests.expose.formats import carrying

HELLO = {"type": "hello", "payload": {"auth": "Bearer {token}", "v": 1, "on": True, "x": [None]}}
PLAIN = {"type": "ping"}
CONTRACT = carrying("first-message", messages={"opens_with": [PLAIN, HELLO]})


def agreed() -> Agreed:
    outcome = negotiate(CONTRACT, Offer())
    assert isinstance(outcome, Agreed)
    return outcome


def changed(**payload: Any) -> str:
    told: dict[str, Any] = fill_value(HELLO, Secret("s3cret-token"))
    return json.dumps(told | {"payload": told["payload"] | payload})


@given(st.text('abcXYZ019-._~ "\\é', min_size=1))
def test_a_token_is_found_where_skewcheck_puts_it(token: str) -> None:
    message = write_message(fill_value(HELLO, Secret(token)))
    assert read_first_message(agreed(), message) == token
    assert read_first_message(agreed(), message.encode()) == token


def test_further_keys_do_no_harm() -> None:
    assert read_first_message(agreed(), changed(more=1)) == "s3cret-token"


def test_numbers_are_one_kind() -> None:
    assert read_first_message(agreed(), changed(v=1.0)) == "s3cret-token"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("s3cret-token", id="no JSON"),
        pytest.param(b"\xff", id="no text"),
        pytest.param("[" * 100_000, id="nested too deeply"),
        pytest.param('"s3cret-token"', id="no object"),
        pytest.param('{"type": "ping"}', id="the message that has no token"),
        pytest.param('{"type": "hello"}', id="a key is missing"),
        pytest.param(changed(auth="Bearer "), id="no token"),
        pytest.param(changed(auth="s3cret-token"), id="another shape"),
        pytest.param(changed(auth=5), id="a number for a token"),
        pytest.param(changed(v=True), id="true for 1"),
        pytest.param(changed(on=1), id="1 for true"),
        pytest.param(changed(v=2), id="another number"),
        pytest.param(changed(x=[None, None]), id="a longer list"),
        pytest.param(changed(x={}), id="no list"),
    ],
)
def test_another_message_is_refused_and_not_repeated(message: str | bytes) -> None:
    refused = read_first_message(agreed(), message)
    assert isinstance(refused, Refused)
    assert refused.close_code == 4406
    assert refused.reason.startswith("server speaks chat 2.1; the first message is not ")
    assert "s3cret" not in repr(refused)
