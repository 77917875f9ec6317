"""The wire, event by event: what each probe sent and heard, and when.

`→` is ours, `←` theirs, a cross an end, `!` what a reader should not miss, `·` all the rest.
"""

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from skewcheck.core.probed.probes import Probed, Probes
from skewcheck.core.wire.transcript import (
    Answered,
    Closed,
    Connected,
    Control,
    Echoed,
    Ended,
    Event,
    Expired,
    Garbage,
    Headers,
    Interim,
    NotConnected,
    NotOpened,
    NotResolved,
    NotSecured,
    Opened,
    Received,
    Requested,
    Resolved,
    Secured,
    Sent,
    Transcript,
    Unsendable,
)
from skewcheck.render.printable import printable

_Talk: TypeAlias = Sent | Received | Control | Closed | Garbage | Ended | Expired | Echoed
_END = "\N{MULTIPLICATION SIGN}"
_BELOW = " " * 13


def render_wire(probes: Probes) -> str:
    """Every transcript of every link, in the order in which the probes were planned."""
    return "\n".join(map(printable, _all(probes))) + "\n"


def _all(probes: Probes) -> Iterator[str]:
    every = (
        (link.link, probed, transcript)
        for link in probes.links
        for probed in link.probed
        for transcript in probed.transcripts
    )
    for number, (link, probed, transcript) in enumerate(every):
        if number:
            yield ""
        yield from _transcript(link, probed, transcript)


def _transcript(link: str, probed: Probed, transcript: Transcript) -> Iterator[str]:
    what = [link, str(probed.target), str(probed.format), str(probed.variant)]
    yield "  ".join([*what, f"probe {transcript.id}"])
    for event in transcript.events:
        first, *below = _reaching(event)
        yield f"{event.at_s:7.3f} s  {first}"
        yield from (f"{_BELOW}{line}" for line in below)


def _reaching(event: Event) -> Iterator[str]:
    match event:
        case Resolved():
            yield f"· resolved to {', '.join(event.addresses)}"
        case NotResolved():
            yield f"{_END} name not resolved: {event.detail}"
        case Connected():
            yield f"· connected to {event.address}{_through(event.through)}"
        case NotConnected():
            yield f"{_END} no connection{_through(event.through)}: {event.detail}"
        case Secured():
            until = f", certificate until {event.valid_until:%Y-%m-%d}" if event.valid_until else ""
            yield f"· {event.version}, {event.cipher}{until}"
        case NotSecured():
            yield f"{_END} TLS failed: {event.detail}"
        case _:
            yield from _shaking_hands(event)


def _through(proxy: str) -> str:
    return f" through the proxy {proxy}" if proxy else ""


def _shaking_hands(
    event: Unsendable | Requested | Interim | Answered | Opened | NotOpened | _Talk,
) -> Iterator[str]:
    match event:
        case Unsendable():
            yield f"! no browser sends this: {event.detail}"
        case Requested():
            yield f"→ GET {event.target}"
            yield from _headers(event.headers)
        case Interim():
            yield f"← HTTP {event.status}, which only announces an answer"
        case Answered():
            yield f"← HTTP {event.status} {event.reason}".rstrip()
            yield from _headers(event.headers)
            yield from (f"| {line.rstrip()}" for line in event.body.split("\n") if line.strip())
        case Opened():
            told = f"subprotocol {event.subprotocol}" if event.subprotocol else "no subprotocol"
            yield f"· open, {', '.join([told, *event.extensions])}"
        case NotOpened():
            yield f"! no valid upgrade: {event.detail}"
        case _:
            yield from _talking(event)


def _headers(headers: Headers) -> Iterator[str]:
    return (f"{name}: {value}" for name, value in headers)


def _talking(event: _Talk) -> Iterator[str]:
    match event:
        case Sent():
            yield f"→ {event.text}"
        case Received():
            yield f"← {_message(event)}"
        case Control():
            yield f"{_arrow(event.by)} {event.frame}, {event.size} bytes"
        case Closed():
            yield f"{_arrow(event.by)} close {_close(event)}"
        case _:
            yield from _ending(event)


def _ending(event: Garbage | Ended | Expired | Echoed) -> Iterator[str]:
    match event:
        case Garbage():
            what = "no WebSocket" if event.opened else "no HTTP"
            yield f"! bytes that are {what}: {event.detail}"
            yield from [event.head] if event.head else []
        case Ended():
            yield "· we left" if event.how == "left" else f"{_END} connection ended ({event.how})"
        case Expired():
            yield f"! waited in vain: {event.waiting_for}"
        case Echoed():
            yield f"! the token came back in the {event.where}"
        case _:
            assert_never(event)


def _arrow(by: str) -> str:
    return "→" if by == "us" else "←"


def _message(message: Received) -> str:
    if message.text is None:
        return f"{message.size} bytes, binary"
    return f"{message.text} … ({message.size} bytes, cut)" if message.is_cut else message.text


def _close(closed: Closed) -> str:
    code = "without a code" if closed.code is None else str(closed.code)
    return f'{code} "{closed.reason}"' if closed.reason else code
