"""The backend: version and health over HTTP, and the chat protocol over a WebSocket."""

import json
import logging
import os
from collections.abc import Mapping
from threading import Event
from typing import Any

from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from skewcheck.sandbox.programs import container
from skewcheck.sandbox.programs.conversation import Conversations
from skewcheck.sandbox.programs.handshake import Hello, hello


class Backend:
    """The callbacks of the WebSocket server, over one set of settings."""

    def __init__(self, settings: container.Settings) -> None:
        self._settings = settings
        self._conversations = Conversations(settings)

    def process_request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Answer plain HTTP, and refuse an upgrade that this build refuses."""
        self._conversations.wake()
        path = request.path.split("?")[0]
        if path == "/__version__":
            headers = self._settings["version_headers"]
            return _json(socket, 200, self._settings["version_document"], headers)
        if path == "/__heartbeat__":
            return _json(
                socket, *container.heartbeat(self._settings), {"Cache-Control": "no-store"}
            )
        if path != self._settings["path"]:
            return socket.respond(404, "Not Found\n")
        if "websocket" not in request.headers.get("Upgrade", "").lower():
            return socket.respond(426, "Upgrade Required\n")
        conversations = self._conversations
        said = _hello(request)
        refusal = conversations.generation.refuse(said, conversations.contracts)
        if refusal is None:
            return None
        told = f"websocket: refused with {refusal.status}: {refusal.text}"
        container.log("WARNING", told, trace=said.trace)
        return socket.respond(refusal.status, refusal.text)

    def select_subprotocol(self, socket: ServerConnection, _offers: object) -> Subprotocol | None:
        """What the generation answers, also where no standard would."""
        if socket.request is None:
            return None
        conversations = self._conversations
        selected = conversations.generation.select(_hello(socket.request), conversations.contracts)
        return Subprotocol(selected) if selected else None

    def talk(self, socket: ServerConnection) -> None:
        """One connection, from the welcome to the end."""
        if socket.request is not None:
            self._conversations.hold(socket, _hello(socket.request))


def main(environment: Mapping[str, str]) -> None:
    """Serve until the platform goes away."""
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    settings = container.Settings(environment)
    container.leave_with_parent(settings)
    container.come_up(settings, Event().wait)
    with listening(settings, int(environment["PORT"])) as server:
        container.ready(server.socket.getsockname()[1])
        server.serve_forever()


def listening(settings: container.Settings, port: int) -> Server:
    """The server, bound and not yet serving."""
    backend = Backend(settings)
    return serve(
        backend.talk,
        "127.0.0.1",
        port,
        process_request=backend.process_request,
        select_subprotocol=backend.select_subprotocol,
        compression=None,
    )


def _hello(request: Request) -> Hello:
    return hello(request.path, request.headers.raw_items())


def _json(
    socket: ServerConnection, status: int, document: Any, headers: Mapping[str, str]
) -> Response:
    response = socket.respond(status, json.dumps(document))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json"
    for name, value in headers.items():
        response.headers[name] = value
    return response


if __name__ == "__main__":
    main(os.environ)  # noqa: TID251  a container's own environment is its input
