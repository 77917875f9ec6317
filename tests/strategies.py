"""Whatever may stand in a transcript, likely things first: for laws that hold of all of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from skewcheck.core.wire.script import Variant
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
from tests.transcripts import WELCOME, message, opening

LIKELY_TEXTS = (
    '{"type": "connection_established", "mode": "main"}',
    '{"type": "heartbeat"}',
    '{"type": "challenge"}',
    '{"type": "started"}',
    '{"event": "completed"}',
    "not JSON",
    "",
)
VARIANTS = (
    Variant(),
    Variant(auth="header"),
    Variant(auth="subprotocol"),
    Variant(without=("sec-websocket-protocol",)),
    Variant(speaks="at-once"),
    Variant(speaks="after-welcome"),
    Variant(holds="silent", hold_s=3),
    Variant(holds="pinging", hold_s=3),
    Variant(control=True),
    Variant(made_up=True),
    Variant(exercise=True),
)

texts = st.sampled_from(LIKELY_TEXTS) | st.text(max_size=20)
moments = st.floats(0, 100)
dates = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - `timezones` says it
variants = st.sampled_from(VARIANTS)
_names = st.sampled_from(("sec-websocket-protocol", "Content-Type", "location")) | st.text()
_values = st.sampled_from(("jwt-auth", "jwt.[token]", "text/html", "")) | st.text(max_size=20)
_headers = st.lists(st.tuples(_names, _values), max_size=3).map(tuple)
_offers = st.lists(st.sampled_from(("jwt-auth", "jwt.[token]", "v1")), max_size=2).map(tuple)
_codes = st.none() | st.sampled_from((1000, 1005, 1008, 1011, 4401, 10000)) | st.integers(0, 65535)
_sides = st.sampled_from(("server", "us"))
_sizes = st.integers(0, 10**6)


_PARTS: Mapping[type[Any], Mapping[str, st.SearchStrategy[Any]]] = {
    Resolved: {"addresses": st.lists(texts, max_size=5).map(tuple)},
    NotResolved: {"detail": texts},
    Connected: {"address": texts, "through": texts},
    NotConnected: {"detail": texts, "through": texts},
    Secured: {
        "version": texts,
        "cipher": texts,
        "valid_from": st.none() | dates,
        "valid_until": st.none() | dates,
    },
    NotSecured: {"detail": texts},
    Unsendable: {"detail": texts},
    Requested: {"target": texts, "headers": _headers, "offers": _offers},
    Interim: {"status": st.sampled_from((100, 103))},
    Answered: {
        "status": st.just(101) | st.integers(100, 599),
        "reason": texts,
        "headers": _headers,
        "body": texts,
    },
    Opened: {"subprotocol": _values, "extensions": st.lists(texts, max_size=2).map(tuple)},
    NotOpened: {"detail": texts},
    Sent: {"text": texts},
    Received: {"text": st.none() | texts, "size": _sizes, "is_cut": st.booleans()},
    Control: {"by": _sides, "frame": st.sampled_from(("ping", "pong")), "size": _sizes},
    Closed: {"by": _sides, "code": _codes, "reason": texts},
    Garbage: {
        "opened": st.booleans(),
        "detail": texts,
        "head": texts,
        "close_code": st.sampled_from((1002, 1007, 1009)),
    },
    Ended: {"how": st.sampled_from(("eof", "reset", "left"))},
    Expired: {"waiting_for": st.sampled_from(("tls", "answer", "welcome", "events", "close"))},
    Echoed: {"where": texts},
}
EVENTS: Mapping[type[Any], st.SearchStrategy[Event]] = {
    kind: st.builds(kind, at_s=moments, **parts) for kind, parts in _PARTS.items()
}
events = st.one_of(*EVENTS.values())
_beginnings = st.sampled_from(
    ((), opening(), opening(selected=None), (*opening(), message(WELCOME)))
)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Any events in any order, often behind a handshake that holds."""
    begun = draw(_beginnings)
    return Transcript(
        id=draw(st.text(max_size=12)),
        url=draw(st.text(max_size=20)),
        started=draw(dates),
        events=(*begun, *draw(st.lists(events, max_size=8))),
    )
