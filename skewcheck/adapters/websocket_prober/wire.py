"""A connected socket on which nothing takes longer, and nothing brings more, than allowed."""

import socket
import ssl
from collections.abc import Callable
from typing import Literal, TypeAlias

MOST_BYTES = 2 * 1024 * 1024
_PIECE = 64 * 1024
_LOOK_S = 0.001

Ending: TypeAlias = Literal["eof", "reset", "left"]


class OverError(Exception):
    """The connection is over; `how` is for the transcript."""

    def __init__(self, how: Ending) -> None:
        super().__init__(how)
        self.how: Ending = how


class TooMuchError(Exception):
    """They sent more than a probe is ready to take."""

    def __init__(self) -> None:
        super().__init__(f"more than {MOST_BYTES // 1024 // 1024} MiB were sent")


class Wire:
    """Deadlines are readings of `now_s`.

    TLS goes through memory instead of an ssl.SSLSocket, whose reads take a timeout but no
    deadline, and which leaks its socket where it cannot be made (Python 3.11).
    """

    def __init__(self, sock: socket.socket, now_s: Callable[[], float]) -> None:
        self._sock = sock
        self._now_s = now_s
        self._received = 0
        self._is_reset = False
        self._looked_for: float | None = None
        self._tls: ssl.SSLObject | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()

    def receive(self, until_s: float, *, size: int = _PIECE) -> bytes:
        """Some bytes; TimeoutError at the deadline, OverError where they ended it."""
        tls = self._tls
        data = self._pull(size, until_s) if tls is None else self._decrypt(tls, until_s)
        self._received += len(data)
        if self._received > MOST_BYTES:
            raise TooMuchError
        return data

    def send(self, data: bytes, until_s: float) -> bool:
        """False where it did not get through; what they said before that can still be read."""
        if self._tls is None:
            return self._put(data, until_s)
        try:
            self._tls.write(data)
        except ssl.SSLError:
            return False
        return self._put(self._outgoing.read(), until_s)

    def secure(self, context: ssl.SSLContext, host: str, until_s: float) -> ssl.SSLObject:
        """Goes on in TLS; raises what ssl raises besides what `receive` does."""
        tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._put(self._outgoing.read(), until_s)
                self._incoming.write(self._pull(_PIECE, until_s))
            except ssl.SSLError:
                self._put(self._outgoing.read(), until_s)  # says why, as an alert
                raise
            else:
                self._put(self._outgoing.read(), until_s)
                self._tls = tls
                return tls

    def close(self) -> None:
        self._sock.close()

    def _decrypt(self, tls: ssl.SSLObject, until_s: float) -> bytes:
        while True:
            try:
                data = tls.read(_PIECE)
            except ssl.SSLWantReadError:
                self._incoming.write(self._pull(_PIECE, until_s))
            except ssl.SSLError as error:
                raise OverError("reset") from error
            else:
                if not data:
                    raise OverError("eof")
                return data

    def _pull(self, size: int, until_s: float) -> bytes:
        """What arrived while this thread had to wait for its turn is not late, so a deadline that
        is over allows one more look; one only, or an endless stream would never end."""
        if self._now_s() >= until_s:
            if self._looked_for == until_s:
                raise TimeoutError
            self._looked_for = until_s
        self._sock.settimeout(self._left_s(until_s))
        try:
            data = self._sock.recv(size)
        except TimeoutError:
            raise
        except OSError as error:
            raise OverError("reset") from error
        if not data:
            raise OverError("reset" if self._is_reset else "eof")
        return data

    def _put(self, data: bytes, until_s: float) -> bool:
        self._sock.settimeout(self._left_s(until_s))
        try:
            self._sock.sendall(data)
        except OSError as error:
            # The kernel tells of a reset only once: what reads afterwards sees a mere end.
            self._is_reset = isinstance(error, ConnectionResetError)
            return False
        return True

    def _left_s(self, until_s: float) -> float:
        return max(until_s - self._now_s(), _LOOK_S)
