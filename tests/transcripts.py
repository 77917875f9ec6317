"""Transcripts in the shapes that the prober writes, for tests that open no socket."""

import json
from collections.abc import Sequence
from typing import Any

from skewcheck.core.probed.probes import Format, Probed
from skewcheck.core.wire.conversation import STAY_S, write_message
from skewcheck.core.wire.script import (
    AS_A_BROWSER,
    Exercise,
    Script,
    Target,
    Variant,
    vary,
)
from skewcheck.core.wire.secret import mask_template
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
    Transcript,
)
from tests.builders import API, NEW, NEW_FORMAT, NOW

WELCOME = {"type": "connection_established"}
URL = f"{API}/ws"
EDGE = Target(place="edge", url=URL)
DIRECT = Target(place="direct", url="https://acme-api-x.a.run.app/ws", revision="acme-api-00002")
CANDIDATE = Target(place="candidate", url="https://c-1---acme-api-x.a.run.app/ws")
PLAIN = Script(
    offers=("jwt-auth", "jwt.{token:base64url}"),
    selected="jwt-auth",
    token_in="subprotocol",
    welcome=WELCOME,
    ignore=({"type": "heartbeat"},),
)
EXERCISE = Exercise(send={"type": "user_message"}, expects=("started", "completed"), within_s=30)


def script(**changed: Any) -> Script:
    """The incident's right format; nothing but its exercise is left out."""
    said: dict[str, Any] = {
        "offers": PLAIN.offers,
        "selected": PLAIN.selected,
        "token_in": PLAIN.token_in,
        "welcome": PLAIN.welcome,
        "ignore": PLAIN.ignore,
    }
    return Script(**(said | changed))


def format_of(spoken: Script = PLAIN, **changed: Any) -> Format:
    said: dict[str, Any] = {
        "fingerprint": NEW_FORMAT,
        "version": "2.1",
        "builds": (NEW.value,),
        "why": "served by the page",
    }
    return Format(script=spoken, **(said | changed))


def transcript(*events: Event, probe: str = "0123456789ab") -> Transcript:
    """Exactly those events."""
    return Transcript(id=probe, url=URL, started=NOW, events=events)


def connecting() -> tuple[Event, ...]:
    return (
        Resolved(at_s=0.001, addresses=("203.0.113.7",)),
        Connected(at_s=0.01, address="203.0.113.7:443"),
    )


def requesting(spoken: Script = PLAIN) -> tuple[Event, ...]:
    offers = tuple(mask_template(offer) for offer in spoken.offers)
    headers: Headers = (("Host", "api.staging.acme.example"),)
    sent = Requested(at_s=0.02, target="/ws", headers=headers, offers=offers)
    return (*connecting(), sent)


def answered(status: int = 101, *headers: tuple[str, str], **changed: Any) -> Answered:
    said: dict[str, Any] = {"reason": "Switching Protocols" if status == 101 else ""}
    return Answered(at_s=0.05, status=status, headers=headers, **(said | changed))


def opening(spoken: Script = PLAIN, *, selected: str | None = "") -> tuple[Event, ...]:
    """A handshake that holds; `selected` is what the contract says unless given, None for none."""
    chosen = spoken.selected if selected == "" else selected
    masked = mask_template(chosen) if chosen else ""
    header = (("Sec-WebSocket-Protocol", masked),) if masked else ()
    return (
        *requesting(spoken),
        answered(101, *header),
        Opened(at_s=0.05, subprotocol=masked),
    )


def message(value: Any, at_s: float = 0.1) -> Received:
    text = value if isinstance(value, str) else json.dumps(value)
    return Received(at_s=at_s, text=text, size=len(text.encode()))


def leaving(at_s: float = 0.3) -> tuple[Event, ...]:
    return (Closed(at_s=at_s, by="us", code=1000), Ended(at_s=at_s, how="left"))


def welcomed(spoken: Script = PLAIN, variant: Variant = AS_A_BROWSER) -> Transcript:
    """Holds; with an exercise in the variant its events come too."""
    varied = vary(spoken, variant)
    asked = varied.exercise if variant.exercise else None
    opens = [Sent(at_s=0.06, text=write_message(each)) for each in varied.opens_with]
    talk: list[Event] = [message(varied.welcome or WELCOME)]
    if asked is not None:
        talk.append(Sent(at_s=0.2, text=write_message(asked.send)))
        talk += [message({"type": name}, 0.25) for name in asked.expects]
    gone = 0.1 + max(STAY_S, variant.hold_s) + 0.2
    return transcript(*opening(varied), *opens, *talk, *leaving(gone))


def closed(
    code: int | None = 1000,
    reason: str = "main cleanup",
    *said: Any,
    spoken: Script = PLAIN,
    at_s: float = 0.94,
) -> Transcript:
    """Opened, perhaps spoken to, and closed by the server without a welcome."""
    heard = [message(each) for each in said]
    close = Closed(at_s=at_s, by="server", code=code, reason=reason)
    ours = Closed(at_s=at_s, by="us", code=code, reason=reason)
    return transcript(*opening(spoken), *heard, close, ours, Ended(at_s=at_s, how="eof"))


def rejected(status: int = 403, body: str = "", *headers: tuple[str, str]) -> Transcript:
    return transcript(
        *requesting(), answered(status, *headers, body=body), Ended(at_s=0.06, how="eof")
    )


def silent(spoken: Script = PLAIN) -> Transcript:
    """Open, and no welcome comes."""
    late = Expired(at_s=5.05, waiting_for="welcome")
    return transcript(*opening(spoken), late, *leaving(5.06))


def cut(spoken: Script = PLAIN, at_s: float = 0.06) -> Transcript:
    return transcript(*opening(spoken), Ended(at_s=at_s, how="eof"))


def cut_after_welcome(after_s: float, spoken: Script = PLAIN) -> Transcript:
    return transcript(*opening(spoken), message(WELCOME), Ended(at_s=0.1 + after_s, how="eof"))


def probed(
    *transcripts: Transcript,
    target: Target = EDGE,
    variant: Variant = AS_A_BROWSER,
    spoken: Format | None = None,
) -> Probed:
    """One welcomed handshake unless given."""
    form = spoken or format_of()
    seen: Sequence[Transcript] = transcripts or (welcomed(form.script, variant),)
    return Probed(format=form, target=target, variant=variant, transcripts=tuple(seen))
