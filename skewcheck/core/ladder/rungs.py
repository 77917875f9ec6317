"""The rungs from the name to the subprotocol, and the way up to those of the conversation."""

from skewcheck.core.findings import Code
from skewcheck.core.ladder.readings import announced, wrong_subprotocol
from skewcheck.core.ladder.rungs_above import auth_rung, events_rung, welcome_rung
from skewcheck.core.ladder.seen import Failed, Passed, Seen, Unproven
from skewcheck.core.ladder.words import answer_words, brief_body, seconds
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.script import Script, Variant
from skewcheck.core.wire.secret import mask_template
from skewcheck.core.wire.transcript import (
    Answered,
    Connected,
    Ended,
    Garbage,
    NotConnected,
    NotOpened,
    NotResolved,
    NotSecured,
    Opened,
    Requested,
    Resolved,
    Secured,
    Transcript,
)

__all__ = [
    "answer_rung", "auth_rung", "connection_rung", "events_rung", "name_rung", "subprotocol_rung",
    "upgrade_rung", "welcome_rung",
]  # fmt: skip


def name_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    del script, variant
    if gone := transcript.first(NotResolved):
        return Failed(Code.UNREACHABLE, f"name not resolved: {shorten(gone.detail)}")
    if found := transcript.first(Resolved):
        return Passed(f"resolves to {shorten(', '.join(found.addresses[:4]))}")
    connected = transcript.first(Connected) or transcript.first(NotConnected)
    if connected is not None and connected.through:
        return Unproven("resolved by the proxy, not by us")
    return Unproven("nobody asked for it")


def connection_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    del script, variant
    if refused := transcript.first(NotConnected):
        told = f"no connection{_through(refused)}: {shorten(refused.detail)}"
        return Failed(Code.UNREACHABLE, told)
    if bare := transcript.first(NotSecured):
        return Failed(Code.UNREACHABLE, f"TLS failed: {shorten(bare.detail)}")
    connected, secured = transcript.first(Connected), transcript.first(Secured)
    if connected is None:
        return Failed(Code.UNREACHABLE, "the transcript ends before any connection")
    told = f"connected to {shorten(connected.address)}{_through(connected)}"
    if secured is None:
        return Passed(told)
    until = f", certificate until {secured.valid_until:%Y-%m-%d}" if secured.valid_until else ""
    return Passed(f"{told}, {shorten(secured.version)}{until}")


def _through(attempt: Connected | NotConnected) -> str:
    return f" through the proxy {shorten(attempt.through)}" if attempt.through else ""


def answer_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    del script, variant
    answered = transcript.first(Answered)
    if answered is not None:
        return Passed(f"{answer_words(answered)} after {seconds(_took(transcript, answered))}")
    garbage = next((each for each in transcript.all(Garbage) if not each.opened), None)
    if garbage is not None:
        told = f"what came back is not HTTP: {shorten(garbage.head or garbage.detail)}"
        return Failed(Code.PROTOCOL_GARBAGE, told)
    ended = transcript.first(Ended)
    if ended is not None and ended.how != "left":
        how = "reset" if ended.how == "reset" else "ended"
        return Failed(Code.UPGRADE_CUT, f"the connection was {how} instead of an HTTP answer")
    waited = seconds(_took(transcript, ended) if ended else transcript.lasted_s)
    return Failed(Code.UPGRADE_NEVER_ANSWERED, f"no answer to the upgrade within {waited}")


def upgrade_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    del script, variant
    answered = transcript.first(Answered)
    if answered is None:
        return Unproven("no answer")
    if answered.status != 101:
        return _refused(answered)
    if why := announced(transcript):
        return Failed(Code.HANDSHAKE_REJECTED, f"{why}: a browser refuses that, RFC 9110 does not")
    if transcript.first(Opened) is not None or _selected_what_nobody_offered(transcript):
        return Passed("switched to WebSocket")
    invalid = transcript.first(NotOpened)
    detail = shorten(invalid.detail) if invalid else "the handshake did not end"
    return Failed(Code.NOT_A_WEBSOCKET, f"HTTP 101, but no valid upgrade: {detail}")


def _refused(answered: Answered) -> Failed:
    told, evidence = answer_words(answered), brief_body(answered)
    if answered.status == 401:
        return Failed(Code.AUTH_REJECTED, f"refused with {told}", evidence)
    if 200 <= answered.status < 300:
        kind = (answered.header("content-type") or "no content type").split(";")[0]
        return Failed(Code.NOT_A_WEBSOCKET, f"{told} ({shorten(kind)}) instead of 101", evidence)
    if 300 <= answered.status < 400:
        place = shorten(answered.header("location") or "nowhere")
        return Failed(
            Code.HANDSHAKE_REJECTED,
            f"{told} to {place}, which a WebSocket does not follow",
            evidence,
        )
    return Failed(Code.HANDSHAKE_REJECTED, f"refused with {told}", evidence)


def subprotocol_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    """A browser's rule first (an offer must be answered), then the contract's."""
    opened = transcript.first(Opened)
    if opened is None:
        told = shorten(_selection(transcript) or "an empty name")
        return Failed(Code.SUBPROTOCOL_NOT_SELECTED, f"selected {told}, which was not offered")
    if why := wrong_subprotocol(transcript):
        told = f"{shorten(why, limit=300)}; a browser refuses that, RFC 6455 does not"
        return Failed(Code.SUBPROTOCOL_NOT_SELECTED, told, _beyond(transcript, script, variant))
    selected = shorten(opened.subprotocol)
    wanted = mask_template(script.selected) if script.selected else ""
    if opened.subprotocol == wanted or variant.control or not _offers(transcript):
        return Passed(f"selected {selected}" if selected else "none was offered")
    told = f"selected {selected}, but the contract says {wanted or 'none'}"
    return Failed(Code.SUBPROTOCOL_NOT_SELECTED, told, _beyond(transcript, script, variant))


def _beyond(transcript: Transcript, script: Script, variant: Variant) -> tuple[str, ...]:
    """What a client that goes on all the same meets: a hint at what is masked."""
    for look in (auth_rung, welcome_rung):
        seen = look(transcript, script, variant)
        if isinstance(seen, Failed):
            return (f"a client that goes on all the same: {seen.told}", *seen.evidence)
    return ("a client that goes on all the same is welcomed",)


def _selected_what_nobody_offered(transcript: Transcript) -> bool:
    selected = _selection(transcript)
    return selected is not None and selected not in _offers(transcript)


def _selection(transcript: Transcript) -> str | None:
    answered = transcript.first(Answered)
    selected = answered.header("sec-websocket-protocol") if answered else None
    return None if selected is None else selected.strip()


def _offers(transcript: Transcript) -> tuple[str, ...]:
    requested = transcript.first(Requested)
    return requested.offers if requested else ()


def _took(transcript: Transcript, until: Answered | Ended) -> float:
    requested = transcript.first(Requested)
    return until.at_s - requested.at_s if requested else until.at_s
