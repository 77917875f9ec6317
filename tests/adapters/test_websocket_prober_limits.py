"""Whatever the other side does: no probe raises, hangs, takes too much or mixes up with another."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.sync.server import ServerConnection, serve

from skewcheck.adapters.websocket_prober.protocol import LONGEST_TEXT, LONGEST_TEXTS, MOST_FRAMES
from skewcheck.adapters.websocket_prober.wire import OverError, TooMuchError, Wire
from skewcheck.core.wire.script import Patience, ProbeRequest
from skewcheck.core.wire.transcript import Ended, Garbage, Received, Sent, Transcript
from tests.adapters.probing import BARE, asking, prober, survives, told
from tests.websocket_peer import BINARY, CLOSE, CONT, FIN, PING, PONG, TEXT, Peer, frame
from tests.websocket_servers import serving

AT_ONCE = 200
OPCODES = st.sampled_from([CONT, TEXT, BINARY, 3, CLOSE, PING, PONG, 11])
FRAMES = st.builds(
    lambda opcode, bits, payload: frame(opcode | bits, payload),
    OPCODES,
    st.sampled_from([FIN, FIN, 0, FIN | 0x40, 0x20]),
    st.one_of(st.binary(max_size=130), st.text(max_size=20).map(str.encode)),
)
NEAR_MISSES = st.builds(
    lambda frames, cut: b"".join(frames)[: cut or None],
    st.lists(FRAMES, max_size=6),
    st.integers(0, 40),
)
ANSWERS = st.builds(
    lambda prefix, data: prefix + data,
    st.sampled_from([b"", b"HTTP/1.1 ", b"HTTP/1.1 101 x\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]),
    st.binary(max_size=200),
)


def held(transcript: Transcript) -> None:
    """What must be true of every probe that got as far as a connection."""
    survives(transcript)
    assert isinstance(transcript.events[-1], Ended)
    assert sum(isinstance(event, Ended) for event in transcript.events) == 1
    assert transcript.lasted_s < 20


def test_random_bytes_in_the_stream_are_written_down_and_survived() -> None:
    sent = [b""]
    with serving(lambda peer: peer.upgrade(behind=sent[0])) as server:

        @settings(max_examples=150)
        @given(st.one_of(st.binary(max_size=300), NEAR_MISSES))
        def check(data: bytes) -> None:
            sent[0] = data
            held(prober().probe(asking(server.url, BARE), None))

        check()


def test_random_bytes_instead_of_an_answer_are_written_down_and_survived() -> None:
    sent = [b""]
    with serving(lambda peer: peer.raw(sent[0])) as server:

        @settings(max_examples=100)
        @given(ANSWERS)
        def check(data: bytes) -> None:
            sent[0] = data
            held(prober().probe(asking(server.url, BARE), None))

        check()


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(FIN | PING, id="pings"),
        pytest.param(FIN | TEXT, id="messages"),
        pytest.param(FIN | PONG, id="pongs"),
    ],
)
def test_a_flood_of_frames_ends_at_a_bound(first: int) -> None:
    def floods(peer: Peer) -> None:
        peer.upgrade()
        while not peer.stopping.is_set():
            peer.raw(frame(first, b"{}") * 1000)

    with serving(floods) as server:
        transcript = prober().probe(asking(server.url, BARE), None)
    held(transcript)
    garbage = transcript.first(Garbage)
    assert garbage is not None
    assert garbage.detail == f"more than {MOST_FRAMES} frames were sent"
    assert garbage.close_code == 1009  # the limit is ours
    assert len(transcript.events) <= 2 * MOST_FRAMES + 20


def test_an_endless_answer_ends_at_its_deadline() -> None:
    """Fast, so that data is always there when the deadline comes."""

    def drips(peer: Peer) -> None:
        peer.raw("HTTP/1.1 200 OK\r\nX: ")
        while not peer.stopping.wait(0.001):
            peer.raw("a")

    with serving(drips) as server:
        request = asking(server.url, BARE, patience=Patience(answer_s=0.3))
        transcript = prober().probe(request, None)
    assert told(transcript).endswith("requested expired:answer ended:left")
    held(transcript)


def test_endless_heartbeats_do_not_put_off_the_welcome() -> None:
    def beats(peer: Peer) -> None:
        peer.upgrade()
        while not peer.stopping.wait(0.001):
            peer.json({"type": "heartbeat"})

    with serving(beats) as server:
        request = asking(server.url, replace(BARE, welcome_within_s=0.3))
        transcript = prober().probe(replace(request, patience=Patience(close_s=0.2)), None)
    assert "received+ expired:welcome closed:us:1000" in told(transcript)
    held(transcript)


def test_long_messages_are_kept_in_part_and_say_so() -> None:
    sizes = [LONGEST_TEXT, LONGEST_TEXT + 1, *([LONGEST_TEXT] * 3)]

    def talks(peer: Peer) -> None:
        peer.upgrade()
        for size in sizes:
            peer.frame(FIN | TEXT, b"a" * size)

    with serving(talks) as server:
        transcript = prober().probe(asking(server.url, BARE), None)
    messages = list(transcript.all(Received))
    assert [each.size for each in messages] == sizes
    assert [each.is_cut for each in messages] == [False, True, False, False, True]
    assert sum(len(each.text or "") for each in messages) == LONGEST_TEXTS


def test_two_hundred_probes_at_once_each_tell_their_own_story() -> None:
    patience = Patience(connect_s=60, answer_s=60, close_s=20)

    def request(url: str, number: int) -> ProbeRequest:
        hello = {"type": "hello", "number": number}
        script = replace(BARE, opens_with=(hello,), welcome=hello, welcome_within_s=60)
        return asking(url, script, patience=patience, name=f"probe-{number}")

    shared = prober()
    with _echo_server() as url, ThreadPoolExecutor(AT_ONCE) as pool:
        requests = [request(url, number) for number in range(AT_ONCE)]
        transcripts = list(pool.map(lambda each: shared.probe(each, None), requests))
    for number, transcript in enumerate(transcripts):
        assert transcript.id == f"probe-{number}"
        assert told(transcript) == (
            "resolved connected requested answered:101 opened:- sent received"
            " closed:us:1000 closed:server:1000 ended:left"
        )
        texts = [each.text for each in transcript.all(Sent)]
        texts += [each.text or "" for each in transcript.all(Received)]
        assert [json.loads(text)["number"] for text in texts] == [number, number]


@contextmanager
def _echo_server() -> Iterator[str]:
    """The library's own server: not ours on both ends."""

    def echo(connection: ServerConnection) -> None:
        for message in connection:
            connection.send(message)

    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    with serve(echo, sock=listener) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/ws"
        server.shutdown()
        thread.join()


@pytest.fixture
def pair() -> Iterator[tuple[Wire, socket.socket]]:
    """A wire whose clock stands at 10 s, and the other end of it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Wire(ours, lambda: 10.0), theirs


def test_what_waited_for_us_is_not_late_but_nothing_comes_after_it(
    pair: tuple[Wire, socket.socket],
) -> None:
    wire, theirs = pair
    theirs.sendall(b"in time")
    assert wire.receive(9.0) == b"in time"
    theirs.sendall(b"too late")
    with pytest.raises(TimeoutError):
        wire.receive(9.0)
    assert wire.receive(9.5) == b"too late"


def test_no_deadline_is_waited_beyond(pair: tuple[Wire, socket.socket]) -> None:
    wire, _ = pair
    with pytest.raises(TimeoutError):
        wire.receive(10.05)


def test_a_wire_takes_no_more_than_it_may(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    taken = 0
    while taken < 2 * 1024 * 1024:
        theirs.sendall(b"a" * 4096)
        taken += len(wire.receive(11.0))
    theirs.sendall(b"a")
    with pytest.raises(TooMuchError, match="more than 2 MiB were sent"):
        wire.receive(11.0)


def test_the_end_of_a_wire_says_who_ended_it(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(OverError) as caught:
        wire.receive(11.0)
    assert caught.value.how == "eof"
