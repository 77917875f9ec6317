"""A few connections to PostgreSQL that the threads of one process take turns on.

Rule of this file: whoever has taken a connection gives it back or ends it, and those that nobody
has are ended with the pool, however that goes.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeAlias

import psycopg

from skewcheck.database.layout import Row

Connection: TypeAlias = psycopg.Connection[Row]

# Replicas share the server's connections (100 by default) with the engine.
AT_ONCE = 8
_CONNECTS_WITHIN_S = 10
# A server that loses its power or its network is found out within about half a minute
# (libpq, "Parameter Key Words").
_IDLE_S, _INTERVAL_S, _COUNT, _UNANSWERED_MS = 10, 5, 3, 30_000


class Pool:
    """Connects when somebody needs it, and anew where a connection has gone away meanwhile."""

    def __init__(self, url: str, *, patience_s: float) -> None:
        """`patience_s` is how long to wait for what others have locked, and three times that for
        a connection."""
        self._url = url
        self._patience_s = patience_s
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._idle: list[Connection] = []
        weakref.finalize(self, _end, self._idle)

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """Waits for its turn, then raises OSError."""
        if not self._turns.acquire(timeout=3 * self._patience_s):
            raise OSError(f"all {AT_ONCE} connections are busy")
        try:
            connection = self._standing() or self._connected()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            self._turns.release()

    def close(self) -> None:
        _end(self._idle)

    def _standing(self) -> Connection | None:
        """None where the server has ended it: it was restarted, or a firewall grew impatient."""
        if not self._idle:
            return None
        with suppress(IndexError):  # another thread took the last
            connection = self._idle.pop()
            try:
                connection.execute(b"SELECT 1")
            except psycopg.OperationalError:
                connection.close()
            else:
                return connection
        return None

    def _connected(self) -> Connection:
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            prepare_threshold=None,  # poolers hand the session to somebody else
            connect_timeout=_CONNECTS_WITHIN_S,
            keepalives_idle=_IDLE_S,
            keepalives_interval=_INTERVAL_S,
            keepalives_count=_COUNT,
            tcp_user_timeout=_UNANSWERED_MS,
        )
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        connection.execute(f"SET lock_timeout = {int(self._patience_s * 1000)}".encode())
        return connection

    def _give_back(self, connection: Connection) -> None:
        if connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            connection.close()


def _end(idle: list[Connection]) -> None:
    while idle:
        with suppress(IndexError):
            idle.pop().close()
