"""A chat backend that speaks one format at a time, and does to all others what a test wants."""

import base64
import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection
from websockets.sync.server import serve as serve_websockets
from websockets.typing import Subprotocol

TOKEN = "s3cret+token/for=Ada~~~?>ü"
WELCOME = {"type": "connection_established", "user": "Ada"}


def contract(version: str, handshake: Mapping[str, Any], **messages: Any) -> dict[str, Any]:
    """As contracts.json and the module have it."""
    return {
        "protocol": "chat",
        "version": version,
        "accepts": f"=={version}",
        "fingerprint": "sha256:" + "0" * 64,
        "formats": {},
        "handshake": {"subprotocols": [], "selected": None, "token_in": "none"} | dict(handshake),
        "messages": {"opens_with": [], "welcome": {"type": "connection_established"}} | messages,
    }


IN_SUBPROTOCOL = {
    "subprotocols": ["jwt-auth", "jwt.{token:base64url}"],
    "selected": "jwt-auth",
    "token_in": "subprotocol",
}
NEW = contract("2.1", IN_SUBPROTOCOL)
OLD = contract("1.0", {"token_in": "query:access_token"})
LATER = contract(
    "3.0",
    {"token_in": "first-message"},
    opens_with=[{"type": "hello", "token": "{token}", "tries": [1, None]}],
)
CODED = base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("=")


class Backend:
    """`refuses` is how it meets a format that it does not speak: a close code, or 426 for an HTTP
    answer, or 0 for silence. `closes` is the code that it meets every connection with."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.speaks = "2.1"
        self.refuses = 426
        self.closes = 0
        self.heard: list[tuple[str, tuple[str, ...]]] = []
        self.said: list[Any] = []
        self._server: Server | None = None
        self._thread = threading.Thread()
        self._open: list[ServerConnection] = []
        self._leaving = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ws?room=1#here"

    def start(self) -> None:
        self._leaving.clear()
        self._server = serve_websockets(
            self._talk, "127.0.0.1", self.port,
            process_request=self._answer, select_subprotocol=_first,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._leaving.set()
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server = None
        self.hang_up()

    def hang_up(self, code: int = 1012) -> None:
        while self._open:
            self._open.pop().close(code)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        offers = request.headers.get("Sec-WebSocket-Protocol", "")
        self.heard.append((request.path, tuple(filter(None, offers.split(", ")))))
        if self._is_ours(request.path) or self.refuses != HTTPStatus.UPGRADE_REQUIRED:
            return None
        return connection.respond(HTTPStatus.UPGRADE_REQUIRED, "chat 2.1 is spoken here\n")

    def _is_ours(self, path: str) -> bool:
        return f"skewcheck=chat/{self.speaks}" in path

    def _talk(self, connection: ServerConnection) -> None:
        self._open.append(connection)
        path = connection.request.path if connection.request else ""
        code = self.closes or (0 if self._is_ours(path) else self.refuses)
        with contextlib.suppress(ConnectionClosed):
            if code:
                connection.close(code, "chat 2.1 is spoken here")
            elif self._is_ours(path):
                connection.send(json.dumps({"type": "heartbeat"}))
                connection.send(json.dumps(WELCOME))
            for message in connection:
                self.said.append(json.loads(message))


@contextmanager
def backend() -> Iterator[Backend]:
    running = Backend()
    running.start()
    try:
        yield running
    finally:
        running.stop()


def _first(_: ServerConnection, offers: object) -> Subprotocol | None:
    return next(iter(offers), None) if isinstance(offers, list) else None
