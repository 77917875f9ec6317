"""The lock whose holder alone may execute the runs of a scope; it is let go by dying, too.

Rule of this file: nothing waits. Whoever does not get it asks again.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psycopg

from skewcheck.adapters.durable_engine.names import Names
from skewcheck.adapters.durable_engine.store import Store

# A machine that loses its power or its network is found out within about half a minute, and not
# in the two hours that TCP takes by itself. The server sees to that for its side (PostgreSQL
# manual, 20.3.2 "TCP Settings"), libpq for ours (34.1.2 "Parameter Key Words").
_IDLE_S, _INTERVAL_S, _COUNT, _UNANSWERED_MS = 10, 5, 3, 30_000
_THEIRS = (
    f"SET tcp_keepalives_idle = {_IDLE_S}",
    f"SET tcp_keepalives_interval = {_INTERVAL_S}",
    f"SET tcp_keepalives_count = {_COUNT}",
    f"SET tcp_user_timeout = {_UNANSWERED_MS}",
    "SET idle_session_timeout = 0",
)
_HELD = """
SELECT EXISTS (
  SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
  AND ((classid::bigint << 32) | objid::bigint) = %s AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""


class Guard(Protocol):
    def take(self) -> bool:
        """Whether it is ours now."""
        ...

    def stands(self) -> bool:
        """Whether it still is; asked before each act."""
        ...

    def let_go(self) -> None: ...


class FileGuard:
    """`flock` on a file of the scope: for the processes of one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        # Python opens files so that the programs we start do not inherit them (PEP 446); one that
        # outlived us would keep the lock.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._file = os.open(self._path, flags, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self.stands():
                return True
        self.let_go()
        return False

    def stands(self) -> bool:
        """Not if the file was deleted meanwhile: then the next one locks another."""
        if self._file is None:
            return False
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        return False

    def let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class PostgresGuard:
    """An advisory lock on a session of its own: for all machines that have the database.

    Not through a pooler in transaction mode, which hands the session to somebody else.
    """

    def __init__(self, conninfo: str, key: int) -> None:
        self._conninfo = conninfo
        self._key = key
        self._session: psycopg.Connection[tuple[object, ...]] | None = None

    def take(self) -> bool:
        if self._session is None:
            self._session = psycopg.connect(
                self._conninfo,
                autocommit=True,
                connect_timeout=10,
                keepalives=1,
                keepalives_idle=_IDLE_S,
                keepalives_interval=_INTERVAL_S,
                keepalives_count=_COUNT,
                tcp_user_timeout=_UNANSWERED_MS,
            )
            for each in _THEIRS:
                self._session.execute(each.encode())
        return self._says(b"SELECT pg_try_advisory_lock(%s)") and self.stands()

    def stands(self) -> bool:
        return self._session is not None and self._says(_HELD.encode())

    def let_go(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _says(self, question: bytes) -> bool:
        session = self._session
        if session is None:
            return False
        answer = session.execute(question, (self._key,)).fetchone()
        return answer is not None and answer[0] is True


def guard_of(store: Store, names: Names) -> AbstractContextManager[Guard]:
    """Let go of at the end, whatever happens."""
    if store.folder is not None:
        return _closing(FileGuard(store.folder / f"{names.name}.lock"))
    conninfo = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return _closing(PostgresGuard(conninfo, names.lock))


@contextmanager
def _closing(guard: Guard) -> Iterator[Guard]:
    try:
        yield guard
    finally:
        guard.let_go()
