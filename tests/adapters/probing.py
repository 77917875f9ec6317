"""Probe requests with boring defaults, and transcripts told in one line."""

import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from skewcheck.adapters.websocket_prober import WebSocketProber
from skewcheck.core.wire.script import Patience, ProbeRequest, Script, Target, Variant
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import (
    Answered,
    Closed,
    Control,
    Echoed,
    Ended,
    Event,
    Expired,
    Garbage,
    Opened,
    Transcript,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN = Secret("s3cret-t0ken/of~somebody")
PAGE = "https://app.staging.acme.example"
CHAT = Script(
    offers=("jwt-auth", "jwt.{token:base64url}"),
    selected="jwt-auth",
    token_in="subprotocol",
    welcome={"type": "connection_established"},
    welcome_within_s=20,
    ignore=({"type": "heartbeat"},),
)
BARE = Script(welcome={"type": "connection_established"}, welcome_within_s=20)
TRANSCRIPTS = TypeAdapter(Transcript)
PATIENT = Patience(answer_s=20, close_s=5)
THERE = "answered:101 opened:jwt-auth received closed:us:1000 closed:server:1000 ended:left"
_SHOWN: Mapping[type, tuple[str, ...]] = {
    Answered: ("status",),
    Opened: ("subprotocol",),
    Control: ("by", "frame"),
    Closed: ("by", "code"),
    Garbage: ("close_code",),
    Ended: ("how",),
    Expired: ("waiting_for",),
    Echoed: ("where",),
}


class StoppedClock:
    def now(self) -> datetime:
        return NOON

    def wait(self, seconds: float) -> None:
        raise AssertionError(f"a prober waits for nobody, least of all {seconds} s")


def prober(**options: Any) -> WebSocketProber:
    """Without a proxy, whatever the environment says."""
    return WebSocketProber(clock=StoppedClock(), **{"proxy_of": lambda _: None} | options)


def asking(
    url: str,
    script: Script = CHAT,
    *,
    variant: Variant = Variant(),  # noqa: B008 - frozen
    patience: Patience = PATIENT,
    name: str = "p1",
) -> ProbeRequest:
    target = Target(place="direct", url=url)
    return ProbeRequest(
        id=name, target=target, origin=PAGE, script=script, variant=variant, patience=patience
    )


def found_at(*ports: int, proto: int = socket.IPPROTO_TCP) -> Any:
    """A name service that knows one host at these ports."""
    addresses = [
        (socket.AF_INET, socket.SOCK_STREAM, proto, "", ("127.0.0.1", port)) for port in ports
    ]
    return lambda *_, **__: addresses


def told(transcript: Transcript) -> str:
    """`resolved connected requested answered:101 opened:jwt-auth received … ended:left`; a run of
    equal events is one with a +."""
    shown: list[str] = []
    for event in transcript.events:
        word = ":".join([event.kind, *_details(event)])
        if shown and shown[-1].removesuffix("+") == word:
            shown[-1] = f"{word}+"
        else:
            shown.append(word)
    return " ".join(shown)


def survives(transcript: Transcript) -> Transcript:
    """The transcript, once it is proven that storing it as JSON loses nothing."""
    assert TRANSCRIPTS.validate_json(TRANSCRIPTS.dump_json(transcript)) == transcript
    return transcript


def in_json(transcript: Transcript) -> str:
    return TRANSCRIPTS.dump_json(transcript).decode()


def after_request(transcript: Transcript) -> str:
    """What happened once the request was out."""
    before, _, after = told(transcript).partition("resolved connected requested ")
    assert not before, before
    return after


def _details(event: Event) -> Iterator[str]:
    for name in _SHOWN.get(type(event), ()):
        yield str(getattr(event, name)) or "-"
