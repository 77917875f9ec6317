"""The PostgreSQL database of SKEWCHECK_STATE_URL. Only who has one loads this module, and psycopg
with it.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import quote

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.database.layout import Change, Layout, Row, Value
from skewcheck.database.place import NoColumnError, NoTableError
from skewcheck.database.pool import Connection, Pool

_SCHEMES = ("postgresql://", "postgres://")
# On PostgreSQL two that create a table at once fail, `IF NOT EXISTS` or not: it is looked up before
# it is locked.
_ONE_AT_A_TIME = b"SELECT pg_advisory_xact_lock(hashtext('skewcheck_tables'))"
_HINTS = {
    UnicodeError: "write plain text: UTF-8 without NUL characters",
    psycopg.DataError: "write plain text: UTF-8 without NUL characters",
    errors.LockNotAvailable: "another run is writing: try again",
    errors.DiskFull: "make room on the database server and run it again",
    errors.InsufficientPrivilege: "let its user make tables: GRANT CREATE ON SCHEMA public TO …",
}


class PostgresServer:
    """A `Place`."""

    def __init__(self, url: str, *, patience_s: float = 10.0) -> None:
        self._about = _read(url)
        self._pool = Pool(url, patience_s=patience_s)

    def rows(self, sql: str, values: Mapping[str, Value]) -> list[Row]:
        with self._pool.lent() as connection, _missing_told():
            return connection.execute(_translated(sql), values).fetchall()

    def changed(self, changes: Sequence[Change]) -> list[int]:
        with self._pool.lent() as connection, _missing_told(), connection.transaction():
            return [_touched(connection, *change) for change in changes]

    def make(self, layout: Layout) -> None:
        with self._pool.lent() as connection, connection.transaction():
            connection.execute(_ONE_AT_A_TIME)
            for statement in (*layout.both, *layout.postgres):
                connection.execute(statement.encode())
            for column in layout.added:
                added = f"ADD COLUMN IF NOT EXISTS {column.name} {column.type}"
                connection.execute(f"ALTER TABLE {column.table} {added}".encode())

    @contextmanager
    def told(self, layout: Layout) -> Iterator[None]:
        try:
            yield
        except (psycopg.Error, OSError, UnicodeError) as error:
            text = str(error).strip() or type(error).__name__
            raise self._failure(layout, text.splitlines()[0], self._hint(error)) from error

    def damage(self, layout: Layout, why: str) -> SkewcheckError:
        return self._failure(layout, why, "a row of it is damaged: look with psql, and mend it")

    def close(self) -> None:
        self._pool.close()

    def _failure(self, layout: Layout, why: str, hint: str) -> SkewcheckError:
        return SkewcheckError(
            f"cannot use {layout.what} in the database of SKEWCHECK_STATE_URL: {self._masked(why)}",
            hint=hint,
        )

    def _masked(self, text: str) -> str:
        """Neither as it is nor as it stands in the URL."""
        secret = str(self._about.get("password") or "")
        for form in sorted({secret, quote(secret, safe=""), quote(secret)}, key=len, reverse=True):
            text = text.replace(form, "***") if form else text
        return text

    def _hint(self, error: Exception) -> str:
        for kind, hint in _HINTS.items():
            if isinstance(error, kind):
                return hint
        host, port = (str(self._about.get(name) or "") for name in ("host", "port"))
        server = f"-h {shlex.quote(host or 'localhost')} -p {shlex.quote(port or '5432')}"
        return f"check SKEWCHECK_STATE_URL, and whether the server is up: pg_isready {server}"


def _read(url: str) -> Mapping[str, object]:
    try:
        if url.startswith(_SCHEMES):
            return conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        pass
    # The cause would show the password.
    raise UsageError(
        "SKEWCHECK_STATE_URL is no URL of a database",
        hint="set SKEWCHECK_STATE_URL=postgresql://user:password@host/database",
    )


@contextmanager
def _missing_told() -> Iterator[None]:
    try:
        yield
    except errors.UndefinedTable as error:
        raise NoTableError from error
    except errors.UndefinedColumn as error:
        raise NoColumnError from error


def _touched(connection: Connection, sql: str, values: Mapping[str, Value]) -> int:
    return connection.execute(_translated(sql), values).rowcount


@lru_cache
def _translated(sql: str) -> bytes:
    """`:name` becomes what psycopg takes."""
    return re.sub(r":([a-z_]+)", r"%(\1)s", sql.replace("%", "%%")).encode()
