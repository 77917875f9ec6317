"""How a contract becomes a script, and what each variant changes about it."""

from dataclasses import replace

import pytest

from skewcheck.core.wire.script import (
    AS_A_BROWSER,
    WRONG_OFFER,
    Exercise,
    Script,
    Target,
    Variant,
    can_be_wrong,
    script_of,
    vary,
)
from tests.core.document_samples import BARE_CONTRACT, CONTRACT, contract
from tests.transcripts import EXERCISE, PLAIN

HELLO = {"type": "hello"}
IN_HEADER = Variant(auth="header")
AT_ONCE = Variant(speaks="at-once")
CONTROL = Variant(control=True)


def test_a_contract_says_all_that_a_script_holds() -> None:
    asked = "  exercise: {send: {type: ask}, expects: [started, done], within: 30s}\n"
    assert script_of(contract(CONTRACT + asked)) == Script(
        offers=("jwt-auth", "jwt.{token:base64url}"),
        selected="jwt-auth",
        token_in="subprotocol",
        opens_with=({"type": "hello", "resume": None, "tries": 3, "ratio": 0.5, "quiet": False},),
        welcome={"type": "connection_established"},
        welcome_within_s=5.0,
        ignore=({"type": "heartbeat"},),
        exercise=Exercise(send={"type": "ask"}, expects=("started", "done"), within_s=30.0),
    )


def test_a_contract_without_exercise_and_welcome_asks_for_neither() -> None:
    assert script_of(contract(BARE_CONTRACT)) == Script()


def test_a_browser_changes_nothing() -> None:
    assert vary(PLAIN, AS_A_BROWSER) == PLAIN


def test_a_token_in_the_header_is_offered_no_more() -> None:
    varied = vary(PLAIN, IN_HEADER)
    assert (varied.offers, varied.selected) == (("jwt-auth",), "jwt-auth")
    assert varied.token_in == "authorization"


@pytest.mark.parametrize(
    ("offers", "selected"),
    [
        pytest.param(("jwt.{token}",), None, id="nothing is left to select"),
        pytest.param(("jwt.{token}", "v1"), "v1", id="the first that is left"),
    ],
)
def test_an_offer_that_carried_the_token_is_not_waited_for(
    offers: tuple[str, ...], selected: str | None
) -> None:
    script = replace(PLAIN, offers=offers, selected="jwt.{token}")
    assert vary(script, IN_HEADER).selected == selected


def test_a_token_in_the_subprotocol_travels_as_it_usually_does() -> None:
    script = Script(offers=("v1",), selected="v1", token_in="authorization")
    varied = vary(script, Variant(auth="subprotocol"))
    assert varied.offers == ("jwt-auth", "jwt.{token:base64url}")
    assert (varied.selected, varied.token_in) == ("jwt-auth", "subprotocol")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param(PLAIN, {"type": "heartbeat"}, id="what is ignored on both sides"),
        pytest.param(Script(), {"type": "ping"}, id="a ping where nothing is"),
        pytest.param(replace(PLAIN, opens_with=(HELLO,)), HELLO, id="what it says anyway"),
    ],
)
def test_who_speaks_at_once_says_something_harmless(script: Script, said: object) -> None:
    assert vary(script, AT_ONCE).opens_with == (said,)


def test_the_negative_control_shares_nothing_but_the_welcome() -> None:
    script = replace(PLAIN, opens_with=(HELLO, HELLO), exercise=EXERCISE)
    varied = vary(script, CONTROL)
    assert varied.offers == (WRONG_OFFER, f"{WRONG_OFFER}.{{token:base64url}}")
    assert varied.selected == WRONG_OFFER
    assert varied.opens_with == ({"type": WRONG_OFFER},)
    assert varied.exercise is None
    assert varied.welcome == script.welcome


def test_the_negative_control_is_wrong_only_where_the_format_has_something() -> None:
    varied = vary(Script(token_in="cookie:sid"), CONTROL)
    assert (varied.offers, varied.selected, varied.opens_with) == ((), None, ())
    assert varied.token_in == "cookie:sid"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(Script(offers=("v1",)), True, id="an offer"),
        pytest.param(Script(token_in="query:t"), True, id="a token"),
        pytest.param(Script(opens_with=(HELLO,)), True, id="a hello"),
        pytest.param(Script(welcome=HELLO), False, id="a welcome alone"),
    ],
)
def test_a_format_can_be_wrong_only_in_what_the_client_says(
    script: Script, *, expected: bool
) -> None:
    assert can_be_wrong(script) is expected


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        (AS_A_BROWSER, "as a browser"),
        (IN_HEADER, "token in the header"),
        (Variant(without=("origin", "upgrade")), "without Origin, without Upgrade"),
        (AT_ONCE, "speaks at-once"),
        (Variant(holds="pinging", hold_s=2.5), "pinging for 2.5 s"),
        (CONTROL, "wrong format, made-up token"),
        (Variant(made_up=True), "made-up token"),
        (Variant(exercise=True, holds="silent", hold_s=30), "silent for 30 s, exercise"),
    ],
)
def test_a_variant_says_in_what_it_differs(variant: Variant, told: str) -> None:
    assert str(variant) == told


@pytest.mark.parametrize(
    ("variant", "expected"),
    [(CONTROL, True), (Variant(made_up=True), True), (IN_HEADER, False), (AS_A_BROWSER, False)],
)
def test_only_made_up_tokens_are_harmless(variant: Variant, *, expected: bool) -> None:
    assert variant.is_harmless is expected


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (Target(place="edge", url="https://a"), "the edge"),
        (Target(place="candidate", url="https://a"), "the candidate"),
        (Target(place="direct", url="https://a"), "the origin directly"),
        (Target(place="direct", url="https://a", revision="r-2"), "revision r-2 directly"),
    ],
)
def test_a_place_is_told_in_words(target: Target, told: str) -> None:
    assert str(target) == told
