"""Real servers of several makes on loopback, and clients that see everything of an answer."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol


@dataclass(frozen=True)
class Got:
    """Header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str) -> Got:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, headers, response.read())
        finally:
            connection.close()

    def knock(
        self, path: str = "/ws", offers: Sequence[str] = (), **headers: str
    ) -> "Opened | Got":
        """What a WebSocket client sees: an HTTP refusal; or what was selected, said and closed."""
        uri = f"ws://127.0.0.1:{self.port}{path}"
        names = [Subprotocol(each) for each in offers] or None
        try:
            connection = connect(uri, subprotocols=names, additional_headers=headers, proxy=None)
        except InvalidStatus as refused:
            answer = refused.response
            given = {name.lower(): value for name, value in answer.headers.raw_items()}
            return Got(answer.status_code, given, bytes(answer.body or b""))
        with connection:
            return _opened(connection)

    def send_raw(self, head: bytes) -> bytes:
        """All that comes back until the server hangs up; what it opens is closed at once."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as sock:
            sock.sendall(head)
            answer = b""
            while b"\r\n\r\n" not in answer:
                more = sock.recv(65536)
                assert more, answer
                answer += more
            if answer.startswith(b"HTTP/1.1 101 "):
                sock.sendall(b"\x88\x82\0\0\0\0\x03\xe8")
            return answer + b"".join(iter(lambda: sock.recv(65536), b""))


@dataclass(frozen=True)
class Opened:
    """`close` is the server's code, None where it was the client that left after a message."""

    subprotocol: str | None
    message: str | None = None
    close: int | None = None
    reason: str = ""


def _opened(connection: Any) -> Opened:
    try:
        message = connection.recv(timeout=20)
    except ConnectionClosed:
        closed = connection.protocol.close_rcvd
        assert closed is not None
        return Opened(connection.subprotocol, close=closed.code, reason=closed.reason)
    return Opened(connection.subprotocol, message=message)


class _Announced(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def asgi(app: Any, **options: Any) -> Iterator[Site]:
    """On uvicorn."""
    listening = socket.create_server(("127.0.0.1", 0))
    said: dict[str, Any] = {"lifespan": "auto", "ws": "websockets-sansio", "log_config": None}
    server = _Announced(uvicorn.Config(app, **(said | options)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        assert server.listens.wait(20)
        yield Site(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def looping(start: Callable[[], Awaitable[Any]]) -> Iterator[Site]:
    """A `websockets` server: `start()` is what awaits `serve(…)`, in a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def started() -> Any:
        return await start()

    async def stopped(server: Any) -> None:
        server.close()
        await server.wait_closed()

    try:
        server = asyncio.run_coroutine_threadsafe(started(), loop).result(20)
        yield Site(next(iter(server.sockets)).getsockname()[1])
        asyncio.run_coroutine_threadsafe(stopped(server), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def threading_server(server: Any, port: int, **options: Any) -> Iterator[Site]:
    """Anything with serve_forever, to which the options go, and shutdown."""
    thread = threading.Thread(target=server.serve_forever, kwargs=options)
    thread.start()
    try:
        yield Site(port)
    finally:
        server.shutdown()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def wsgi(app: Any) -> Iterator[Site]:
    """On wsgiref."""
    with (
        make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server,
        threading_server(server, server.server_port, poll_interval=0.02) as site,
    ):
        yield site
