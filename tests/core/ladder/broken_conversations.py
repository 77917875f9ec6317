"""Conversations as they broke in real products, each with the rung, code and words that name it."""

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.wire.transcript import (
    Closed,
    Ended,
    Event,
    Expired,
    Garbage,
    Received,
    Sent,
    Transcript,
)
from tests.transcripts import (
    WELCOME,
    closed,
    cut,
    cut_after_welcome,
    leaving,
    message,
    opening,
    silent,
    transcript,
)

CHALLENGE, HEARTBEAT = {"type": "challenge", "nonce": "1f2e"}, {"type": "heartbeat"}
MISMATCH = {"type": "error", "message": "protocol mismatch"}
EOF, RESET = (Ended(at_s=0.06, how=how) for how in ("eof", "reset"))
BINARY = Received(at_s=0.1, text=None, size=7)
AUTH, WELCOMING = Rung.AUTH, Rung.WELCOME


def talked(*events: Event) -> Transcript:
    return transcript(*opening(), *events)


def stayed(*said: object) -> Transcript:
    late = Expired(at_s=5.05, waiting_for="welcome")
    return talked(*map(message, said), late, *leaving(5.06))


def garbage(detail: str, head: str, *before: Event) -> Transcript:
    no_frame = Garbage(at_s=0.2, opened=True, detail=detail, head=head)
    return talked(*before, no_frame, Closed(at_s=0.2, by="us", code=1002), EOF)


BROKEN_CONVERSATIONS = [
    *(
        pytest.param(
            closed(code, "no", MISMATCH),
            (AUTH, Code.AUTH_REJECTED,
             f'the server closed with {code} "no" 0.89 s after the upgrade, before any welcome'),
            id=f"authentication refused with {code}",
        )
        for code in (1008, 3000, 3003, 4401, 4403)
    ),
    pytest.param(
        closed(),
        (WELCOMING, Code.CLOSED_BEFORE_WELCOME,
         'the server closed with 1000 "main cleanup" 0.89 s after the upgrade,'
         " before any welcome"),
        id="the incident: 1000 main cleanup",
    ),
    pytest.param(
        closed(1000, ""),
        (WELCOMING, Code.CLOSED_BEFORE_WELCOME,
         "the server closed with 1000 0.89 s after the upgrade, before any welcome"),
        id="bad authentication answered by 1000",
    ),
    pytest.param(
        closed(1002, "protocol mismatch", CHALLENGE, MISMATCH),
        (WELCOMING, Code.CLOSED_BEFORE_WELCOME,
         'the server closed with 1002 "protocol mismatch" 0.89 s after the upgrade,'
         " before any welcome"),
        id="a challenge, a mismatch, 1002",
    ),
    pytest.param(
        closed(1000, "", HEARTBEAT),
        (WELCOMING, Code.CLOSED_BEFORE_WELCOME,
         "the server closed with 1000 0.89 s after the upgrade, before any welcome"),
        id="a heartbeat and 1000",
    ),
    pytest.param(
        closed(None, ""),
        (WELCOMING, Code.CLOSED_BEFORE_WELCOME,
         "the server closed without a code (1005) 0.89 s after the upgrade, before any welcome"),
        id="an empty close",
    ),
    pytest.param(
        closed(10000, "own"),
        (WELCOMING, Code.CLOSED_BEFORE_WELCOME,
         'the server closed with 10000 "own" 0.89 s after the upgrade, before any welcome;'
         " RFC 6455 §7.4 permits no such code"),
        id="an illegal close code",
    ),
    *(
        pytest.param(
            closed(code, "oops"),
            (WELCOMING, Code.CLOSED_BY_SERVER_ERROR,
             f'the server closed with {code} "oops" 0.89 s after the upgrade, before any welcome'),
            id=f"a server error, {code}",
        )
        for code in (1011, 1012, 1013, 1014)
    ),
    pytest.param(
        cut(),
        (WELCOMING, Code.CUT_WITHOUT_CLOSE,
         "the connection was ended without a close frame 10 ms after the upgrade,"
         " before any welcome"),
        id="EOF right after 101",
    ),
    pytest.param(
        talked(RESET),
        (WELCOMING, Code.CUT_WITHOUT_CLOSE,
         "the connection was reset without a close frame 10 ms after the upgrade,"
         " before any welcome"),
        id="reset right after 101",
    ),
    pytest.param(
        talked(BINARY, EOF),
        (WELCOMING, Code.CUT_WITHOUT_CLOSE,
         "the connection was ended without a close frame 10 ms after the upgrade,"
         " before any welcome"),
        id="a binary error frame, then EOF",
    ),
    pytest.param(
        garbage("reserved bits must be 0", "HTTP/1.1 400 Bad Request"),
        (WELCOMING, Code.PROTOCOL_GARBAGE,
         "bytes that are no WebSocket 0.15 s after the upgrade, before any welcome:"
         " HTTP/1.1 400 Bad Request"),
        id="HTTP inside the upgraded stream",
    ),
    pytest.param(
        garbage("a close frame of 1 byte", "\\x88", Closed(at_s=0.2, by="server", code=None)),
        (WELCOMING, Code.PROTOCOL_GARBAGE,
         "bytes that are no WebSocket 0.15 s after the upgrade, before any welcome: \\x88"),
        id="a close frame that nobody can read",
    ),
    pytest.param(
        silent(),
        (WELCOMING, Code.WELCOME_MISSING, "no welcome within 5.00 s: nothing came"),
        id="silence",
    ),
    pytest.param(
        stayed(HEARTBEAT, HEARTBEAT),
        (WELCOMING, Code.WELCOME_MISSING,
         "no welcome within 5.00 s: 2 other messages came: heartbeat"),
        id="heartbeats",
    ),
    pytest.param(
        stayed(MISMATCH),
        (WELCOMING, Code.WELCOME_MISSING,
         "no welcome within 5.00 s: 1 other message came: error"),
        id="an error while the socket stays open",
    ),
    pytest.param(
        stayed(CHALLENGE),
        (WELCOMING, Code.WELCOME_MISSING,
         "no welcome within 5.00 s: 1 other message came: challenge"),
        id="a challenge",
    ),
    pytest.param(
        talked(Sent(at_s=0.06, text='{"type":"hello"}'), message('{"type":"hello"}'),
               Expired(at_s=5.05, waiting_for="welcome"), *leaving(5.06)),
        (WELCOMING, Code.WELCOME_MISSING,
         "no welcome within 5.00 s: only what we had said came back"),
        id="an echo of our own",
    ),
    pytest.param(
        talked(BINARY, Expired(at_s=5.05, waiting_for="welcome"), *leaving(5.06)),
        (WELCOMING, Code.WELCOME_MISSING,
         "no welcome within 5.00 s: only binary messages came, and the welcome is JSON text"),
        id="the encoding was switched",
    ),
    pytest.param(
        talked(
            Expired(at_s=5.05, waiting_for="welcome"),
            leaving(5.06)[0],
            message(WELCOME, 5.5),
            Ended(at_s=5.6, how="left"),
        ),
        (WELCOMING, Code.WELCOME_MISSING,
         "no welcome within 5.00 s: it came later, when we had given up"),
        id="a welcome after the time that the contract gives it",
    ),
    pytest.param(
        talked(message(WELCOME), Closed(at_s=0.15, by="server", code=1000, reason="bye"), EOF),
        (WELCOMING, Code.CLOSED_BY_SERVER_ERROR,
         'the server closed with 1000 "bye" 50 ms after the welcome, unasked'),
        id="a welcome and a close at once",
    ),
    pytest.param(
        cut_after_welcome(0.05),
        (WELCOMING, Code.CUT_WITHOUT_CLOSE,
         "the connection was ended without a close frame 50 ms after the welcome, unasked"),
        id="a welcome and a cut at once",
    ),
    pytest.param(
        garbage("reserved bits must be 0", "\\xff", message(WELCOME)),
        (WELCOMING, Code.PROTOCOL_GARBAGE,
         "bytes that are no WebSocket 0.10 s after the welcome, unasked: \\xff"),
        id="a welcome and garbage at once",
    ),
]  # fmt: skip
