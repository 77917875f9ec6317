"""Real WebSocket servers on loopback, good and bad: `serving("close-10000")` and so on."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HandshakeRequest
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as serve_websockets
from websockets.typing import Subprotocol

from tests.servers import Certificate
from tests.websocket_answers import Shape
from tests.websocket_peer import GoneError, Peer, Request
from tests.websocket_shapes import SHAPES

__all__ = ["ALL_SHAPES", "SHAPES", "RunningServer", "Shape", "serving"]

DEFLATE = "deflate"
ALL_SHAPES = (DEFLATE, *SHAPES)


class RunningServer:
    """`requests` are those whose heads came whole, in order; `url` is what a manifest would say."""

    def __init__(self, port: int, *, is_secure: bool = False) -> None:
        self.port = port
        self.requests: list[Request] = []
        self.url = f"{'https' if is_secure else 'http'}://127.0.0.1:{port}/ws"


@contextmanager
def serving(
    shape: str | Shape, certificate: Certificate | None = None, *, waits: bool = True
) -> Iterator[RunningServer]:
    """A server of that shape until the block ends, and with it every thread and connection.

    With `waits` it reads the request before it does anything.
    """
    if shape == DEFLATE:
        with _deflating() as running:
            yield running
        return
    server = _Server(SHAPES[shape] if isinstance(shape, str) else shape, certificate, waits=waits)
    thread = threading.Thread(target=server.accept)
    thread.start()
    try:
        yield server.running
    finally:
        server.stopping.set()
        thread.join()
        server.stop()


class _Server:
    def __init__(self, shape: Shape, certificate: Certificate | None, *, waits: bool) -> None:
        self.stopping = threading.Event()
        self._shape = shape
        self._waits = waits
        self._tls = _tls(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._listener.settimeout(0.02)
        port: int = self._listener.getsockname()[1]
        self.running = RunningServer(port, is_secure=certificate is not None)
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def accept(self) -> None:
        while not self.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                sock, _ = self._listener.accept()
                sock.settimeout(None)
                # What Nagle's algorithm holds back would be lost in a reset.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.append(sock)
                thread = threading.Thread(target=self._serve, args=(sock,))
                self._threads.append(thread)
                thread.start()

    def stop(self) -> None:
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _serve(self, plain: socket.socket) -> None:
        try:
            sock = self._secured(plain)
        except OSError:
            plain.close()
            return
        with sock:
            peer = Peer(sock, self.stopping)
            with contextlib.suppress(GoneError):
                if self._waits:
                    self.running.requests.append(peer.read_request())
                self._shape(peer)
            peer.finish()

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self._tls is None:
            return plain
        secured = self._tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self._open.append(secured)
        try:
            secured.do_handshake()
        except OSError:
            secured.close()
            raise
        return secured


def _tls(certificate: Certificate | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context


@contextmanager
def _deflating() -> Iterator[RunningServer]:
    """The library's own server, because nobody should compress by hand."""
    heads: list[Request] = []
    connections: list[ServerConnection] = []

    def note(_: ServerConnection, request: HandshakeRequest) -> None:
        pairs = request.headers.raw_items()
        heads.append(Request(request.path, {name.lower(): value for name, value in pairs}))

    def welcome(connection: ServerConnection) -> None:
        connections.append(connection)
        with contextlib.suppress(ConnectionClosed):
            connection.send('{"type": "connection_established", "padding": "' + "a" * 500 + '"}')
            for _ in connection:
                pass

    with serve_websockets(
        welcome, "127.0.0.1", 0, process_request=note, select_subprotocol=_first
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running = RunningServer(server.socket.getsockname()[1])
        running.requests = heads
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()
            for connection in connections:
                connection.close()


def _first(_: ServerConnection, offers: object) -> Subprotocol | None:
    return next(iter(offers), None) if isinstance(offers, list) else None
