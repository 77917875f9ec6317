"""Handshakes as they broke in real products, each with the rung, code and words that name it."""

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.wire.transcript import (
    Closed,
    Ended,
    Event,
    Expired,
    Garbage,
    Interim,
    NotConnected,
    NotOpened,
    NotResolved,
    NotSecured,
    Transcript,
    Unsendable,
)
from tests.transcripts import (
    WELCOME,
    answered,
    connecting,
    leaving,
    message,
    opening,
    rejected,
    requesting,
    transcript,
)

EOF, RESET, LEFT = (Ended(at_s=0.06, how=how) for how in ("eof", "reset", "left"))
HTML = ("Content-Type", "text/html; charset=utf-8")
NAME, CONNECTION, ANSWER, UPGRADE, SUBPROTOCOL, *_ = Rung


def unanswered(*events: Event) -> Transcript:
    return transcript(*requesting(), *events)


def switched(detail: str, *headers: tuple[str, str]) -> Transcript:
    """101, and yet no valid upgrade."""
    refused = NotOpened(at_s=0.06, detail=detail)
    return transcript(*requesting(), answered(101, *headers), refused, LEFT)


def select(name: str) -> tuple[str, str]:
    return ("Sec-WebSocket-Protocol", name)


def talked(*events: Event, selected: str | None = None) -> Transcript:
    return transcript(*opening(selected=selected), *events)


BROKEN_HANDSHAKES = [
    pytest.param(
        transcript(NotResolved(at_s=0.1, detail="no such host")),
        (NAME, Code.UNREACHABLE, "name not resolved: no such host"),
        id="no such name",
    ),
    pytest.param(
        transcript(*connecting()[:1], NotConnected(at_s=0.1, detail="nothing listens there")),
        (CONNECTION, Code.UNREACHABLE, "no connection: nothing listens there"),
        id="nothing listens",
    ),
    pytest.param(
        transcript(NotConnected(at_s=0.1, detail="407", through="proxy:3128")),
        (CONNECTION, Code.UNREACHABLE, "no connection through the proxy proxy:3128: 407"),
        id="a proxy refuses",
    ),
    pytest.param(
        transcript(*connecting(), NotSecured(at_s=0.1, detail="the certificate has expired")),
        (CONNECTION, Code.UNREACHABLE, "TLS failed: the certificate has expired"),
        id="no TLS",
    ),
    pytest.param(
        transcript(),
        (CONNECTION, Code.UNREACHABLE, "the transcript ends before any connection"),
        id="nothing at all",
    ),
    pytest.param(
        unanswered(EOF),
        (ANSWER, Code.UPGRADE_CUT, "the connection was ended instead of an HTTP answer"),
        id="EOF instead of any HTTP answer",
    ),
    pytest.param(
        unanswered(RESET),
        (ANSWER, Code.UPGRADE_CUT, "the connection was reset instead of an HTTP answer"),
        id="reset instead of any HTTP answer",
    ),
    pytest.param(
        unanswered(Expired(at_s=10.02, waiting_for="answer"), Ended(at_s=10.02, how="left")),
        (ANSWER, Code.UPGRADE_NEVER_ANSWERED, "no answer to the upgrade within 10 s"),
        id="an upgrade that is never answered",
    ),
    pytest.param(
        unanswered(Garbage(at_s=0.1, opened=False, detail="not HTTP", head="SSH-2.0"), LEFT),
        (ANSWER, Code.PROTOCOL_GARBAGE, "what came back is not HTTP: SSH-2.0"),
        id="another protocol",
    ),
    pytest.param(
        rejected(200, "<!doctype html>\n<div id=root>", HTML),
        (UPGRADE, Code.NOT_A_WEBSOCKET, "HTTP 200 (text/html) instead of 101"),
        id="the fallback of a single page application",
    ),
    pytest.param(
        rejected(403),
        (UPGRADE, Code.HANDSHAKE_REJECTED, "refused with HTTP 403"),
        id="403, no such route",
    ),
    pytest.param(
        rejected(401),
        (UPGRADE, Code.AUTH_REJECTED, "refused with HTTP 401"),
        id="401",
    ),
    pytest.param(
        rejected(301, "", ("Location", "https://api.acme.example/ws")),
        (UPGRADE, Code.HANDSHAKE_REJECTED,
         "HTTP 301 to https://api.acme.example/ws, which a WebSocket does not follow"),
        id="a redirect",
    ),
    pytest.param(
        rejected(307),
        (UPGRADE, Code.HANDSHAKE_REJECTED,
         "HTTP 307 to nowhere, which a WebSocket does not follow"),
        id="a redirect to nowhere",
    ),
    pytest.param(
        transcript(*requesting(), answered(400, reason="Unsupported; supported: v2, v3"), EOF),
        (UPGRADE, Code.HANDSHAKE_REJECTED, "refused with HTTP 400 Unsupported; supported: v2, v3"),
        id="400 with the supported list in its reason",
    ),
    pytest.param(
        rejected(502, "upstream connect error"),
        (UPGRADE, Code.HANDSHAKE_REJECTED, "refused with HTTP 502"),
        id="502",
    ),
    pytest.param(
        switched("Sec-WebSocket-Accept is wrong"),
        (UPGRADE, Code.NOT_A_WEBSOCKET,
         "HTTP 101, but no valid upgrade: Sec-WebSocket-Accept is wrong"),
        id="a wrong accept",
    ),
    pytest.param(
        transcript(*requesting(), answered(101), EOF),
        (UPGRADE, Code.NOT_A_WEBSOCKET,
         "HTTP 101, but no valid upgrade: the handshake did not end"),
        id="nobody judged the upgrade",
    ),
    pytest.param(
        transcript(*requesting(), Interim(at_s=0.04, status=103), *opening()[3:], *leaving()),
        (UPGRADE, Code.HANDSHAKE_REJECTED,
         "HTTP 103 came before the answer: a browser refuses that, RFC 9110 does not"),
        id="an interim answer",
    ),
    pytest.param(
        transcript(Unsendable(at_s=0.0, detail="subprotocol 1 of the offer has a space")),
        (SUBPROTOCOL, Code.SUBPROTOCOL_INVALID,
         "subprotocol 1 of the offer has a space: no request leaves"),
        id="a space in the offer",
    ),
    pytest.param(
        switched("it selects v9", select("v9")),
        (SUBPROTOCOL, Code.SUBPROTOCOL_NOT_SELECTED, "selected v9, which was not offered"),
        id="an unoffered subprotocol",
    ),
    pytest.param(
        switched("it selects nothing", select(" ")),
        (SUBPROTOCOL, Code.SUBPROTOCOL_NOT_SELECTED,
         "selected an empty name, which was not offered"),
        id="an empty subprotocol",
    ),
    pytest.param(
        talked(Closed(at_s=0.2, by="server", code=1000), EOF),
        (SUBPROTOCOL, Code.SUBPROTOCOL_NOT_SELECTED,
         "none of the offered subprotocols was selected: jwt-auth, jwt.[token];"
         " a browser refuses that, RFC 6455 does not"),
        id="101 without the offered subprotocol, then 1000",
    ),
    pytest.param(
        talked(message(WELCOME), *leaving(), selected="jwt.{token:base64url}"),
        (SUBPROTOCOL, Code.SUBPROTOCOL_NOT_SELECTED,
         "selected jwt.[token], but the contract says jwt-auth"),
        id="the offer with the token is selected",
    ),
]  # fmt: skip
