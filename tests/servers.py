"""A real HTTP server on loopback that answers each path as a test wants, misbehaviour included."""

import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reply:
    """`raw` is sent as it is; `drip_s` sends one byte and then waits, again and again.

    `cut_after` promises the whole body and closes after so many bytes of it; `hangs` says
    nothing until the server stops; `resets` drops the connection without a word.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes = b""
    drip_s: float = 0
    cut_after: int | None = None
    hangs: bool = False
    resets: bool = False


@dataclass(frozen=True)
class Request:
    """Header names are lower-case; `port` is the client's."""

    path: str
    headers: Mapping[str, str]
    port: int


@dataclass(frozen=True)
class Certificate:
    """A throw-away, self-signed certificate for 127.0.0.1."""

    certificate: Path
    key: Path


class Server(ThreadingHTTPServer):
    """`replies` may be changed while it runs; a path it does not hold answers 404."""

    daemon_threads = False
    request_queue_size = 128  # with fewer, a burst of connections waits a second for a second SYN

    def __init__(self, replies: Mapping[str, Reply], certificate: Certificate | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = dict(replies)
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self._connections: list[socket.socket] = []
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate.certificate, certificate.key)

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.server_port}{path}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        if not self._tls:
            self._connections.append(request)
            super().finish_request(request, client_address)
            return
        with self._tls.wrap_socket(request, server_side=True) as wrapped:
            self._connections.append(wrapped)
            super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up on purpose here."""

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        for connection in self._connections:
            if connection.fileno() >= 0:
                with _ignored():
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.path, headers, self.client_address[1]))
        self._send(self.server.replies.get(self.path.partition("?")[0], Reply(status=404)))

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def _send(self, reply: Reply) -> None:
        if reply.hangs:
            self.server.stopping.wait()
            self.close_connection = True
        elif reply.resets:
            # l_onoff=1, l_linger=0: close sends RST instead of FIN (socket(7))
            now = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
            self.close_connection = True
        elif reply.raw:
            self._write(reply.raw, reply.drip_s)
            self.close_connection = True
        else:
            self._send_whole(reply)

    def _send_whole(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "Transfer-Encoding" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self._write(reply.body[: reply.cut_after], reply.drip_s)
        self.close_connection = self.close_connection or reply.cut_after is not None

    def _write(self, data: bytes, drip_s: float) -> None:
        if not drip_s:
            self.wfile.write(data)
            return
        for byte in data:
            self.wfile.write(bytes([byte]))
            if self.server.stopping.wait(drip_s):
                return


@contextmanager
def serve(replies: Mapping[str, Reply], certificate: Certificate | None = None) -> Iterator[Server]:
    """The server, listening; stopped with all of its connections at the end."""
    server = Server(replies, certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def make_certificate(folder: Path) -> Certificate:
    """For 127.0.0.1 and localhost, valid for a day, trusted by nobody."""
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"]
    command += ["ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=skewcheck"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command += ["-out", str(made.certificate), "-keyout", str(made.key)]
    subprocess.run(command, check=True, capture_output=True)
    return made


@contextmanager
def _ignored() -> Iterator[None]:
    try:
        yield
    except OSError:
        return
