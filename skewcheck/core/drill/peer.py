"""A server in miniature, and the boxes before it: what it answers when a probe knocks.

It obeys the request that a probe really sends, so a rule is drilled by what happens on the wire.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from skewcheck.core.wire.conversation import STAY_S, write_message
from skewcheck.core.wire.opening import Opening, write_opening
from skewcheck.core.wire.script import ProbeRequest, Script, vary
from skewcheck.core.wire.secret import Secret, fill, mask_template
from skewcheck.core.wire.transcript import (
    Answered,
    Closed,
    Connected,
    Ended,
    Event,
    Expired,
    Headers,
    Opened,
    Received,
    Requested,
    Resolved,
    Sent,
)

TOKEN = Secret("the-token-of-the-drill")
WELCOME: dict[str, Any] = {"type": "connection_established"}
_ADDRESS = "203.0.113.7"  # RFC 5737: documentation, nobody's
_PAGE = "<!doctype html><title>acme</title>"
_HTML: Headers = (("Content-Type", "text/html"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """`selects` is the subprotocol of its contract, empty where it selects none; `drops` are
    request headers that get lost on the way, in lower case; `hides_selection` is a box that takes
    the subprotocol from the answer.
    """

    selects: str = "jwt-auth"
    drops: frozenset[str] = frozenset()
    hides_selection: bool = False
    is_a_page: bool = False
    accepts_anything: bool = False
    fails_every_second: bool = False
    ends: Literal["welcome", "clean-close", "silence", "cut", "server-error"] = "welcome"


def speak(peer: Peer, request: ProbeRequest, token: Secret | None, *, turn: int) -> Iterator[Event]:
    """All that happens on the wire, as a prober writes it down; `turn` counts the probes."""
    script = vary(request.script, request.variant)
    opening = write_opening(request, token, "skewcheck-drill")
    offers = tuple(mask_template(offer) for offer in script.offers) if opening.offers else ()
    yield Resolved(at_s=0.001, addresses=(_ADDRESS,))
    yield Connected(at_s=0.01, address=f"{_ADDRESS}:443")
    yield Requested(at_s=0.02, target=opening.target, headers=(), offers=offers)
    arrived = _arriving(peer, opening)
    refused = _refuse(peer, arrived)
    if refused is not None:
        yield refused
        yield Ended(at_s=0.06, how="eof")
        return
    selected = _select(peer, arrived)
    yield from _open("" if peer.hides_selection else selected)
    if not (peer.accepts_anything or _is_believed(script, arrived)):
        yield from _close(1008, "Authentication failed")
    elif peer.fails_every_second and turn % 2 == 0:
        yield from _close(1011, "try again")
    else:
        yield from _talk(peer, script, request.variant.hold_s)


def _arriving(peer: Peer, opening: Opening) -> dict[str, str]:
    sent = {name.lower(): value for name, value in opening.headers}
    return {name: value for name, value in sent.items() if name not in peer.drops}


def _refuse(peer: Peer, arrived: Mapping[str, str]) -> Answered | None:
    """An answer that is no upgrade, None where there is nothing against one."""
    if peer.is_a_page:
        return Answered(at_s=0.05, status=200, reason="OK", headers=_HTML, body=_PAGE)
    if "upgrade" not in arrived:
        return Answered(at_s=0.05, status=400, reason="Bad Request", headers=(), body="no upgrade")
    if peer.selects and _offers(arrived) and not _select(peer, arrived):
        told = f"this server speaks {peer.selects}"
        return Answered(at_s=0.05, status=400, reason="Bad Request", headers=(), body=told)
    return None


def _offers(arrived: Mapping[str, str]) -> list[str]:
    return [each for each in arrived.get("sec-websocket-protocol", "").split(", ") if each]


def _select(peer: Peer, arrived: Mapping[str, str]) -> str:
    """Empty where nothing that was offered can be selected."""
    offers = _offers(arrived)
    if peer.accepts_anything:
        return offers[0] if offers else ""
    return peer.selects if peer.selects in offers else ""


def _is_believed(script: Script, arrived: Mapping[str, str]) -> bool:
    """The token arrives, and it is the true one, in the place where this client carries it."""
    if script.token_in == "authorization":
        return arrived.get("authorization") == f"Bearer {TOKEN.reveal}"
    carrying = [fill(offer, TOKEN) for offer in script.offers if "{token" in offer]
    return bool(set(carrying) & set(_offers(arrived)))


def _open(selected: str) -> Iterator[Event]:
    headers: Headers = (("Sec-WebSocket-Protocol", selected),) if selected else ()
    yield Answered(at_s=0.05, status=101, reason="Switching Protocols", headers=headers)
    yield Opened(at_s=0.05, subprotocol=selected)


def _talk(peer: Peer, script: Script, hold_s: float) -> Iterator[Event]:
    for message in script.opens_with:
        yield Sent(at_s=0.06, text=write_message(message))
    match peer.ends:
        case "welcome":
            text = json.dumps(WELCOME)
            yield Received(at_s=0.1, text=text, size=len(text))
            yield from _leave(0.1 + max(STAY_S, hold_s))
        case "clean-close":
            yield from _close(1000, "main cleanup")
        case "server-error":
            yield from _close(1011, "Service initialization failed")
        case "silence":
            late = 0.05 + script.welcome_within_s
            yield Expired(at_s=late, waiting_for="welcome")
            yield from _leave(late)
        case "cut":
            yield Ended(at_s=0.2, how="eof")
        case _:
            assert_never(peer.ends)


def _close(code: int, reason: str) -> Iterator[Event]:
    yield Closed(at_s=0.9, by="server", code=code, reason=reason)
    yield Closed(at_s=0.9, by="us", code=code, reason=reason)
    yield Ended(at_s=0.91, how="eof")


def _leave(at_s: float) -> Iterator[Event]:
    yield Closed(at_s=at_s, by="us", code=1000)
    yield Ended(at_s=at_s, how="left")
