"""A loopback TCP listener with one thread per connection, which closes without leaving threads."""

import contextlib
import socket
import threading
from collections.abc import Callable

_HOST = "127.0.0.1"


class Listener:
    """Accepts from construction until `close`; the connection belongs to `serve` while it runs."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._server = socket.create_server((_HOST, 0), backlog=128)
        self.port: int = self._server.getsockname()[1]
        self._closing = False
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    @property
    def url(self) -> str:
        """Where this listener is."""
        return f"http://{_HOST}:{self.port}"

    def close(self) -> None:
        """Stop accepting, end every connection, wait for its thread."""
        self._closing = True
        # Closing a socket does not wake a thread that accepts on it; a connection does.
        with contextlib.suppress(OSError), socket.create_connection((_HOST, self.port)):
            self._acceptor.join()
        self._server.close()
        with self._lock:
            remaining = dict(self._open)
            for connection in remaining:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in remaining.values():
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, _ = self._server.accept()
            if self._closing:
                connection.close()
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._hold, args=(connection,), daemon=True)
            with self._lock:
                self._open[connection] = thread
            thread.start()

    def _hold(self, connection: socket.socket) -> None:
        try:
            # The other side may go whenever it likes.
            with connection, contextlib.suppress(OSError):
                self._serve(connection)
        finally:
            with self._lock:
                del self._open[connection]
