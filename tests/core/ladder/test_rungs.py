"""What the rungs from the name to the subprotocol tell besides how they fail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import State, climb
from skewcheck.core.ladder.rungs import (
    answer_rung,
    connection_rung,
    name_rung,
    subprotocol_rung,
    upgrade_rung,
)
from skewcheck.core.ladder.seen import Failed, Passed, Seen, Unproven
from skewcheck.core.wire.script import AS_A_BROWSER, Script, Variant
from skewcheck.core.wire.transcript import (
    Connected,
    Event,
    Garbage,
    NotConnected,
    NotResolved,
    NotSecured,
    Resolved,
    Secured,
    Transcript,
)
from tests.core.ladder.broken_handshakes import SUBPROTOCOL, select, switched
from tests.transcripts import (
    PLAIN,
    WELCOME,
    answered,
    closed,
    leaving,
    message,
    opening,
    rejected,
    requesting,
    transcript,
)

Look: TypeAlias = Callable[[Transcript, Script, Variant], Seen]
ESCAPE = "\x1b[2J"


def talked(*events: Event, selected: str | None) -> Transcript:
    return transcript(*opening(selected=selected), *events)


def test_a_refusal_brings_the_head_of_its_body_as_evidence() -> None:
    failed = climb(rejected(502, "\n upstream connect error\n"), PLAIN, AS_A_BROWSER).failed
    assert failed is not None
    assert failed.evidence == ("it says: upstream connect error",)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (199, Code.HANDSHAKE_REJECTED, "refused with"),
        (204, Code.NOT_A_WEBSOCKET, "instead of 101"),
        (299, Code.NOT_A_WEBSOCKET, "instead of 101"),
        (300, Code.HANDSHAKE_REJECTED, "does not follow"),
        (399, Code.HANDSHAKE_REJECTED, "does not follow"),
        (400, Code.HANDSHAKE_REJECTED, "refused with"),
        (599, Code.HANDSHAKE_REJECTED, "refused with"),
    ],
)
def test_a_refusal_is_told_by_the_class_of_its_status(status: int, code: Code, words: str) -> None:
    failed = climb(rejected(status), PLAIN, AS_A_BROWSER).failed
    assert failed is not None
    assert failed.code is code
    assert words in failed.told


def test_a_header_that_says_nothing_of_its_type_is_told_as_such() -> None:
    failed = climb(rejected(200), PLAIN, AS_A_BROWSER).failed
    assert failed is not None
    assert failed.told == "HTTP 200 (no content type) instead of 101"


@pytest.mark.parametrize(
    ("then", "evidence"),
    [
        pytest.param(
            (message(WELCOME), *leaving()),
            ("a client that goes on all the same is welcomed",),
            id="is welcomed",
        ),
        pytest.param(
            closed(1008, "no").events[5:],
            (
                'a client that goes on all the same: the server closed with 1008 "no" 0.89 s'
                " after the upgrade, before any welcome",
            ),
            id="is refused",
        ),
        pytest.param(
            (message({"type": "error"}), *closed(1000, "").events[5:]),
            (
                "a client that goes on all the same: the server closed with 1000 0.89 s after the"
                " upgrade, before any welcome",
                'message 1: {"type": "error"}',
            ),
            id="is closed without a welcome",
        ),
    ],
)
@pytest.mark.parametrize("selected", [None, "jwt.{token:base64url}"])
def test_a_wrong_subprotocol_brings_along_what_happens_to_a_client_that_goes_on(
    then: tuple[Event, ...], evidence: tuple[str, ...], selected: str | None
) -> None:
    failed = climb(talked(*then, selected=selected), PLAIN, AS_A_BROWSER).failed
    assert failed is not None
    assert failed.rung is SUBPROTOCOL
    assert failed.evidence == evidence


def test_a_server_that_must_select_nothing_may_not_select_anything() -> None:
    script = replace(PLAIN, selected=None)
    failed = climb(talked(message(WELCOME), *leaving(), selected="jwt-auth"), script, AS_A_BROWSER)
    assert failed.at(SUBPROTOCOL).told == "selected jwt-auth, but the contract says none"


def test_any_selection_will_do_for_a_wrong_format() -> None:
    script, control = PLAIN, Variant(control=True)
    ladder = climb(talked(message(WELCOME), *leaving(), selected="jwt-auth"), script, control)
    assert ladder.at(SUBPROTOCOL).state is State.PASSED


def test_where_nothing_is_offered_nothing_must_be_selected() -> None:
    seen = transcript(*opening(Script()), message(WELCOME), *leaving())
    assert climb(seen, PLAIN, AS_A_BROWSER).at(SUBPROTOCOL).told == "none was offered"


RESOLVED = Resolved(at_s=0.0, addresses=("::1", "127.0.0.1", "a", "b", "c"))
CONNECTED = Connected(at_s=0.1, address="127.0.0.1:443")
PROXIED = Connected(at_s=0.1, address="api:443", through="proxy:3128")
SECURED = Secured(at_s=0.2, version="TLSv1.3", cipher="")
DATED = replace(SECURED, valid_until=datetime(2027, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("look", "events", "seen"),
    [
        (name_rung, (RESOLVED,), Passed("resolves to ::1, 127.0.0.1, a, b")),
        (name_rung, (PROXIED,), Unproven("resolved by the proxy, not by us")),
        (
            name_rung,
            (NotConnected(at_s=0.1, detail="", through="proxy:3128"),),
            Unproven("resolved by the proxy, not by us"),
        ),
        (name_rung, (NotConnected(at_s=0.1, detail=""),), Unproven("nobody asked for it")),
        (name_rung, (), Unproven("nobody asked for it")),
        (connection_rung, (CONNECTED,), Passed("connected to 127.0.0.1:443")),
        (
            connection_rung,
            (PROXIED,),
            Passed("connected to api:443 through the proxy proxy:3128"),
        ),
        (connection_rung, (CONNECTED, SECURED), Passed("connected to 127.0.0.1:443, TLSv1.3")),
        (
            connection_rung,
            (CONNECTED, DATED),
            Passed("connected to 127.0.0.1:443, TLSv1.3, certificate until 2027-03-01"),
        ),
        (answer_rung, opening(), Passed("HTTP 101 Switching Protocols after 30 ms")),
        (answer_rung, (answered(101, reason=""),), Passed("HTTP 101 after 50 ms")),
        (
            answer_rung,
            (CONNECTED,),
            Failed(Code.UPGRADE_NEVER_ANSWERED, "no answer to the upgrade within 0.10 s"),
        ),
        (upgrade_rung, opening(), Passed("switched to WebSocket")),
        (upgrade_rung, switched("", select("v9")).events, Passed("switched to WebSocket")),
        (upgrade_rung, (answered(101, select("v9")),), Passed("switched to WebSocket")),
        (upgrade_rung, (), Unproven("no answer")),
        (subprotocol_rung, opening(), Passed("selected jwt-auth")),
        (
            subprotocol_rung,
            (),
            Failed(
                Code.SUBPROTOCOL_NOT_SELECTED, "selected an empty name, which was not offered"
            ),
        ),
    ],
)  # fmt: skip
def test_a_rung_says_what_it_saw(look: Look, events: tuple[Event, ...], seen: Seen) -> None:
    assert look(transcript(*events), PLAIN, AS_A_BROWSER) == seen


@pytest.mark.parametrize(
    "event",
    [
        NotResolved(at_s=0.0, detail=ESCAPE),
        NotConnected(at_s=0.0, detail=ESCAPE, through=ESCAPE),
        NotSecured(at_s=0.0, detail=ESCAPE),
        Garbage(at_s=0.0, opened=False, detail=ESCAPE),
        answered(403, reason=ESCAPE),
        answered(302, ("Location", ESCAPE)),
        answered(200, ("Content-Type", ESCAPE)),
        answered(101, select(ESCAPE)),
    ],
)
def test_no_terminal_obeys_what_a_rung_tells(event: Event) -> None:
    failed = climb(transcript(*requesting(), event), PLAIN, AS_A_BROWSER).failed
    assert failed is not None
    assert "\\x1b[2J" in failed.told
    assert ESCAPE not in failed.told
