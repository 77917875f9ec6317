"""Calls, routes and the loopback HTTP server of the control plane.

The server also takes absolute-form targets, as a proxy gets them: that is how gcloud, which puts
the region in front of every host name, can be pointed here.
"""

import json
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.edges.listener import Listener
from skewcheck.sandbox.errors import ApiError, invalid, not_found

_JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, taken apart; `part` are the named groups of the route's pattern."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json
    part: Mapping[str, str]
    host: str = ""

    def flag(self, name: str) -> bool:
        """A boolean of the query string."""
        return self.query.get(name, "").lower() == "true"


@dataclass(frozen=True, slots=True)
class Route:
    """A method, a pattern for the whole path, and what answers."""

    method: str
    pattern: str
    answer: Callable[[Call], Json]


Routes: TypeAlias = Iterable[Route]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: a status, a content type and bytes."""

    status: int
    content: bytes
    kind: str = _JSON


@dataclass(frozen=True, slots=True)
class Moment:
    """A request just before it takes effect, or just after it did and before that is answered."""

    when: Literal["before", "after"]
    method: str
    path: str
    query: Mapping[str, str]
    body: bytes


class ControlPlane:
    """Serves the routes on a port of its own, and keeps what was asked in `calls`.

    `on_call` is told of both moments of each request, in the thread that answers it; an ApiError
    that it raises is what the client gets instead, after the effect as well as before it.
    """

    def __init__(self, routes: Routes, faults: Faults) -> None:
        self._routes = [(route, re.compile(route.pattern)) for route in routes]
        self.faults = faults
        self.calls: list[tuple[str, str]] = []
        self.on_call: Callable[[Moment], None] = lambda _: None
        self._listener = Listener(self._serve)
        self.port = self._listener.port
        self.url = self._listener.url

    def close(self) -> None:
        """End what hangs, then every connection."""
        self.faults.release()
        self._listener.close()

    def answer(self, method: str, target: str, content: bytes) -> Reply | None:
        """The reply to a request; none leaves the caller without any."""
        address = urlsplit(target)
        path = unquote(address.path)
        self.calls.append((method, target))
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        before = Moment("before", method, path, query, content)
        try:
            self.on_call(before)
            fault = self.faults.take(method, path)
            if fault is not None:
                return Reply(fault.status, fault.content, fault.kind) if fault.status else None
            call = Call(method, path, query, _parsed(content), {}, address.netloc)
            reply = _json(200, self._route(call))
            self.on_call(replace(before, when="after"))
        except ApiError as error:
            return _json(error.code, error.body())
        return reply

    def _route(self, call: Call) -> Json:
        for route, pattern in self._routes:
            if route.method == call.method and (found := pattern.fullmatch(call.path)):
                return route.answer(replace(call, part=found.groupdict()))
        raise not_found(f"The requested URL {call.method} {call.path} was not found.")

    def _serve(self, connection: socket.socket) -> None:
        _Handler(connection, self)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, connection: socket.socket, plane: ControlPlane) -> None:
        self._plane = plane
        super().__init__(connection, ("127.0.0.1", 0), plane)  # type: ignore[arg-type]

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self._plane.answer(self.command, self.path, content)
        if reply is None:
            self.close_connection = True
            return
        head = (
            f"HTTP/1.1 {reply.status} {self.responses.get(reply.status, ('',))[0]}\r\n"
            f"Content-Type: {reply.kind}\r\nContent-Length: {len(reply.content)}\r\n\r\n"
        )
        # In one piece: a head on its own waits for the client's delayed acknowledgement.
        self.wfile.write(head.encode() + reply.content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815  http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """What was asked is kept in `ControlPlane.calls`."""


class Paging:
    """Turns a list into a page of an answer, in the shape of Google's list methods."""

    def __init__(self, key: str, page: Callable[[Any, str, str], tuple[list[Json], str]]) -> None:
        self._key = key
        self._page = page

    def __call__(self, items: Iterable[Json], call: Call) -> Json:
        size, token = call.query.get("pageSize", ""), call.query.get("pageToken", "")
        chosen, following = self._page(items, size, token)
        return {self._key: chosen} | ({"nextPageToken": following} if following else {})


def _json(status: int, document: Json) -> Reply:
    return Reply(status, json.dumps(document).encode())


def _parsed(content: bytes) -> Json:
    try:
        body = json.loads(content or b"{}")
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received. Root element must be a message.")
    return body
