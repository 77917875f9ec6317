"""The way to a server by its name and its addresses, and how it may be closed."""

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from skewcheck.adapters.websocket_prober import WebSocketProber
from skewcheck.core.wire.script import Patience
from skewcheck.core.wire.transcript import (
    Connected,
    NotConnected,
    NotResolved,
    Resolved,
    Transcript,
)
from tests.adapters.probing import (
    PATIENT,
    THERE,
    TOKEN,
    StoppedClock,
    asking,
    found_at,
    prober,
    survives,
    told,
)
from tests.websocket_servers import serving


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Bound, so that nobody else gets it, and deaf."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def not_connected(transcript: Transcript) -> NotConnected:
    event = survives(transcript).events[-1]
    assert isinstance(event, NotConnected), told(transcript)
    return event


def test_the_way_is_told_from_the_name_on() -> None:
    with serving("welcome") as server:
        transcript = prober().probe(asking(server.url), TOKEN)
    assert told(transcript) == f"resolved connected requested {THERE}"
    assert [each.addresses for each in transcript.all(Resolved)] == [("127.0.0.1",)]
    assert [each.address for each in transcript.all(Connected)] == [f"127.0.0.1:{server.port}"]


def test_a_name_without_address_ends_the_probe() -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    transcript = prober(look_up=unknown).probe(asking("http://chat.test/ws"), TOKEN)
    assert told(transcript) == "not-resolved"
    event = transcript.first(NotResolved)
    assert event is not None
    assert event.detail == "chat.test has no address: Name or service not known"


@pytest.mark.parametrize(
    ("look_up", "url", "detail"),
    [
        pytest.param(
            socket.getaddrinfo,
            f"http://{'a' * 70}.test/ws",
            f"{'a' * 70}.test is no host name",
            id="a label too long",
        ),
        pytest.param(
            found_at(), "http://chat.test/ws", "chat.test has no address", id="an empty answer"
        ),
    ],
)
def test_a_name_that_leads_nowhere_says_so(look_up: Any, url: str, detail: str) -> None:
    transcript = prober(look_up=look_up).probe(asking(url), TOKEN)
    assert [each.detail for each in transcript.all(NotResolved)] == [detail]


def test_a_name_service_that_hangs_is_left_behind() -> None:
    release = threading.Event()
    hangs = prober(look_up=lambda *_, **__: [release.wait(60)])
    patience = Patience(connect_s=0.2)
    try:
        transcript = hangs.probe(asking("http://chat.test/ws", patience=patience), TOKEN)
    finally:
        release.set()
    assert [each.detail for each in transcript.all(NotResolved)] == [
        "no name server answered within 0.2 s"
    ]


def test_a_closed_port_is_named_in_plain_words(closed_port: int) -> None:
    transcript = prober().probe(asking(f"http://127.0.0.1:{closed_port}/ws"), TOKEN)
    assert told(transcript) == "resolved not-connected"
    assert not_connected(transcript).detail == "nothing listens on that port (ECONNREFUSED)"


def test_every_address_gets_its_turn(closed_port: int) -> None:
    with serving("welcome") as server:
        two = prober(look_up=found_at(closed_port, server.port))
        transcript = two.probe(asking("http://chat.test/ws"), TOKEN)
    assert told(transcript) == f"resolved connected requested {THERE}"
    assert [each.address for each in transcript.all(Connected)] == [f"127.0.0.1:{server.port}"]


def test_what_only_the_system_can_name_is_told_in_its_words() -> None:
    odd = prober(look_up=found_at(1, proto=socket.IPPROTO_UDP))
    transcript = odd.probe(asking("http://chat.test/ws"), TOKEN)
    assert not_connected(transcript).detail == "Protocol not supported (EPROTONOSUPPORT)"


def test_an_address_that_never_answers_is_left_in_time() -> None:
    with _full_house() as port:
        patience = Patience(connect_s=0.3)
        url = f"http://127.0.0.1:{port}/ws"
        transcript = prober().probe(asking(url, patience=patience), TOKEN)
    assert not_connected(transcript).detail == "no answer within 0.3 s"


def test_a_dead_address_leaves_time_for_the_next() -> None:
    with _full_house() as port, serving("welcome") as server:
        two = prober(look_up=found_at(port, server.port))
        request = asking("http://chat.test/ws", patience=replace(PATIENT, connect_s=1))
        connected = two.probe(request, TOKEN).first(Connected)
    assert connected is not None
    assert connected.at_s < 1


@contextlib.contextmanager
def _full_house() -> Iterator[int]:
    """A listener whose queue is full: Linux then drops whoever knocks."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            guest = stack.enter_context(socket.socket())
            guest.settimeout(0)
            guest.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def test_without_a_word_the_environments_proxy_and_name_service_are_asked() -> None:
    with serving("welcome") as server:
        url = server.url.replace("127.0.0.1", "localhost")
        transcript = WebSocketProber(clock=StoppedClock()).probe(asking(url), TOKEN)
    assert transcript.first(Connected)


def test_a_place_without_a_route_is_told() -> None:
    """In a program of its own: tests may not even knock outside loopback."""
    program = (
        "import sys; from tests.adapters.probing import *;"
        "seen = prober().probe(asking('http://255.255.255.255/ws'), TOKEN);"
        "print(seen.events[-1].detail)"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert ran.stdout.startswith(b"no way there (E")
