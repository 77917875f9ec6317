"""The server's end of one raw connection: reads the request, then sends what a test wants it to."""

import contextlib
import json
import os
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from websockets.utils import accept_key

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FIN = 0x80


@dataclass(frozen=True)
class Request:
    """Header names are lower-case."""

    target: str
    headers: dict[str, str]

    @property
    def offers(self) -> list[str]:
        offered = self.headers.get("sec-websocket-protocol", "")
        return [offer.strip() for offer in offered.split(",") if offer.strip()]


class GoneError(Exception):
    """The client hung up, or the server is being stopped."""


class Peer:
    """Methods raise GoneError where the client is gone: a shape then simply ends."""

    def __init__(self, sock: socket.socket, stopping: threading.Event) -> None:
        self.stopping = stopping
        self.request = Request("", {})
        self._sock = sock
        self._unread = b""

    def read_request(self) -> Request:
        while b"\r\n\r\n" not in self._unread:
            self._read_more()
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        self.request = Request(first.split(" ")[1], {name.lower(): value for name, value in pairs})
        return self.request

    def raw(self, data: bytes | str) -> None:
        with _gone():
            self._sock.sendall(data.encode() if isinstance(data, str) else data)

    def upgrade(self, selected: str | None = "", *, accept: str = "", behind: bytes = b"") -> None:
        """Selects the first offer unless told which, or None; `behind` goes out with the answer."""
        if selected == "":
            selected = next(iter(self.request.offers), None)
        accept = accept or accept_key(self.request.headers["sec-websocket-key"])
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        lines.append(f"Sec-WebSocket-Accept: {accept}")
        if selected is not None:
            lines.append(f"Sec-WebSocket-Protocol: {selected}")
        self.raw("\r\n".join([*lines, "", ""]).encode() + behind)

    def json(self, value: Any) -> None:
        self.frame(FIN | TEXT, json.dumps(value).encode())

    def frame(self, first: int, payload: bytes) -> None:
        self.raw(frame(first, payload))

    def close(self, code: int | None = None, reason: str = "") -> None:
        """Sends the close frame and waits until the client has done its part."""
        body = b"" if code is None else struct.pack("!H", code) + reason.encode()
        self.frame(FIN | CLOSE, body)
        self.until_closed()

    def read_frame(self, within_s: float | None = None) -> tuple[int, bytes]:
        """Opcode and payload; TimeoutError where none came in time."""
        self._sock.settimeout(within_s)
        try:
            first, second = self._read(2)
            length = second & 0x7F
            if length > 125:
                length = int.from_bytes(self._read(2 if length == 126 else 8))
            mask = self._read(4)
            return first & 15, bytes(c ^ mask[i % 4] for i, c in enumerate(self._read(length)))
        finally:
            self._sock.settimeout(None)

    def stay(self) -> None:
        """Reads until the client closes, and echoes its close."""
        self.frame(FIN | CLOSE, self.until_closed())

    def until_closed(self) -> bytes:
        """Reads until the client closes; the payload of its close frame."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                return payload

    def beneath_tls(self, data: bytes) -> None:
        """Past the encryption, as only a broken server would."""
        os.write(self._sock.fileno(), data)

    def end_tls(self) -> None:
        """Says goodbye in TLS, not by FIN."""
        if isinstance(self._sock, ssl.SSLSocket):
            with _gone():
                self._sock.unwrap()

    def reset(self) -> None:
        # l_onoff=1, l_linger=0: close sends RST instead of FIN (socket(7))
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def finish(self) -> None:
        """Says FIN and reads on to theirs: to close on unread bytes would send RST."""
        with contextlib.suppress(GoneError, OSError):
            self._sock.shutdown(socket.SHUT_WR)
            while True:
                self._read_more()

    def read_some(self) -> bytes:
        """Whatever comes next, unframed."""
        if not self._unread:
            self._read_more()
        data, self._unread = self._unread, b""
        return data

    def read_some_and_stay(self) -> None:
        """Says nothing, ever."""
        self.read_some()
        self.stopping.wait()

    def _read(self, size: int) -> bytes:
        while len(self._unread) < size:
            self._read_more()
        data, self._unread = self._unread[:size], self._unread[size:]
        return data

    def _read_more(self) -> None:
        with _gone():
            data = self._sock.recv(65536)
        if not data:
            raise GoneError
        self._unread += data


def frame(first: int, payload: bytes) -> bytes:
    """Unmasked, as servers send them; `first` is the byte with FIN, reserved bits and opcode."""
    if len(payload) < 126:
        return bytes([first, len(payload)]) + payload
    if len(payload) < 65536:
        return struct.pack("!BBH", first, 126, len(payload)) + payload
    return struct.pack("!BBQ", first, 127, len(payload)) + payload


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise
    except OSError:
        raise GoneError from None
