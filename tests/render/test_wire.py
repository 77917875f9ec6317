# ruff: noqa: RUF001 - the cross is what is shown

from datetime import UTC, datetime
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

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
    Unsendable,
)
from skewcheck.render.wire import render_wire
from tests.render.probe_worlds import holding, link, probes
from tests.transcripts import probed, transcript

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


def every(word: str = "word") -> tuple[Event, ...]:
    """One of each kind, and each way in which it may look."""
    headers = (("Host", word), (word, word))
    return (
        Resolved(at_s=0.001, addresses=("203.0.113.7", word)),
        NotResolved(at_s=0.001, detail=word),
        Connected(at_s=0.01, address="203.0.113.7:443"),
        Connected(at_s=0.01, address="203.0.113.7:443", through=word),
        NotConnected(at_s=0.01, detail=word),
        NotConnected(at_s=0.01, detail=word, through="proxy.acme.example"),
        Secured(at_s=0.02, version="TLSv1.3", cipher=word),
        Secured(at_s=0.02, version="TLSv1.3", cipher=word, valid_until=UNTIL),
        NotSecured(at_s=0.02, detail=word),
        Unsendable(at_s=0.02, detail=word),
        Requested(at_s=0.03, target="/ws", headers=headers),
        Interim(at_s=0.04, status=103),
        Answered(at_s=0.05, status=101, reason="Switching Protocols", headers=headers),
        Answered(at_s=0.05, status=403, reason="", headers=(), body=f"no\r\n\n{word}"),
        Opened(at_s=0.05),
        Opened(at_s=0.05, subprotocol=word, extensions=("permessage-deflate",)),
        NotOpened(at_s=0.05, detail=word),
        Sent(at_s=0.06, text=word),
        Received(at_s=0.07, text=word, size=4),
        Received(at_s=0.07, text=word, size=4000, is_cut=True),
        Received(at_s=0.07, text=None, size=12),
        Control(at_s=1.5, by="us", frame="ping"),
        Control(at_s=1.5, by="server", frame="pong", size=3),
        Closed(at_s=12.25, by="server", code=1000, reason="main cleanup"),
        Closed(at_s=12.25, by="us", code=None),
        Garbage(at_s=12.3, opened=False, detail=word, head=word),
        Garbage(at_s=12.3, opened=True, detail=word),
        Ended(at_s=12.4, how="eof"),
        Ended(at_s=12.4, how="left"),
        Expired(at_s=123.456, waiting_for="welcome"),
        Echoed(at_s=123.5, where=word),
    )


def wire(*events: Event) -> str:
    return render_wire(probes(link(probed(transcript(*events)))))


def test_every_event_is_a_line_with_its_time() -> None:
    assert wire(*every()) == snapshot("""\
chat  the edge  the format of 9e39e39  as a browser  probe 0123456789ab
  0.001 s  · resolved to 203.0.113.7, word
  0.001 s  × name not resolved: word
  0.010 s  · connected to 203.0.113.7:443
  0.010 s  · connected to 203.0.113.7:443 through the proxy word
  0.010 s  × no connection: word
  0.010 s  × no connection through the proxy proxy.acme.example: word
  0.020 s  · TLSv1.3, word
  0.020 s  · TLSv1.3, word, certificate until 2027-01-01
  0.020 s  × TLS failed: word
  0.020 s  ! no browser sends this: word
  0.030 s  → GET /ws
             Host: word
             word: word
  0.040 s  ← HTTP 103, which only announces an answer
  0.050 s  ← HTTP 101 Switching Protocols
             Host: word
             word: word
  0.050 s  ← HTTP 403
             | no
             | word
  0.050 s  · open, no subprotocol
  0.050 s  · open, subprotocol word, permessage-deflate
  0.050 s  ! no valid upgrade: word
  0.060 s  → word
  0.070 s  ← word
  0.070 s  ← word … (4000 bytes, cut)
  0.070 s  ← 12 bytes, binary
  1.500 s  → ping, 0 bytes
  1.500 s  ← pong, 3 bytes
 12.250 s  ← close 1000 "main cleanup"
 12.250 s  → close without a code
 12.300 s  ! bytes that are no HTTP: word
             word
 12.300 s  ! bytes that are no WebSocket: word
 12.400 s  × connection ended (eof)
 12.400 s  · we left
123.456 s  ! waited in vain: welcome
123.500 s  ! the token came back in the word
""")


def test_every_kind_of_event_is_shown_above() -> None:
    kinds = get_args(get_args(Event)[0])
    assert {type(event) for event in every()} == set(kinds)


def test_each_probe_has_a_head_and_stands_apart() -> None:
    text = render_wire(probes(link(holding(2)), link(holding(1), link="notify")))
    heads = [line for line in text.splitlines() if "probe " in line]
    assert heads == snapshot(
        [
            "chat  the edge  the format of 9e39e39  as a browser  probe 0123456789ab",
            "chat  the edge  the format of 9e39e39  as a browser  probe 0123456789ab",
            "notify  the edge  the format of 9e39e39  as a browser  probe 0123456789ab",
        ]
    )
    assert text.count("\n\n") == 2


def test_nothing_probed_has_no_wire() -> None:
    assert render_wire(probes(link())).strip() == ""


@given(st.text())
def test_a_terminal_gets_nothing_to_obey(word: str) -> None:
    assert all(line.isprintable() for line in wire(*every(word)).split("\n"))
