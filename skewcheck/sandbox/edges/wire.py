"""HTTP/1.1 heads as values, and bytes carried between two sockets.

Rule of this file: one request per connection. A proxy that says `Connection: close` to both sides
need not understand bodies, and an upgraded connection needs nothing more than the same pump.
"""

import contextlib
import selectors
import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

_CHUNK = 65536
_LONGEST_HEAD = 65536
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Head:
    """The first line and the header fields of a request or a response."""

    first: str
    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The field's value; several fields are joined, none is empty."""
        return ", ".join(value for key, value in self.fields if key.lower() == name.lower())

    def without(self, names: Collection[str]) -> "Head":
        """Without the named fields."""
        low = {name.lower() for name in names}
        return replace(self, fields=tuple(f for f in self.fields if f[0].lower() not in low))

    def having(self, name: str, value: str) -> "Head":
        """With exactly this value for the field."""
        cleaned = self.without([name])
        return replace(cleaned, fields=(*cleaned.fields, (name, value)))

    def encoded(self) -> bytes:
        """As it goes over the wire."""
        lines = [self.first, *(f"{name}: {value}" for name, value in self.fields)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    @property
    def method(self) -> str:
        """The method of a request."""
        return self.first.split(" ")[0]

    @property
    def target(self) -> str:
        """The target of a request, query included."""
        return self.first.split(" ")[1]

    @property
    def status(self) -> int:
        """The status of a response."""
        return int(self.first.split(" ")[1])

    @property
    def upgrades(self) -> bool:
        """Does it ask for a WebSocket?"""
        return "websocket" in self.get("Upgrade").lower()

    def for_next_hop(self) -> "Head":
        """One request per connection, unless it is to be upgraded."""
        return self if self.upgrades else self.having("Connection", "close")


@dataclass(frozen=True, slots=True)
class Limits:
    """When a box in the middle cuts a tunnel; none means never."""

    idle_s: float | None = None
    lifetime_s: float | None = None


def read_head(connection: socket.socket) -> tuple[Head, bytes] | None:
    """The head and what came after it; none if the other side went before it was complete."""
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > _LONGEST_HEAD or not (more := connection.recv(_CHUNK)):
            return None
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    if first.count(" ") < 1:
        return None
    fields = [line.partition(":") for line in lines]
    return Head(first, tuple((name.strip(), value.strip()) for name, _, value in fields)), rest


def read_to_end(connection: socket.socket) -> bytes:
    """Everything until the other side ends."""
    chunks = []
    while chunk := connection.recv(_CHUNK):
        chunks.append(chunk)
    return b"".join(chunks)


def connect(port: int) -> socket.socket:
    """A connection to a port of this machine."""
    connection = socket.create_connection((_HOST, port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def send_request(client: socket.socket, upstream: socket.socket, head: Head, rest: bytes) -> None:
    """The head, and as much body as it announces."""
    upstream.sendall(head.for_next_hop().encoded() + rest)
    missing = int(head.get("Content-Length") or 0) - len(rest)
    while missing > 0 and (chunk := client.recv(min(missing, _CHUNK))):
        upstream.sendall(chunk)
        missing -= len(chunk)


def carry_on(
    client: socket.socket,
    upstream: socket.socket,
    *,
    upgraded: bool,
    limits: Limits = Limits(),
) -> None:
    """What follows the head of a response: a body until its end, or a tunnel."""
    if upgraded:
        pump(client, upstream, limits)
        return
    while chunk := upstream.recv(_CHUNK):
        client.sendall(chunk)


def pump(
    left: socket.socket,
    right: socket.socket,
    limits: Limits = Limits(),
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Carry bytes both ways until both sides ended, or a limit cuts the tunnel."""
    ends_at = monotonic() + limits.lifetime_s if limits.lifetime_s is not None else None
    with selectors.DefaultSelector() as selector:
        selector.register(left, selectors.EVENT_READ, right)
        selector.register(right, selectors.EVENT_READ, left)
        while selector.get_map():
            events = selector.select(_patience(limits, ends_at, monotonic()))
            if not events or (ends_at is not None and monotonic() >= ends_at):
                return
            for key, _ in events:
                source = key.fileobj
                if isinstance(source, socket.socket) and not _carry(source, key.data):
                    selector.unregister(source)


def simple(status: str, body: str, kind: str = "text/html; charset=utf-8") -> bytes:
    """A whole response made up by a proxy itself."""
    content = body.encode()
    fields = (
        ("Content-Type", kind),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    )
    return Head(f"HTTP/1.1 {status}", fields).encoded() + content


def _patience(limits: Limits, ends_at: float | None, now: float) -> float | None:
    remaining = [limits.idle_s, None if ends_at is None else max(0.0, ends_at - now)]
    return min((seconds for seconds in remaining if seconds is not None), default=None)


def _carry(source: socket.socket, target: socket.socket) -> bool:
    try:
        data = source.recv(_CHUNK)
        target.sendall(data)
    except OSError:
        data = b""
    if not data:
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
    return bool(data)
