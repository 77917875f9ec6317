"""Odd answers to a handshake: what is kept of each, and for how long it is waited for."""

import gzip
import zlib
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skewcheck.adapters.websocket_prober.body import MOST_BODY_BYTES, is_whole, read_body
from skewcheck.adapters.websocket_prober.head import Head, NotHttpError, read_head
from skewcheck.core.wire.transcript import Answered, Garbage, NotOpened, Requested
from tests.adapters.probing import BARE, PATIENT, asking, prober, survives, told
from tests.websocket_peer import Peer
from tests.websocket_servers import serving

PAGE = b"<!doctype html><title>Acme</title>"
STUBBORN = "stubborn"  # keeps the connection open after what it said


def answer_to(raw: bytes, how: str = "") -> tuple[Answered, str]:
    def says(peer: Peer) -> None:
        peer.raw(raw)
        if how == STUBBORN:
            peer.stopping.wait()

    with serving(says) as server:
        transcript = survives(prober().probe(asking(server.url, BARE), None))
    answered = transcript.first(Answered)
    assert answered is not None, told(transcript)
    return answered, told(transcript).rpartition(" ")[2]


def garbage_of(raw: bytes) -> Garbage:
    with serving(lambda peer: peer.raw(raw)) as server:
        transcript = survives(prober().probe(asking(server.url, BARE), None))
    garbage = transcript.first(Garbage)
    assert garbage is not None, told(transcript)
    assert not garbage.opened
    return garbage


@pytest.mark.parametrize(
    ("head", "status", "reason"),
    [
        pytest.param("HTTP/1.0 403 Forbidden", 403, "Forbidden", id="HTTP/1.0"),
        pytest.param("HTTP/1.1 403", 403, "", id="no reason"),
        pytest.param("HTTP/1.1 403 ", 403, "", id="an empty reason"),
        pytest.param("HTTP/2 999 a  b", 999, "a  b", id="an odd version and status"),
        pytest.param(
            "HTTP/1.1 403 Zugriff für niemanden", 403, "Zugriff für niemanden", id="UTF-8"
        ),
    ],
)
def test_status_and_reason_are_kept_of_odd_answers(head: str, status: int, reason: str) -> None:
    answered, _ = answer_to(f"{head}\r\nContent-Length: 0\r\n\r\n".encode())
    assert (answered.status, answered.reason) == (status, reason)


def test_headers_are_kept_as_they_came_repeated_folded_and_malformed() -> None:
    lines = ["Via: a", "via: b", "X-Long: one", "\ttwo", "nonsense", "X-Latin: caf\xe9", ": x"]
    raw = "\r\n".join(["HTTP/1.1 403 no", *lines, "Content-Length: 0", "", ""]).encode("latin-1")
    answered, _ = answer_to(raw)
    assert answered.headers == (
        ("Via", "a"),
        ("via", "b"),
        ("X-Long", "one two"),
        ("nonsense", ""),
        ("X-Latin", "café"),
        ("", "x"),
        ("Content-Length", "0"),
    )
    assert answered.header("Via") == "a, b"


def test_headers_are_kept_within_bounds() -> None:
    lines = [f"X-{number}: {'a' * 2000}" for number in range(25)] + ["Y: z"] * 200
    answered, _ = answer_to("\r\n".join(["HTTP/1.1 403 no", *lines, "", ""]).encode())
    assert len(answered.headers) == 100
    assert {len(value) for _, value in answered.headers} == {1000, 1}


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param("Content-Length: 34", PAGE, id="with a length"),
        pytest.param("X: y", PAGE, id="to the end"),
        pytest.param(
            "Transfer-Encoding: chunked",
            b"10;x=y\r\n" + PAGE[:16] + b"\r\n12\r\n" + PAGE[16:] + b"\r\n0\r\n\r\n",
            id="chunked",
        ),
        pytest.param("Transfer-Encoding: chunked", PAGE, id="not as chunked as it says"),
        pytest.param("Content-Encoding: gzip", gzip.compress(PAGE), id="gzip"),
        pytest.param("Content-Encoding: deflate", zlib.compress(PAGE), id="deflate"),
        pytest.param("Content-Encoding: deflate", zlib.compress(PAGE)[2:-4], id="bare deflate"),
    ],
)
def test_the_body_is_shown_however_it_travels(head: str, body: bytes) -> None:
    answered, ending = answer_to(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body)
    assert answered.body == PAGE.decode()
    assert ending in {"ended:left", "ended:eof"}


@pytest.mark.parametrize(
    ("encoding", "body", "shown"),
    [
        pytest.param("br", b"\x0b\x10\x80", "a body in br, not decoded", id="brotli"),
        pytest.param("gzip", b"no", "a body in broken compression, not decoded", id="broken"),
    ],
)
def test_a_body_that_cannot_be_read_is_named(encoding: str, body: bytes, shown: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
    assert answer_to(head + body)[0].body == shown


def test_a_body_is_cut_where_enough_is_known() -> None:
    answered, ending = answer_to(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 100_000, STUBBORN)
    assert (answered.body, ending) == ("a" * 2048, "ended:left")


def test_a_bomb_unfolds_no_further_than_the_bound() -> None:
    bomb = gzip.compress(b"a" * 50_000_000)
    answered, _ = answer_to(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb)
    assert answered.body == "a" * 2048


# It waits the second that a body may take.
def test_a_body_that_never_comes_is_not_waited_for_long() -> None:
    answered, ending = answer_to(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", STUBBORN)
    assert (answered.body, ending) == ("half", "ended:left")
    assert answered.at_s < PATIENT.answer_s / 2


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_are_not_waited_for(status: int) -> None:
    answered, ending = answer_to(f"HTTP/1.1 {status} x\r\n\r\n".encode(), STUBBORN)
    assert (answered.body, ending) == ("", "ended:left")


def test_interim_answers_do_not_stand_for_the_answer() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    answered, _ = answer_to(interim + b"HTTP/1.1 403 no\r\nContent-Length: 0\r\n\r\n")
    assert answered.status == 403


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        pytest.param(b"<html>", "what came back is not HTTP", id="HTML without a head"),
        pytest.param(
            b"\x15\x03\x03\x00\x02\x02\x50",
            "what came back is TLS: the URL wants https",
            id="a TLS alert",
        ),
        pytest.param(b"HTTP/1.1 OK\r\n\r\n", "its status line is malformed", id="no status"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
            "its head is longer than 64 KiB",
            id="an endless head",
        ),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
            "more than 10 interim answers came",
            id="endless interim answers",
        ),
    ],
)
def test_what_is_no_answer_is_garbage(raw: bytes, detail: str) -> None:
    assert garbage_of(raw).detail == detail


def test_half_a_head_is_no_answer() -> None:
    with serving(lambda peer: peer.raw("HTTP/1.1 200 OK\r\nX: y\r\n")) as server:
        transcript = prober().probe(asking(server.url, BARE), None)
    assert told(transcript) == "resolved connected requested ended:eof"


@pytest.mark.parametrize(
    ("head", "detail"),
    [
        pytest.param(
            "HTTP/1.0 101 Switching Protocols", "it is HTTP/1.0, not HTTP/1.1", id="HTTP/1.0"
        ),
        pytest.param("HTTP/1.1 101 x", "missing Upgrade header", id="nothing upgraded"),
        pytest.param(
            "HTTP/1.1 101 x\r\nUpgrade: h2c", "invalid Upgrade header: h2c", id="something else"
        ),
    ],
)
def test_an_upgrade_that_a_browser_refuses_says_why(head: str, detail: str) -> None:
    raw = f"{head}\r\nConnection: Upgrade\r\n\r\n"
    with serving(lambda peer: peer.raw(raw)) as server:
        transcript = survives(prober().probe(asking(server.url, BARE), None))
    assert told(transcript).endswith("answered:101 not-opened ended:left")
    assert [each.detail for each in transcript.all(NotOpened)] == [detail]


def test_who_answers_without_reading_is_heard() -> None:
    def hangs_up(peer: Peer) -> None:
        peer.raw("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    patience = replace(PATIENT, answer_s=20)
    with serving(hangs_up, waits=False) as server:
        transcript = prober().probe(asking(server.url, BARE, patience=patience), None)
    assert transcript.first(Requested)
    assert "answered:503" in told(transcript)


def test_more_of_a_body_than_is_kept_is_not_waited_for() -> None:
    head = Head(version="1.1", status=200, reason="", headers=(), size=0)
    assert not is_whole(head, b"a" * (MOST_BODY_BYTES - 1))
    assert is_whole(head, b"a" * MOST_BODY_BYTES)


@given(st.one_of(st.binary(), st.binary().map(b"HTTP/1.1 ".__add__)))
@example(b"HTTP/1.1 200 a" + b" " * 60_000 + b"b\r\n\r\n")
def test_a_head_is_read_or_refused_whatever_it_is(data: bytes) -> None:
    try:
        head = read_head(data)
    except NotHttpError:
        return
    assert head is None or 0 < head.size <= len(data)


@given(
    st.sampled_from(["chunked", ""]),
    st.sampled_from(["gzip", "deflate", "br", ""]),
    st.sampled_from(["", "3", "-1", "9" * 5000]),
    st.one_of(st.binary(), st.binary().map(b"3\r\nabc\r\n".__add__)),
)
def test_a_body_is_read_whatever_it_is(
    transfer: str, encoding: str, length: str, raw: bytes
) -> None:
    headers = (("Transfer-Encoding", transfer), ("Content-Encoding", encoding))
    named = (*headers, ("Content-Length", length))
    head = Head(version="1.1", status=200, reason="", headers=named, size=0)
    assert len(read_body(head, raw)) <= MOST_BODY_BYTES
    assert is_whole(head, raw) in {True, False}
