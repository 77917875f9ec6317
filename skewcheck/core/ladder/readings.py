"""Two readings of one transcript: what a browser would do, and what RFC 6455 permits.

A browser is stricter about subprotocols (WHATWG WebSockets §4: an offer that is not answered fails
the connection) and laxer about close codes (it reports what it is told, but for the three codes
that stand for no close frame at all). What differs between the two is a finding of its own:
clients in tests and users in browsers then live in two worlds.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.transcript import (
    Answered,
    Closed,
    Ended,
    Garbage,
    Interim,
    NotOpened,
    Opened,
    Requested,
    Transcript,
    Unsendable,
)

ABNORMAL, EMPTY, TOO_MUCH = 1006, 1005, 1009
_NEVER_SENT = frozenset({EMPTY, ABNORMAL, 1015})
# RFC 6455 §7.4.1 and the IANA registry: what an endpoint may put into a close frame.
_REGISTERED = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})
_FOR_APPLICATIONS = range(3000, 5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`code` is None while nothing has ended the connection but ourselves; `why` says what fails.

    `clean` is the `wasClean` of a close event: a close frame came from either side and was met.
    """

    opened: bool
    subprotocol: str = ""
    code: int | None = None
    clean: bool = False
    why: str = ""

    def __str__(self) -> str:
        why = f" ({shorten(self.why)})" if self.why else ""
        if not self.opened:
            return f"refuses the handshake{why}"
        if self.code is None:
            return "is open"
        return f"closes with {self.code}{', cleanly' if self.clean else ''}{why}"


def read_as_browser(transcript: Transcript) -> Reading:
    """What `onopen` and `onclose` of a `WebSocket` in a page would report."""
    if why := _refused(transcript) or announced(transcript) or wrong_subprotocol(transcript):
        return Reading(opened=False, code=ABNORMAL, why=why)
    return _after_opening(transcript, strict=False)


def read_as_rfc(transcript: Transcript) -> Reading:
    """What a client library that permits all that RFC 6455 permits, and no more, would report."""
    if why := _refused(transcript):
        return Reading(opened=False, code=ABNORMAL, why=why)
    return _after_opening(transcript, strict=True)


def describe_difference(browser: Reading, rfc: Reading) -> str:
    """Empty where both say the same of opening, code and cleanness."""
    if (browser.opened, browser.code, browser.clean) == (rfc.opened, rfc.code, rfc.clean):
        return ""
    return f"a browser {browser}; a client that keeps to RFC 6455 {rfc}"


def announced(transcript: Transcript) -> str:
    """Chromium refuses an upgrade that an interim answer announces; RFC 9110 §15.2 does not."""
    interim = transcript.first(Interim)
    return f"HTTP {interim.status} came before the answer" if interim else ""


def wrong_subprotocol(transcript: Transcript) -> str:
    """Why a browser refuses what was selected; empty where it does not, or nothing opened."""
    opened, requested = transcript.first(Opened), transcript.first(Requested)
    if opened is None or requested is None or not requested.offers or opened.subprotocol:
        return ""
    return f"none of the offered subprotocols was selected: {', '.join(requested.offers)}"


def legal_close(code: int | None) -> bool:
    """Whether an endpoint may send a close frame with that code; an empty frame is legal."""
    return code is None or code in _REGISTERED or code in _FOR_APPLICATIONS


def ending(transcript: Transcript) -> Closed | Garbage | Ended | None:
    """What ended an open connection; None where we did, or nothing has.

    Too much was sent: the limit is ours, and a browser would have gone on. A close frame that
    nobody can read is on record as both, and is garbage.
    """
    closed: Closed | None = None
    for event in transcript.events:
        match event:
            case Closed(by="us") | Ended(how="left"):
                return closed
            case Garbage(opened=True, close_code=code) if code == TOO_MUCH:
                return closed
            case Garbage(opened=True):
                return event
            case Ended():
                return closed or event
            case Closed():
                closed = closed or event
            case _:
                continue
    return closed


def _refused(transcript: Transcript) -> str:
    """Why nothing opened, in at least one word; empty where it did."""
    if invalid := transcript.first(Unsendable):
        return invalid.detail or "no request leaves"
    if transcript.first(Opened) is not None:
        return ""
    if refused := transcript.first(NotOpened):
        return refused.detail or "no valid upgrade"
    answered = transcript.first(Answered)
    return f"HTTP {answered.status}" if answered else "no answer"


def _after_opening(transcript: Transcript, *, strict: bool) -> Reading:
    opened = transcript.first(Opened)
    selected = opened.subprotocol if opened else ""
    open_ = Reading(opened=True, subprotocol=selected)
    gone = ending(transcript)
    match gone:
        case None:
            return open_
        case Garbage(detail=why):
            return replace(open_, code=ABNORMAL, why=why)
        case Ended(how=how):
            why = f"the connection ended without a close frame ({how})"
            return replace(open_, code=ABNORMAL, why=why)
        case Closed(code=code, reason=reason):
            if code in _NEVER_SENT or (strict and not legal_close(code)):
                why = f"{code} is no close code that RFC 6455 §7.4 permits"
                return replace(open_, code=ABNORMAL, why=why)
            return replace(open_, code=EMPTY if code is None else code, clean=True, why=reason)
        case _:
            assert_never(gone)
