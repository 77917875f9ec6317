"""How a backend reads an opening request against a contract."""

import pytest

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.programs.handshake import (
    Hello,
    first_message_token,
    heard,
    hello,
    subprotocol_token,
)
from tests.sandbox.builders import ENCODED, TOKEN, contract

ENCODED_FORMAT = ["jwt-auth", "jwt.{token:base64url}"]
RAW_FORMAT = ["jwt", "{token}"]


@pytest.mark.parametrize(
    ("templates", "offers", "token"),
    [
        pytest.param(ENCODED_FORMAT, ["jwt-auth", f"jwt.{ENCODED}"], TOKEN, id="fits"),
        pytest.param(ENCODED_FORMAT, [f"jwt.{ENCODED}", "gzip", "jwt-auth"], TOKEN, id="extras"),
        pytest.param(ENCODED_FORMAT, [f"jwt.{ENCODED}"], None, id="a name is missing"),
        pytest.param(ENCODED_FORMAT, ["jwt-auth", "jwt.%%%"], None, id="not base64url"),
        pytest.param(ENCODED_FORMAT, ["jwt", TOKEN], None, id="the old format"),
        pytest.param(RAW_FORMAT, ["jwt", TOKEN], TOKEN, id="the old format understood"),
        pytest.param(RAW_FORMAT, ["jwt-auth", f"jwt.{ENCODED}"], None, id="the new format"),
        pytest.param(["chat.v3"], ["chat.v3"], "", id="no token in it"),
        pytest.param([], [], "", id="no subprotocols at all"),
    ],
)
def test_offers_fit_a_contract_or_do_not(
    templates: list[str], offers: list[str], token: str | None
) -> None:
    assert subprotocol_token(templates, offers) == token


@pytest.mark.parametrize(
    ("token_in", "said"),
    [
        pytest.param("authorization", Hello(authorization=f"Bearer {TOKEN}"), id="header"),
        pytest.param("cookie:session", Hello(cookies={"session": TOKEN}), id="cookie"),
        pytest.param("query:ticket", Hello(query={"ticket": TOKEN}), id="query"),
    ],
)
def test_the_token_is_read_from_where_the_contract_puts_it(token_in: str, said: Hello) -> None:
    spoken = contract(subprotocols=[], token_in=token_in)
    understood = heard(said, [spoken])

    assert understood
    assert understood.token == TOKEN


def test_the_opening_request_is_taken_apart() -> None:
    said = hello(
        "/ws?ticket=t",
        [
            ("Sec-WebSocket-Protocol", "a, b"),
            ("Sec-WebSocket-Protocol", "c"),
            ("Cookie", "session=s"),
            ("traceparent", "00-abc-def-01"),
        ],
    )

    assert said.offers == ("a", "b", "c")
    assert (said.cookies, said.query, said.trace) == ({"session": "s"}, {"ticket": "t"}, "abc")


@pytest.mark.parametrize(
    ("message", "token"),
    [
        pytest.param({"type": "hello", "token": TOKEN}, TOKEN, id="there"),
        pytest.param({"type": "hello"}, None, id="missing"),
        pytest.param("text", None, id="no object"),
    ],
)
def test_a_first_message_may_carry_the_token(message: Json | str, token: str | None) -> None:
    template = {"type": "hello", "token": "{token}"}

    assert first_message_token([template], message) == token


def test_the_first_contract_that_fits_is_spoken() -> None:
    new, old = contract(), contract(subprotocols=RAW_FORMAT) | {"version": "2.0"}
    understood = heard(Hello(offers=("jwt", TOKEN)), [new, old])

    assert understood
    assert understood.contract["version"] == "2.0"
