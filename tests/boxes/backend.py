"""The service behind the boxes: a page, a version document, and the chat protocol."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from tests import builders

TOKEN = "header.payload.signature"
OLD, NEW = builders.OLD.value, builders.NEW.value
OFFERS = ("jwt-auth", f"jwt.{base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip('=')}")
_WELCOME = {"type": "connection_established"}
_PAGE = '<!doctype html><meta name="build-sha" content="{build}"><title>Chat</title>\n'


@dataclass
class Backend:
    """`build` may change while it runs, as in a redeploy; one that is `broken` never welcomes."""

    build: str = OLD
    broken: bool = False
    url: str = ""

    def respond(self, socket: ServerConnection, request: Request) -> Response | None:
        """Plain HTTP, and refusals; the chat protocol is spoken on /ws alone."""
        if request.path == "/ws":
            return None
        if request.path.startswith("/pages/"):
            return _answer(socket, _PAGE.format(build=self.build), "text/html", "max-age=3600")
        if request.path == "/version.json":
            document = json.dumps({"commit": self.build})
            return _answer(socket, document, "application/json", "no-store")
        return socket.respond(404, "Not Found\n")

    def talk(self, socket: ServerConnection) -> None:
        """Welcomes who has the token; ends all others as its kind does."""
        if self.broken:
            socket.close(1000, "main cleanup")
            return
        if not _is_authentic(socket):
            socket.send(json.dumps({"type": "error", "error_code": "AUTH_FAILED"}))
            socket.close(1008, "Authentication failed")
            return
        socket.send(json.dumps(_WELCOME))
        try:
            for _ in socket:
                pass
        except ConnectionClosed:
            return


@contextmanager
def backend(build: str = OLD, *, broken: bool = False) -> Iterator[Backend]:
    """The backend, listening."""
    behind = Backend(build=build, broken=broken)
    with _listening(behind) as server:
        behind.url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield behind
        finally:
            server.shutdown()
            thread.join()


def _listening(behind: Backend) -> Server:
    return serve(
        behind.talk,
        "127.0.0.1",
        0,
        process_request=behind.respond,
        select_subprotocol=_select,
        compression=None,
    )


def _select(_socket: ServerConnection, offers: object) -> Subprotocol | None:
    known = Subprotocol("jwt-auth")
    return known if isinstance(offers, list | tuple) and known in offers else None


def _is_authentic(socket: ServerConnection) -> bool:
    request = socket.request
    if request is None:
        return False
    offered = ",".join(request.headers.get_all("Sec-WebSocket-Protocol")).split(",")
    in_header = request.headers.get("Authorization") == f"Bearer {TOKEN}"
    return in_header or OFFERS[1] in (each.strip() for each in offered)


def _answer(socket: ServerConnection, body: str, kind: str, caching: str) -> Response:
    response = socket.respond(200, body)
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = caching
    return response
