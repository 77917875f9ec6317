"""Which opening requests have a contract's format, and which token they carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skewcheck_expose.handshake import Fit, Fitting, Misfit, fit
from skewcheck_expose.offers import Offer, read_offer

from tests.expose.formats import CHAT, TOKEN, carrying, contract, offered

ENCODED = "jwt.ZXlK"
PLAIN = contract(handshake={"subprotocols": ["chat", "{token}"], "token_in": "subprotocol"})
MIXED = contract(
    handshake={
        "subprotocols": ["{token}", "jwt.{token:base64url}", "chat"],
        "selected": "chat",
        "token_in": "subprotocol",
    }
)


def by(*offers: str) -> Offer:
    return Offer(subprotocols=offers)


def why(found: Fitting) -> str:
    assert isinstance(found, Misfit), found
    return found.why


@pytest.mark.parametrize(
    "place", ["authorization", "cookie:session", "query:access_token", "query:skewcheck"]
)
def test_a_token_is_found_where_skewcheck_puts_it(place: str) -> None:
    assert fit(carrying(place), offered(carrying(place))) == Fit(TOKEN)


@given(st.text("abcXYZ019-._~", min_size=1))
def test_a_token_in_a_subprotocol_is_found_where_skewcheck_puts_it(token: str) -> None:
    assert fit(CHAT, offered(CHAT, token)) == Fit(token)


@pytest.mark.parametrize("place", ["none", "first-message"])
def test_other_contracts_have_no_token_in_the_opening_request(place: str) -> None:
    messages = {"opens_with": [{"auth": "{token}"}]}
    assert fit(carrying(place, messages=messages), Offer()) == Fit(None)


def test_the_scheme_of_an_authorization_may_be_written_in_any_case() -> None:
    offer = read_offer([("AUTHORIZATION", "bEARER  t0ken ")], "")
    assert fit(carrying("authorization"), offer) == Fit("t0ken")


def test_the_order_and_further_offers_do_not_matter() -> None:
    assert fit(CHAT, by("jwt.ZXlK", "chat.v3", "jwt-auth")) == Fit("eyJ")


def test_what_is_fixed_is_found_before_what_could_be_anything() -> None:
    assert fit(PLAIN, by("t0ken", "chat")) == Fit("t0ken")
    assert fit(MIXED, by("chat", ENCODED, "eyJ")) == Fit("eyJ")


@pytest.mark.parametrize(
    ("offer", "told"),
    [
        pytest.param(by(), "no subprotocol was offered, expected jwt-auth, jwt.{", id="none"),
        pytest.param(by("other"), "subprotocol jwt-auth was not offered", id="another"),
        pytest.param(by("jwt-auth"), "subprotocol jwt.{token:base64url} was not", id="no token"),
        pytest.param(by("jwt-auth", "jwt."), "was not offered", id="an empty token"),
        pytest.param(by("jwt-auth", "jwt.!"), "its token is not base64url", id="undecodable"),
        pytest.param(by("jwt-auth", ENCODED, "jwt.QQ"), "was more than once", id="two tokens"),
        pytest.param(by("jwt-auth", ENCODED, "a b"), "an offered subprotocol is none", id="blank"),
        pytest.param(by("jwt-auth", ENCODED, "a=b"), "an offered subprotocol is none", id="="),
    ],
)
def test_what_is_wrong_with_the_subprotocols_is_told(offer: Offer, told: str) -> None:
    assert told in why(fit(CHAT, offer))


def test_two_templates_must_carry_one_token() -> None:
    assert why(fit(MIXED, by("chat", "other", ENCODED))).endswith("carry different tokens")


def test_a_contract_without_subprotocols_wants_none() -> None:
    """A browser whose offer is not answered hangs up, whatever else the server says."""
    offer = read_offer([("Authorization", "Bearer t")], "", ["chat"])
    assert why(fit(carrying("authorization"), offer)) == "subprotocols were offered, expected none"


def test_a_contract_may_have_subprotocols_and_the_token_elsewhere() -> None:
    both = contract(handshake={"subprotocols": ["chat"], "token_in": "cookie:s"})
    assert fit(both, read_offer([("Cookie", "s=t")], "", ["chat"])) == Fit("t")
    assert why(fit(both, by("chat"))) == "no token in the cookie s"


@pytest.mark.parametrize(
    ("place", "offer", "told"),
    [
        ("authorization", read_offer([], ""), "no token in Authorization: Bearer"),
        ("authorization", read_offer([("Authorization", "Basic YTpi")], ""), "no token in"),
        ("authorization", read_offer([("Authorization", "Bearer")], ""), "no token in"),
        (
            "authorization",
            read_offer([("Authorization", "Bearer a"), ("Authorization", "Bearer b")], ""),
            "more than one token in",
        ),
        ("cookie:s", read_offer([("Cookie", "t=1")], ""), "no token in the cookie s"),
        ("cookie:s", read_offer([("Cookie", "s=")], ""), "no token in the cookie s"),
        ("query:t", read_offer([], "x=1"), "no token in the query parameter t"),
        ("query:t", read_offer([], "t=1&t=2"), "more than one token in the query parameter t"),
        ("query:t", read_offer([], "t=1&t="), "more than one token in the query parameter t"),
        ("query:t", read_offer([], "t=%ff"), "no readable token in the query parameter t"),
    ],
)
def test_a_token_that_is_not_in_its_place_is_told(place: str, offer: Offer, told: str) -> None:
    assert told in why(fit(carrying(place), offer))


def test_a_token_is_never_shown() -> None:
    assert repr(Fit(TOKEN)) == "Fit()"
