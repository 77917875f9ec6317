"""Who may come in, and what those are told who may not: never 1000, and never their own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skewcheck_expose import Agreed, Contract, Offer, Refused, negotiate
from skewcheck_expose.negotiation import Outcome
from skewcheck_expose.offers import read_offer

from tests.expose.formats import BEFORE, CHAT, TOKEN, carrying, contract, offered

PLACES = ("authorization", "cookie:session", "query:access_token", "query:skewcheck")
FORMATS = (CHAT, BEFORE, *map(carrying, PLACES))
tokens = st.text("abcdefXYZ0189-._~", min_size=8, max_size=60)


def page(version: str, *offers: str, protocol: str = "chat") -> Offer:
    """A page with the browser guard."""
    return read_offer([], f"skewcheck={protocol}/{version}", offers)


def refused(outcome: Outcome) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome


def agreed(outcome: Outcome) -> Agreed:
    assert isinstance(outcome, Agreed), outcome
    return outcome


@pytest.mark.parametrize("each", FORMATS)
def test_a_client_of_the_contract_is_let_in(each: Contract) -> None:
    assert negotiate(each, offered(each)) == Agreed(
        contract=each, subprotocol=each.selected, token=TOKEN
    )


def test_the_subprotocol_is_what_the_contract_selects() -> None:
    late = contract(handshake={"subprotocols": ["a", "b"], "selected": "b", "token_in": "none"})
    assert agreed(negotiate(late, page("2.1", "a", "b"))).subprotocol == "b"


def test_a_page_that_says_an_accepted_version_is_let_in() -> None:
    let_in = agreed(negotiate(CHAT, offered(CHAT, query="skewcheck=chat/2.0")))
    assert (let_in.client_version, let_in.token) == ("2.0", TOKEN)


@pytest.mark.parametrize("version", ["1.9", "3.0"])
def test_a_page_of_a_version_that_is_not_accepted_is_closed_4406_naming_both(version: str) -> None:
    """Though the format of its handshake fits: its messages need not."""
    told = negotiate(CHAT, offered(CHAT, query=f"skewcheck=chat/{version}"))
    assert told == Refused(
        status=426,
        reason=f"client speaks chat {version}, server 2.1; accepted: >=2.0,<3",
        close_code=4406,
        accepts_first=True,
        subprotocol="jwt-auth",
    )


def test_what_no_page_could_read_is_refused_by_http() -> None:
    """An old page offers nothing that may be selected, so a browser would hang up anyway."""
    told = refused(negotiate(CHAT, page("1.0", "chat.v1", "tok-abc")))
    assert (told.status, told.accepts_first, told.subprotocol) == (426, False, None)


def test_a_page_that_offers_no_subprotocol_needs_none_to_read_a_close_code() -> None:
    told = refused(negotiate(CHAT, page("1.0")))
    assert (told.status, told.accepts_first, told.subprotocol) == (426, True, None)


def test_a_wrong_format_is_a_bad_request() -> None:
    told = refused(negotiate(CHAT, read_offer([("Authorization", "Bearer t")], "")))
    assert (told.status, told.accepts_first) == (400, False)
    assert told.reason == (
        "server speaks chat 2.1; no subprotocol was offered, expected jwt-auth,"
        " jwt.{token:base64url}"
    )


def test_a_page_in_a_wrong_format_is_told_by_its_close_code() -> None:
    """The same version and another format: somebody changed it and forgot the number."""
    told = refused(negotiate(CHAT, page("2.1", "jwt-auth", "jwt.!")))
    assert (told.status, told.accepts_first, told.subprotocol) == (400, True, "jwt-auth")
    assert told.reason.startswith("client speaks chat 2.1, server 2.1; subprotocol jwt.{token")


def test_who_does_not_say_what_it_speaks_is_refused_before_the_upgrade() -> None:
    """It may be no browser, and then an accepted connection looks like a working one."""
    told = refused(negotiate(CHAT, Offer(subprotocols=("jwt-auth",))))
    assert (told.status, told.accepts_first) == (400, False)


def test_a_version_beyond_plain_releases_is_decided_by_the_format() -> None:
    assert agreed(negotiate(CHAT, offered(CHAT, query="skewcheck=chat/3.0rc1"))).token == TOKEN
    assert refused(negotiate(CHAT, page("3.0rc1", "jwt-auth"))).status == 400


def test_the_contracts_own_version_is_accepted_whatever_it_looks_like() -> None:
    early = contract(version="3.0rc1", accepts=">=3.0rc1")
    let_in = agreed(negotiate(early, offered(early, query="skewcheck=chat/3.0rc1")))
    assert let_in.client_version == "3.0rc1"


@pytest.mark.parametrize("query", ["skewcheck=", "skewcheck=chat", "skewcheck=chat/new", "a=1"])
def test_what_says_no_version_is_decided_by_the_format(query: str) -> None:
    assert agreed(negotiate(CHAT, offered(CHAT, query=query))).client_version is None


def test_a_page_of_another_protocol_is_refused() -> None:
    told = refused(negotiate(CHAT, page("2.1", protocol="notes")))
    assert (told.status, told.close_code) == (426, 4406)
    assert told.reason == "client speaks another protocol, server chat 2.1"


def test_a_page_may_speak_more_than_the_protocol_that_is_served() -> None:
    query = "skewcheck=notes/9&skewcheck=chat/2.1"
    assert agreed(negotiate(CHAT, offered(CHAT, query=query))).client_version == "2.1"


@pytest.mark.parametrize("each", [CHAT, BEFORE])
def test_old_and_new_can_be_let_in_at_once(each: Contract) -> None:
    assert agreed(negotiate((CHAT, BEFORE), offered(each))).contract is each


def test_of_several_contracts_that_fit_the_first_wins() -> None:
    twin = contract(version="2.2")
    assert agreed(negotiate((twin, CHAT), offered(CHAT))).contract is twin
    assert agreed(negotiate((CHAT, twin), offered(CHAT))).contract is CHAT


def test_the_version_chooses_among_contracts_of_one_format() -> None:
    newer = contract(version="3.0", accepts=">=3.0")
    query = "skewcheck=chat/2.0"
    assert agreed(negotiate((newer, CHAT), offered(CHAT, query=query))).contract is CHAT


def test_a_page_in_the_format_of_another_version_than_it_says_is_refused() -> None:
    told = refused(negotiate((CHAT, BEFORE), offered(CHAT, query="skewcheck=chat/1.0")))
    assert told.status == 400
    assert (
        told.reason
        == "client speaks chat 1.0, server 1.0; subprotocols were offered, expected none"
    )


def test_a_name_that_could_be_a_token_is_not_selected_in_a_refusal() -> None:
    loose = contract(
        handshake={
            "subprotocols": ["chat", "{token}"],
            "selected": "chat",
            "token_in": "subprotocol",
        }
    )
    told = refused(negotiate(loose, page("1.0", "chat", "t0ken")))
    assert (told.accepts_first, told.subprotocol) == (False, None)


def test_a_constant_of_any_contract_may_be_selected_in_a_refusal() -> None:
    old = contract(version="1.0", accepts="<2", handshake={"subprotocols": ["old"]})
    told = refused(negotiate((CHAT, old), page("4", "old")))
    assert (told.accepts_first, told.subprotocol) == (True, "old")


def test_a_token_where_a_version_is_said_is_never_taken_for_one() -> None:
    secret = carrying("query:skewcheck", version="3", accepts=">=3")
    told = refused(negotiate(secret, read_offer([("X", "1")], "skewcheck=chat/2.1", ["a"])))
    assert told.status == 400
    assert "2.1" not in told.reason


def test_there_must_be_a_contract() -> None:
    with pytest.raises(ValueError, match="no contract"):
        negotiate((), Offer())


@st.composite
def offers(draw: st.DrawFn, token: str) -> Offer:
    """A right or a wrong offer that carries the token wherever one may be."""
    places = st.sampled_from(
        ["jwt-auth", f"jwt.{token}", token, f"jwt-auth{token}", f"a b{token}", "other", "jwt."]
    )
    query = st.sampled_from(
        [f"access_token={token}", f"skewcheck={token}", f"skewcheck=chat/{token}",
         f"skewcheck={token}/2.1", "skewcheck=chat/1.0", "skewcheck=chat/2.1"]
    )  # fmt: skip
    headers = st.sampled_from(
        [("Authorization", f"Bearer {token}"), ("Authorization", token), ("Cookie", token),
         ("Cookie", f"session={token}"), ("Cookie", f"other={token}"), (token, token)]
    )  # fmt: skip
    return read_offer(
        draw(st.lists(headers, max_size=3)),
        "&".join(draw(st.lists(query, max_size=3))),
        draw(st.lists(places, max_size=4)),
    )


@given(st.data(), tokens, st.lists(st.sampled_from(FORMATS), min_size=1, max_size=3))
def test_no_refusal_repeats_a_token_or_says_1000_or_outgrows_a_close_frame(
    data: st.DataObject, token: str, contracts: list[Contract]
) -> None:
    outcome = negotiate(contracts, data.draw(offers(token)))
    assert token not in repr(outcome)
    if isinstance(outcome, Refused):
        assert token not in f"{outcome.reason}{outcome.subprotocol}"
        assert (outcome.close_code, outcome.status in {400, 426}) == (4406, True)
        assert 0 < len(outcome.reason.encode()) <= 123
        assert outcome.reason.isprintable()
        assert outcome.subprotocol is None or outcome.accepts_first
    else:
        assert outcome.subprotocol in {each.selected for each in contracts}


@given(st.data(), tokens, tokens)
def test_a_refusal_does_not_depend_on_the_token(data: st.DataObject, one: str, other: str) -> None:
    """So nothing of it, not even its length, can be in there."""
    choices = data.draw(st.randoms(use_true_random=False))
    seed = choices.random()
    outcomes = [negotiate(CHAT, _wrong(token, seed)) for token in (one, other)]
    assert outcomes[0] == outcomes[1]
    assert isinstance(outcomes[0], Refused)


def _wrong(token: str, seed: float) -> Offer:
    kinds = (
        page("1.0", "jwt-auth", f"jwt.{token}"),
        page("2.1", token),
        page("2.1", "jwt-auth", f"jwt.{token}="),
        read_offer([("Authorization", f"Bearer {token}")], f"token={token}"),
        read_offer([], f"skewcheck={token}"),
    )
    return kinds[int(seed * len(kinds))]
