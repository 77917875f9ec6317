"""An open socket: what is said on it and when, how long we stay, and how it ends."""

import threading
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from skewcheck.core.wire.script import Exercise, Script, Variant
from skewcheck.core.wire.transcript import Received, Sent, Transcript
from tests.adapters.probing import (
    BARE,
    CHAT,
    PATIENT,
    TOKEN,
    after_request,
    asking,
    prober,
    survives,
)
from tests.websocket_answers import WELCOME
from tests.websocket_peer import FIN, TEXT, Peer
from tests.websocket_servers import serving

OPENS = "answered:101 opened:jwt-auth"
LEAVES = "closed:us:1000 closed:server:1000 ended:left"


def echoed(script: Script) -> Transcript:
    with serving("echo") as server:
        return survives(prober().probe(asking(server.url, script), TOKEN))


def test_what_the_client_says_first_goes_out_unasked() -> None:
    script = replace(BARE, opens_with=({"type": "hello", "é": 1},), welcome={"type": "hello"})
    transcript = echoed(script)
    assert after_request(transcript) == f"answered:101 opened:- sent received {LEAVES}"
    assert [sent.text for sent in transcript.all(Sent)] == ['{"type":"hello","é":1}']


def test_plain_text_in_a_compressed_stream_is_garbage_at_once() -> None:
    """Its first letter would be a control frame with RSV1, which no extension may set there."""

    def talks_http(peer: Peer) -> None:
        peer.upgrade("jwt-auth\r\nSec-WebSocket-Extensions: permessage-deflate")
        peer.raw("HTTP/1.1 400 Bad Request\r\n\r\n")
        peer.until_closed()

    with serving(talks_http) as server:
        transcript = prober().probe(asking(server.url), TOKEN)
    assert after_request(transcript) == f"{OPENS} garbage:1002 closed:us:1002 ended:eof"


def test_half_a_surrogate_pair_is_sent_escaped_as_browsers_do() -> None:
    script = replace(BARE, opens_with=({"type": "\ud83d"},), welcome={"type": "\ud83d"})
    assert [sent.text for sent in echoed(script).all(Sent)] == ['{"type":"\\ud83d"}']


def test_an_exercise_runs_to_its_last_event() -> None:
    def works(peer: Peer) -> None:
        peer.upgrade()
        peer.json(WELCOME)
        peer.read_frame()
        for event in ("started", "done"):
            peer.json({"type": event})
        peer.stay()

    run = Exercise(send={"type": "ask"}, expects=("started", "done"), within_s=20)
    script = replace(CHAT, exercise=run)
    with serving(works) as server:
        request = asking(server.url, script, variant=Variant(exercise=True))
        transcript = prober().probe(request, TOKEN)
    assert after_request(transcript) == f"{OPENS} received sent received+ {LEAVES}"


def test_a_missing_event_is_waited_for_and_no_longer() -> None:
    run = Exercise(send={"type": "ask"}, expects=("done",), within_s=0.3)
    with serving("welcome") as server:
        request = asking(server.url, replace(CHAT, exercise=run), variant=Variant(exercise=True))
        transcript = prober().probe(request, TOKEN)
    assert after_request(transcript) == f"{OPENS} received sent expired:events {LEAVES}"


def test_a_client_that_speaks_to_nobody_learns_how_they_went() -> None:
    def goes(peer: Peer) -> None:
        peer.upgrade()
        peer.json(WELCOME)
        peer.reset()

    run = Exercise(send={"type": "ask"}, expects=("done",), within_s=20)
    with serving(goes) as server:
        request = asking(server.url, replace(CHAT, exercise=run), variant=Variant(exercise=True))
        transcript = prober().probe(request, TOKEN)
    assert transcript.first(Received)
    assert after_request(transcript).endswith("ended:reset")


# The next two are as slow as a ping is rare: one a second.
def test_only_a_silent_client_meets_an_idle_cut() -> None:
    silent = Variant(holds="silent", hold_s=20)
    pinging = Variant(holds="pinging", hold_s=1.6)
    with serving("idle-cut") as server:
        cut = prober().probe(asking(server.url, variant=silent), TOKEN)
        kept = prober().probe(asking(server.url, variant=pinging), TOKEN)
    assert after_request(cut) == f"{OPENS} received ended:eof"
    assert after_request(kept) == (f"{OPENS} received control:us:ping {LEAVES}")


def test_a_lifetime_cut_meets_a_pinging_client_too() -> None:
    with serving("lifetime-cut") as server:
        variant = Variant(holds="pinging", hold_s=20)
        transcript = prober().probe(asking(server.url, variant=variant), TOKEN)
    assert after_request(transcript) == f"{OPENS} received ended:eof"


def test_we_stay_until_the_callers_work_is_done() -> None:
    seen_close = threading.Event()
    work: Future[object] = Future()

    def watches(peer: Peer) -> None:
        peer.upgrade()
        peer.json(WELCOME)
        peer.until_closed()
        seen_close.set()

    def begin() -> Future[object]:
        # Longer than the probe would have stayed by itself.
        threading.Thread(target=lambda: work.set_result(seen_close.wait(0.5))).start()
        return work

    with serving(watches) as server:
        prober().probe(asking(server.url), TOKEN, while_open=begin)
    assert work.result() is False


def test_work_that_never_ends_or_fails_does_not_hold_us() -> None:
    never: Future[object] = Future()
    failed: Future[object] = Future()
    failed.set_exception(RuntimeError("of the caller's own"))
    with serving("welcome") as server:
        for work in (never, failed):
            request = asking(server.url, patience=replace(PATIENT, answer_s=1))
            transcript = prober().probe(request, TOKEN, while_open=partial(_same, work))
            assert after_request(transcript) == f"{OPENS} received {LEAVES}"


def _same(work: Future[object]) -> Future[object]:
    return work


def test_nobody_stays_with_a_server_that_has_gone() -> None:
    with serving("close-1000-main-cleanup") as server:
        request = asking(server.url, patience=replace(PATIENT, answer_s=1000))
        transcript = prober().probe(request, TOKEN, while_open=Future)
    assert after_request(transcript) == (f"{OPENS} closed:server:1000 closed:us:1000 ended:eof")


def test_work_is_begun_only_once_the_socket_is_open() -> None:
    begun: list[str] = []

    def begin() -> Future[object]:
        begun.append("once")
        work: Future[object] = Future()
        work.set_result(None)
        return work

    for shape in ("forbidden-403", "bad-accept", "welcome"):
        with serving(shape) as server:
            prober().probe(asking(server.url), TOKEN, while_open=begin)
    assert begun == ["once"]


def test_a_server_that_went_while_we_stayed_is_found_gone() -> None:
    may_go, has_gone = threading.Event(), threading.Event()
    work: Future[object] = Future()

    def goes(peer: Peer) -> None:
        peer.upgrade()
        peer.frame(FIN | TEXT, b'{"type": "connection_established"}')
        may_go.wait(20)
        peer.reset()
        has_gone.set()

    def begin() -> Future[object]:
        def finish() -> None:
            seen = has_gone.wait(0.4)  # by then the probe only waits for us
            may_go.set()
            work.set_result((seen, has_gone.wait(20)))

        threading.Thread(target=finish).start()
        return work

    with serving(goes) as server:
        transcript = prober().probe(asking(server.url), TOKEN, while_open=begin)
    assert work.result() == (False, True)
    assert after_request(transcript).endswith("ended:reset")
