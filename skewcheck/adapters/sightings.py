"""Remembers in one SQLite file which builds earlier surveys saw live, so that clients that may
linger are known to later ones.

Rules of this file: no file before the first record, every connection is closed, two runs at once
wait for each other, and what is older than 90 days is forgotten.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skewcheck.core.build import BuildSha
from skewcheck.core.errors import SkewcheckError
from skewcheck.ports import Sighting

KEPT = timedelta(days=90)
_BUSY_TIMEOUT_S = 10.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TABLE = """
CREATE TABLE IF NOT EXISTS sightings (
  scope TEXT NOT NULL, service TEXT NOT NULL, build TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (scope, service, build)
) WITHOUT ROWID
"""
_SEEN = """
INSERT INTO sightings VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
"""
_SINCE = """
SELECT service, build, first, last FROM sightings WHERE scope = ? AND last >= ?
ORDER BY service, last DESC, build
"""


class SqliteSightings:
    """The `Sightings` port, in `sightings.db` inside the state directory."""

    def __init__(self, state: Path) -> None:
        self._path = state / "sightings.db"

    def since(self, scope: str, moment: datetime) -> tuple[Sighting, ...]:
        if not self._path.exists():
            return ()
        with self._opened() as db:
            rows = db.execute(_SINCE, (scope, _micros(moment))).fetchall()
            return tuple(
                Sighting(service, BuildSha(build), first=_moment(first), last=_moment(last))
                for service, build, first, last in rows
            )

    def record(self, scope: str, seen: Mapping[str, frozenset[BuildSha]], at: datetime) -> None:
        """In one transaction; a late record of an earlier moment never shortens a sighting."""
        now = _micros(at)
        rows = [
            (scope, service, build.value, now, now)
            for service, builds in seen.items()
            for build in builds
        ]
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(_SEEN, rows)
            db.execute("DELETE FROM sightings WHERE last < ?", (_micros(at - KEPT),))
            db.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._create()
            with closing(
                sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
            ) as db:
                db.execute(_TABLE)
                yield db
        except (OSError, sqlite3.Error, ValueError) as error:
            raise SkewcheckError(
                f"cannot use the sightings in {self._path}: {error}", hint=self._hint(error)
            ) from error

    def _create(self) -> None:
        """Before SQLite does, which would let everybody read it."""
        if not self._path.exists():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))

    def _hint(self, error: Exception) -> str:
        if "locked" in str(error):
            return "another run is writing: try again"
        if isinstance(error, OSError | sqlite3.OperationalError):
            return f"ls -ld {self._path.parent} {self._path}, or choose another state directory"
        return f"it is damaged; forget what was seen: rm {self._path}"


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
