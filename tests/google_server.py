"""A tiny server on loopback that plays Google's APIs: what it answers, and what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Reply:
    """`promised` is the Content-Length, where it lies about the body; `hang` never answers."""

    body: bytes = b"{}"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    promised: int | None = None
    hang: bool = False
    drip: bool = False


Answering = Callable[[str, dict[str, str]], Reply]


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    named = tuple((name.replace("_", "-"), each) for name, each in headers.items())
    return Reply(json.dumps(value).encode(), status, (("Content-Type", "application/json"), *named))


def refusal(status: int, name: str, message: str, reason: str = "", **metadata: str) -> Reply:
    """An error as Google's APIs word it (AIP-193)."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}
    details = [info | {"domain": "googleapis.com", "metadata": metadata}] if reason else []
    error = {"code": status, "message": message, "status": name, "details": details}
    return as_json({"error": error}, status)


@dataclass
class Server:
    """`requests` are paths with their queries, as they arrived; `bodies` what was posted."""

    url: str
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    server: "_Listener"

    def do_GET(self) -> None:
        seen = self.server.seen
        seen.requests.append(self.path)
        seen.headers.append({name.lower(): value for name, value in self.headers.items()})
        parts = urlsplit(self.path)
        self._send(self.server.answering(parts.path, dict(parse_qsl(parts.query))), seen.closing)

    def do_POST(self) -> None:
        self.server.seen.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.do_GET()

    def _send(self, reply: Reply, closing: threading.Event) -> None:
        if reply.hang:
            closing.wait()
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        length = len(reply.body) if reply.promised is None else reply.promised
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(reply.body)
        while reply.drip and not closing.wait(0.02):
            self.wfile.write(b" ")

    def log_message(self, *_: object) -> None:
        """Nothing: tests look at what was asked."""


class _Listener(ThreadingHTTPServer):
    def __init__(self, answering: Answering) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answering = answering
        self.seen = Server(f"http://127.0.0.1:{self.server_address[1]}")

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up is what some tests are about."""


@contextmanager
def serve(answering: Answering) -> Iterator[Server]:
    """Alive within the block; a hanging answer ends with it."""
    listener = _Listener(answering)
    serving = {"poll_interval": 0.01}
    thread = threading.Thread(target=listener.serve_forever, kwargs=serving)
    thread.start()
    try:
        yield listener.seen
    finally:
        listener.seen.closing.set()
        listener.shutdown()
        thread.join()
        listener.server_close()
