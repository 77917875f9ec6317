"""The reader against a real server that drips, hangs, resets, lies about itself and explodes."""

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from skewcheck.adapters.http_reader import RequestsReader
from skewcheck.core.answer import Answer, FailureKind, HttpRead, NoAnswer
from tests.servers import Certificate, Reply, Server, make_certificate, serve

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOPBACK = frozenset({"127.0.0.1"})


class StoppedClock:
    def now(self) -> datetime:
        return NOON

    def wait(self, seconds: float) -> None:
        raise AssertionError(f"a reader waits for nobody, least of all {seconds} s")


@pytest.fixture
def reader() -> RequestsReader:
    return RequestsReader(LOOPBACK, StoppedClock())


@pytest.fixture
def hasty() -> RequestsReader:
    return RequestsReader(LOOPBACK, StoppedClock(), read_timeout_s=0.2, total_s=0.4)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serve({}) as running:
        yield running


def answered(read: HttpRead) -> Answer:
    assert isinstance(read, Answer), read
    return read


def failed(read: HttpRead, kind: FailureKind) -> str:
    assert isinstance(read, NoAnswer), read
    assert read.kind is kind
    assert read.read_at == NOON
    assert "\n" not in read.detail
    return read.detail


def test_an_answer_keeps_status_headers_and_body(server: Server, reader: RequestsReader) -> None:
    server.replies["/v"] = Reply(status=503, headers={"X-Build": "7"}, body=b"no")

    answer = answered(reader.read(server.url("/v"), as_browser=False))

    assert (answer.url, answer.status, answer.body) == (server.url("/v"), 503, b"no")
    assert answer.headers["x-build"] == "7"
    assert answer.read_at == NOON


def test_a_chunked_body_is_put_together(server: Server, reader: RequestsReader) -> None:
    chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    server.replies["/"] = Reply(headers={"Transfer-Encoding": "chunked"}, body=chunks)

    assert answered(reader.read(server.url(), as_browser=False)).body == b"abcde"


def test_the_origin_is_asked_plainly(server: Server, reader: RequestsReader) -> None:
    reader.read(server.url(), as_browser=False, accept="application/json")

    headers = dict(server.requests[0].headers)
    assert headers.pop("host")
    assert headers == {
        "user-agent": "skewcheck/0.1.0",
        "accept": "application/json",
        "accept-encoding": "identity",
    }


def test_the_edge_is_asked_as_a_browser_asks(server: Server, reader: RequestsReader) -> None:
    reader.read(server.url(), as_browser=True, accept="text/html")

    headers = server.requests[0].headers
    assert headers["user-agent"].startswith("Mozilla/5.0")
    assert headers["user-agent"].endswith(" skewcheck/0.1.0")
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert headers["accept-language"]
    assert headers["accept"] == "text/html"
    assert not {"cache-control", "pragma", "if-none-match", "cookie"} & set(headers)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        pytest.param("gzip", gzip.compress(b"hello"), id="gzip"),
        pytest.param("deflate", zlib.compress(b"hello"), id="deflate"),
        pytest.param("br", brotli.compress(b"hello"), id="brotli"),
        pytest.param("zstd", zstd.compress(b"hello"), id="zstd"),
    ],
)
def test_each_encoding_that_a_browser_offers_is_decoded(
    server: Server, reader: RequestsReader, encoding: str, body: bytes
) -> None:
    server.replies["/"] = Reply(headers={"Content-Encoding": encoding}, body=body)

    assert answered(reader.read(server.url(), as_browser=True)).body == b"hello"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        pytest.param("gzip", b"hello", id="says gzip and is not"),
        pytest.param("br", b"\xffhello", id="says brotli and is not"),
        pytest.param("compress", b"hello", id="an encoding we never offered"),
    ],
)
def test_a_body_that_cannot_be_decoded_is_no_answer(
    server: Server, reader: RequestsReader, encoding: str, body: bytes
) -> None:
    server.replies["/"] = Reply(headers={"Content-Encoding": encoding}, body=body)

    failed(reader.read(server.url(), as_browser=True), FailureKind.UNDECODABLE)


@cache  # a second's work
def _gzip_bomb() -> bytes:
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    megabyte = bytes(1024 * 1024)
    return b"".join(press.compress(megabyte) for _ in range(200)) + press.flush()


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        pytest.param("gzip", _gzip_bomb, id="gzip, 200 MB"),
        pytest.param("br", lambda: brotli.compress(bytes(64 << 20), quality=1), id="brotli, 64 MB"),
        pytest.param("zstd", lambda: zstd.compress(bytes(64 << 20)), id="zstd, 64 MB"),
    ],
)
@pytest.mark.parametrize("as_browser", [True, False], ids=["edge", "origin"])
def test_a_decompression_bomb_is_refused_before_it_unfolds(
    server: Server, reader: RequestsReader, encoding: str, bomb: object, *, as_browser: bool
) -> None:
    assert callable(bomb)
    server.replies["/"] = Reply(headers={"Content-Encoding": encoding}, body=bomb())
    reader.read(server.url("/warm-up"), as_browser=as_browser)

    tracemalloc.start()
    read = reader.read(server.url(), as_browser=as_browser)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    failed(read, FailureKind.TOO_LARGE)
    assert peak < 32 * 1024 * 1024


@pytest.mark.parametrize(
    ("as_browser", "limit"),
    [pytest.param(False, 256 * 1024, id="origin"), pytest.param(True, 8 << 20, id="edge")],
)
def test_the_cap_is_the_last_size_that_is_read(
    server: Server, reader: RequestsReader, limit: int, *, as_browser: bool
) -> None:
    server.replies = {"/fits": Reply(body=bytes(limit)), "/not": Reply(body=bytes(limit + 1))}

    fits = answered(reader.read(server.url("/fits"), as_browser=as_browser))
    assert len(fits.body) == limit
    read = reader.read(server.url("/not"), as_browser=as_browser)
    assert failed(read, FailureKind.TOO_LARGE) == f"more than {limit} bytes"


def test_a_refusal_counts_by_its_status_whatever_its_body_does(
    server: Server, reader: RequestsReader
) -> None:
    server.replies["/"] = Reply(status=404, body=bytes(9 << 20))

    answer = answered(reader.read(server.url(), as_browser=True))

    assert (answer.status, answer.body) == (404, b"")


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(body=bytes(1000), drip_s=0.05), id="drips its body"),
        pytest.param(Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + bytes(999), drip_s=0.05), id="headers"),
        pytest.param(Reply(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 99, drip_s=0.01), id="100 on"),
        pytest.param(Reply(hangs=True), id="says nothing"),
    ],
)
def test_no_server_can_hold_a_read_beyond_its_deadline(
    server: Server, hasty: RequestsReader, reply: Reply
) -> None:
    server.replies["/"] = reply

    failed(hasty.read(server.url(), as_browser=False), FailureKind.TIMEOUT)


def test_the_deadline_spans_all_redirects(server: Server, hasty: RequestsReader) -> None:
    slow = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
    server.replies["/"] = Reply(raw=slow, drip_s=0.004)

    failed(hasty.read(server.url(), as_browser=False), FailureKind.TIMEOUT)
    assert len(server.requests) < 5


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(resets=True), id="reset at once"),
        pytest.param(Reply(raw=b"\r\n\r\n"), id="empty"),
        pytest.param(Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), id="not HTTP"),
        pytest.param(Reply(body=b"whole body", cut_after=3), id="cut in the body"),
        pytest.param(
            Reply(headers={"Transfer-Encoding": "chunked"}, body=b"zz\r\n", cut_after=4), id="chunk"
        ),
    ],
)
def test_a_broken_connection_has_its_own_kind(
    server: Server, reader: RequestsReader, reply: Reply
) -> None:
    server.replies["/"] = reply

    failed(reader.read(server.url(), as_browser=False), FailureKind.RESET)


def test_a_closed_port_refuses(reader: RequestsReader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    read = reader.read(f"http://127.0.0.1:{port}/", as_browser=False)

    assert failed(read, FailureKind.REFUSED) == "nothing listens on that port"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://skewcheck.invalid/", id="RFC 6761 says it never resolves"),
        pytest.param(f"http://{'a' * 70}.example/", id="a label too long"),
        pytest.param("http://[", id="half an address"),
        pytest.param("ftp://127.0.0.1/", id="not HTTP"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_name_that_leads_nowhere_is_no_answer(reader: RequestsReader, url: str) -> None:
    failed(reader.read(url, as_browser=False), FailureKind.NAME)


def test_a_certificate_nobody_vouches_for_is_a_tls_failure(
    certificate: Certificate, reader: RequestsReader
) -> None:
    with serve({"/": Reply()}, certificate) as server:
        read = reader.read(server.url(), as_browser=False)

    assert "self-signed certificate" in failed(read, FailureKind.TLS)


def test_a_ca_bundle_from_the_environment_is_trusted(
    certificate: Certificate, reader: RequestsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.certificate))

    with serve({"/": Reply(body=b"hi")}, certificate) as server:
        assert answered(reader.read(server.url(), as_browser=False)).body == b"hi"


def test_a_drip_under_tls_ends_at_the_deadline_too(
    certificate: Certificate, hasty: RequestsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.certificate))

    with serve({"/": Reply(body=bytes(1000), drip_s=0.05)}, certificate) as server:
        failed(hasty.read(server.url(), as_browser=False), FailureKind.TIMEOUT)


def test_a_missing_ca_bundle_is_named(
    server: Server, reader: RequestsReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "absent.pem"))

    read = reader.read(server.url().replace("http:", "https:"), as_browser=False)

    assert "REQUESTS_CA_BUNDLE" in failed(read, FailureKind.TLS)


def test_plain_http_behind_an_https_url_is_a_tls_failure(
    server: Server, reader: RequestsReader
) -> None:
    read = reader.read(server.url().replace("http:", "https:"), as_browser=False)

    assert failed(read, FailureKind.TLS) == "what answers there does not speak TLS"


def test_a_dead_proxy_is_told_apart_and_its_password_kept(
    reader: RequestsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTP_PROXY", f"http://me:hunter2@127.0.0.1:{port}")
    monkeypatch.setenv("http_proxy", f"http://me:hunter2@127.0.0.1:{port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    read = reader.read("http://app.example/", as_browser=False)

    assert "hunter2" not in failed(read, FailureKind.PROXY)


def test_a_proxy_that_refuses_the_tunnel_is_quoted(
    server: Server, reader: RequestsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, server.url())
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    read = reader.read("https://app.example/", as_browser=False)  # our server knows no CONNECT

    assert failed(read, FailureKind.PROXY).startswith("Tunnel connection failed: 501")


def test_passwords_from_netrc_and_urls_are_never_sent(
    server: Server, reader: RequestsReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))

    reader.read(server.url(), as_browser=True)
    reader.read(server.url(host="me:hunter2@127.0.0.1"), as_browser=True)

    assert len(server.requests) == 2
    assert not any("authorization" in request.headers for request in server.requests)


def test_a_failure_tells_no_password(reader: RequestsReader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    read = reader.read(f"http://me:hunter2@127.0.0.1:{port}/?token=hunter2", as_browser=False)

    assert "hunter2" not in failed(read, FailureKind.REFUSED)


def test_cookies_are_neither_kept_nor_sent(server: Server, reader: RequestsReader) -> None:
    home = {"Location": "/home", "Set-Cookie": "rev=1; Path=/"}
    server.replies = {"/": Reply(status=302, headers=home), "/home": Reply()}

    reader.read(server.url(), as_browser=True)
    reader.read(server.url("/home"), as_browser=True)

    assert [request.path for request in server.requests] == ["/", "/home", "/home"]
    assert not any("cookie" in request.headers for request in server.requests)


def _to(location: str) -> Reply:
    return Reply(status=302, headers={"Location": location})


def test_a_redirect_within_the_named_hosts_is_followed(
    server: Server, reader: RequestsReader
) -> None:
    server.replies = {"/": _to("/next#part"), "/next": Reply(body=b"here")}

    answer = answered(reader.read(server.url(), as_browser=False))

    assert (answer.url, answer.body) == (server.url("/next"), b"here")


def test_a_redirect_to_another_port_of_a_named_host_is_followed(
    server: Server, reader: RequestsReader
) -> None:
    with serve({"/": Reply(body=b"there")}) as other:
        server.replies["/"] = _to(other.url())

        assert answered(reader.read(server.url(), as_browser=False)).body == b"there"


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("https://accounts.example/o?state=hunter2", id="another host"),
        pytest.param("http://127.0.0.1@evil.example/", id="another host in disguise"),
        pytest.param("http://localhost/", id="another name of the same machine"),
        pytest.param("//evil.example/", id="without a scheme"),
        pytest.param("file:///etc/passwd", id="not HTTP"),
        pytest.param("https:///nowhere", id="no host"),
    ],
)
def test_a_redirect_elsewhere_is_refused_and_named(
    server: Server, reader: RequestsReader, location: str
) -> None:
    server.replies["/"] = _to(location)

    read = reader.read(server.url(), as_browser=False)

    assert "hunter2" not in failed(read, FailureKind.REDIRECT)


def test_a_redirect_that_gives_up_tls_is_refused(
    certificate: Certificate, reader: RequestsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.certificate))

    with serve({"/": _to("http://127.0.0.1/")}, certificate) as server:
        read = reader.read(server.url(), as_browser=False)

    assert failed(read, FailureKind.REDIRECT) == "to http://127.0.0.1/, without TLS"


def test_a_redirect_that_turns_in_circles_ends(server: Server, reader: RequestsReader) -> None:
    server.replies["/"] = _to("/")

    read = reader.read(server.url(), as_browser=False)

    assert failed(read, FailureKind.REDIRECT) == "more than 5 redirects"
    assert len(server.requests) == 6


def test_a_redirect_that_names_no_url_is_no_answer(server: Server, reader: RequestsReader) -> None:
    server.replies["/"] = _to("http://[")

    assert isinstance(reader.read(server.url(), as_browser=False), NoAnswer)


def test_the_body_of_a_redirect_is_not_unfolded(server: Server, reader: RequestsReader) -> None:
    headers = {"Location": "/next", "Content-Encoding": "gzip"}
    server.replies = {
        "/": Reply(status=302, headers=headers, body=_gzip_bomb()),
        "/next": Reply(body=b"here"),
    }
    tracemalloc.start()
    read = reader.read(server.url(), as_browser=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert answered(read).body == b"here"
    assert peak < 32 * 1024 * 1024


def test_a_redirect_status_without_a_target_is_an_answer(
    server: Server, reader: RequestsReader
) -> None:
    server.replies["/"] = Reply(status=304)

    assert answered(reader.read(server.url(), as_browser=False)).status == 304


def test_many_threads_read_at_once(server: Server, reader: RequestsReader) -> None:
    server.replies["/"] = Reply(body=b"x")
    together = threading.Barrier(8)

    def ask(_: int) -> bytes:
        together.wait()
        return answered(reader.read(server.url(), as_browser=False)).body

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(16))) == [b"x"] * 16


def test_each_read_meets_the_server_on_a_connection_of_its_own(
    server: Server, reader: RequestsReader
) -> None:
    server.replies["/"] = Reply(body=b"x")

    for _ in range(3):
        reader.read(server.url(), as_browser=True)

    assert len({request.port for request in server.requests}) == 3
