"""One SQLite file, a connection for each call. It is made with the first write, for its owner's
eyes alone.
"""

import os
import shlex
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from skewcheck.core.errors import SkewcheckError
from skewcheck.database.layout import Change, Column, Layout, Row, Value
from skewcheck.database.place import NoColumnError, NoTableError
from skewcheck.database.together import Together

_FULL = ("disk is full", "disk i/o error", "no space left", "file too large")
_HAS = "SELECT 1 FROM pragma_table_info(:table) WHERE name = :name"


class SqliteFile:
    """A `Place`. Two processes that write at once wait for each other; the threads of one queue up
    and are written together, because SQLite lets waiters try again at random and forgets some."""

    def __init__(self, file: Path, *, patience_s: float = 10.0) -> None:
        self._file = file.absolute()
        self._patience_s = patience_s
        self._together = Together(self._opened)

    def rows(self, sql: str, values: Mapping[str, Value]) -> list[Row]:
        if not self._file.exists():
            raise NoTableError
        with self._opened() as db, _missing_told():
            return db.execute(sql, dict(values)).fetchall()

    def changed(self, changes: Sequence[Change]) -> list[int]:
        self._create()
        with _missing_told():
            return self._together.write(changes)

    def make(self, layout: Layout) -> None:
        with self._written() as db:
            for statement in (*layout.both, *layout.sqlite):
                db.execute(statement)
            for column in layout.added:
                _add(db, column)

    @contextmanager
    def told(self, layout: Layout) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, UnicodeError) as error:
            raise self._failure(layout, str(error), self._hint(layout, error)) from error

    def damage(self, layout: Layout, why: str) -> SkewcheckError:
        return self._failure(layout, why, layout.damaged.format(file=self._quoted))

    def close(self) -> None:
        """Every call has closed its own connection."""

    @contextmanager
    def _written(self) -> Iterator[sqlite3.Connection]:
        self._create()
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Closing rolls back what was not committed."""
        place = f"{self._file.as_uri()}?mode=rw"
        with closing(
            sqlite3.connect(place, timeout=self._patience_s, isolation_level=None, uri=True)
        ) as db:
            yield db

    def _create(self) -> None:
        """Before SQLite does, which would let everybody read it."""
        if not self._file.exists():
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))

    def _failure(self, layout: Layout, why: str, hint: str) -> SkewcheckError:
        return SkewcheckError(f"cannot use {layout.what} in {self._file}: {why}", hint=hint)

    def _hint(self, layout: Layout, error: Exception) -> str:
        text, folder = str(error).lower(), shlex.quote(str(self._file.parent))
        if isinstance(error, UnicodeError):
            return "write it in UTF-8"
        if "is locked" in text:
            return "another run is writing: try again"
        if any(sign in text for sign in _FULL):
            return f"make room (df -h {folder}) and run it again"
        if isinstance(error, OSError | sqlite3.OperationalError):
            return f"ls -ld {folder} {self._quoted}, or choose another state directory"
        return layout.damaged.format(file=self._quoted)

    @property
    def _quoted(self) -> str:
        return shlex.quote(str(self._file))


@contextmanager
def _missing_told() -> Iterator[None]:
    """SQLite has one code for both, and for all other mistakes in SQL."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if text.startswith("no such table"):
            raise NoTableError from error
        if text.startswith("no such column") or "has no column named" in text:
            raise NoColumnError from error
        raise


def _add(db: sqlite3.Connection, column: Column) -> None:
    if not db.execute(_HAS, {"table": column.table, "name": column.name}).fetchall():
        db.execute(f"ALTER TABLE {column.table} ADD COLUMN {column.name} {column.type}")
