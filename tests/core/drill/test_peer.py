"""The server in miniature behaves on the wire as the servers that it stands for."""

from collections.abc import Sequence

import pytest

from skewcheck.core.drill.peer import TOKEN, WELCOME, Peer, speak
from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Ladder, climb
from skewcheck.core.wire.script import (
    AS_A_BROWSER,
    MADE_UP_TOKEN,
    ProbeRequest,
    Script,
    Variant,
)
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Event, Sent, Transcript
from tests.builders import NOW
from tests.transcripts import EDGE, script

ANYTHING = Peer(accepts_anything=True)
IN_HEADER = Script(offers=("chat",), selected="chat", token_in="authorization", welcome=WELCOME)


def heard(
    peer: Peer,
    variant: Variant = AS_A_BROWSER,
    *,
    spoken: Script | None = None,
    token: Secret = TOKEN,
    turn: int = 1,
) -> list[Event]:
    said = spoken or script()
    request = ProbeRequest(
        id="0", target=EDGE, origin="https://app.example", script=said, variant=variant
    )
    return list(speak(peer, request, token, turn=turn))


def climbed(events: Sequence[Event], variant: Variant = AS_A_BROWSER) -> Ladder:
    seen = Transcript(id="0", url=EDGE.url, started=NOW, events=tuple(events))
    return climb(seen, script(), variant)


def code(events: Sequence[Event], variant: Variant = AS_A_BROWSER) -> Code | None:
    failed = climbed(events, variant).failed
    return failed.code if failed else None


@pytest.mark.parametrize("how", ["", "at-once"])
def test_a_client_of_the_contract_is_welcomed(how: str) -> None:
    variant = Variant(speaks="at-once") if how else AS_A_BROWSER
    events = heard(Peer(), variant)
    assert climbed(events, variant).holds
    assert any(isinstance(each, Sent) for each in events) is bool(how)


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        pytest.param(Peer(selects="chat"), Code.HANDSHAKE_REJECTED, id="another contract"),
        pytest.param(Peer(is_a_page=True), Code.NOT_A_WEBSOCKET, id="a page"),
        pytest.param(
            Peer(drops=frozenset({"upgrade"})), Code.HANDSHAKE_REJECTED, id="Upgrade lost"
        ),
        pytest.param(
            Peer(hides_selection=True), Code.SUBPROTOCOL_NOT_SELECTED, id="selection hidden"
        ),
        pytest.param(
            Peer(drops=frozenset({"sec-websocket-protocol"})),
            Code.SUBPROTOCOL_NOT_SELECTED,
            id="offers lost",
        ),
        pytest.param(Peer(selects=""), Code.SUBPROTOCOL_NOT_SELECTED, id="nothing selected"),
        pytest.param(Peer(ends="clean-close"), Code.CLOSED_BEFORE_WELCOME, id="1000"),
        pytest.param(Peer(ends="server-error"), Code.CLOSED_BY_SERVER_ERROR, id="1011"),
        pytest.param(Peer(ends="silence"), Code.WELCOME_MISSING, id="silence"),
        pytest.param(Peer(ends="cut"), Code.CUT_WITHOUT_CLOSE, id="cut"),
    ],
)
def test_each_flaw_is_seen_on_the_wire_as_what_it_is(peer: Peer, expected: Code) -> None:
    assert code(heard(peer)) is expected


def test_a_made_up_token_is_refused_and_the_true_one_is_never_written_down() -> None:
    assert code(heard(Peer(), token=Secret(MADE_UP_TOKEN))) is Code.AUTH_REJECTED
    assert not any(shape in str(heard(Peer())) for shape in TOKEN.shapes())


def test_a_token_in_a_header_counts_only_where_the_header_arrives() -> None:
    chat = Peer(selects="chat")
    stripped = Peer(selects="chat", drops=frozenset({"authorization"}))
    assert "Authentication failed" not in str(heard(chat, spoken=IN_HEADER))
    assert "Authentication failed" in str(heard(stripped, spoken=IN_HEADER))


def test_a_wrong_format_is_welcomed_only_by_a_peer_that_accepts_anything() -> None:
    wrong, made_up = Variant(control=True), Secret(MADE_UP_TOKEN)
    assert not climbed(heard(Peer(), wrong, token=made_up), wrong).holds
    assert climbed(heard(ANYTHING, wrong, token=made_up), wrong).holds


def test_a_peer_that_accepts_anything_selects_nothing_where_nothing_is_offered() -> None:
    lost = Variant(without=("sec-websocket-protocol",))
    assert climbed(heard(ANYTHING, lost), lost).holds


def test_a_flaky_peer_fails_every_second_handshake() -> None:
    flaky = Peer(fails_every_second=True)
    assert [climbed(heard(flaky, turn=turn)).holds for turn in (1, 2, 3, 4)] == [
        True, False, True, False,
    ]  # fmt: skip


def test_a_connection_is_held_for_as_long_as_it_is_asked_for() -> None:
    held = Variant(holds="silent", hold_s=20)
    assert heard(Peer(), held)[-1].at_s > 20
