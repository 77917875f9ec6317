"""What people said about rollouts of one scope: holds, approvals, and cancels.

It stands in PostgreSQL beside the engine's own tables, or in a SQLite file of its own. Rules of
this file: reading writes nothing, every connection is closed, and two processes at once wait for
each other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.rollout.consent import Approval, Hold

if TYPE_CHECKING:
    import sqlalchemy

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BUSY_TIMEOUT_S = 10
# Both databases take these as they stand. Times are microseconds of UTC.
_TABLES = (
    """
CREATE TABLE IF NOT EXISTS skewcheck_holds (
  scope TEXT NOT NULL PRIMARY KEY, who TEXT NOT NULL, why TEXT NOT NULL,
  at BIGINT NOT NULL, until BIGINT
)""",
    """
CREATE TABLE IF NOT EXISTS skewcheck_approvals (
  scope TEXT NOT NULL, digest TEXT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (scope, digest, who)
)""",
    """
CREATE TABLE IF NOT EXISTS skewcheck_cancels (
  scope TEXT NOT NULL, rollout TEXT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (scope, rollout)
)""",
)
_HOLD = "SELECT who, why, at, until FROM skewcheck_holds WHERE scope = :scope"
_SET_HOLD = """
INSERT INTO skewcheck_holds (scope, who, why, at, until) VALUES (:scope, :who, :why, :at, :until)
ON CONFLICT (scope) DO UPDATE SET
  who = excluded.who, why = excluded.why, at = excluded.at, until = excluded.until
"""
_RELEASE = "DELETE FROM skewcheck_holds WHERE scope = :scope"
_APPROVE = """
INSERT INTO skewcheck_approvals (scope, digest, who, at) VALUES (:scope, :digest, :who, :at)
ON CONFLICT DO NOTHING
"""
_APPROVALS = """
SELECT who, at FROM skewcheck_approvals WHERE scope = :scope AND digest = :digest ORDER BY at, who
"""
_CANCEL = """
INSERT INTO skewcheck_cancels (scope, rollout, who, at) VALUES (:scope, :rollout, :who, :at)
ON CONFLICT DO NOTHING
"""
_CANCELLED = "SELECT who FROM skewcheck_cancels WHERE scope = :scope AND rollout = :rollout"


class StoredNotes:
    """The `Notes` port. The first approval by one person and the first cancel of one rollout
    count; of holds the last."""

    def __init__(self, url: str | None, state: Path, scope: str) -> None:
        self._url = url
        self._file = state / "rollout-notes.db"
        self._scope = scope

    def hold(self) -> Hold | None:
        for who, why, at, until in self._read(_HOLD):
            ends = None if until is None else _moment(until)
            return Hold(who=who, why=why, at=_moment(at), until=ends)
        return None

    def set_hold(self, hold: Hold | None) -> None:
        if hold is None:
            self._write(_RELEASE)
            return
        until = None if hold.until is None else _micros(hold.until)
        self._write(_SET_HOLD, who=hold.who, why=hold.why, at=_micros(hold.at), until=until)

    def approve(self, approval: Approval) -> None:
        at = _micros(approval.at)
        self._write(_APPROVE, digest=approval.digest, who=approval.who, at=at)

    def approvals(self, digest: str) -> tuple[Approval, ...]:
        return tuple(
            Approval(digest=digest, who=who, at=_moment(at))
            for who, at in self._read(_APPROVALS, digest=digest)
        )

    def cancel(self, rollout: str, who: str, at: datetime) -> None:
        self._write(_CANCEL, rollout=rollout, who=who, at=_micros(at))

    def cancelled(self, rollout: str) -> str | None:
        return next((str(who) for (who,) in self._read(_CANCELLED, rollout=rollout)), None)

    def _read(self, question: str, **values: str) -> list[tuple[Any, ...]]:
        """Nothing where nothing was ever written."""
        if self._url is None and not self._file.exists():
            return []
        with self._told(), self._engine() as engine, engine.connect() as connection:
            if not _stands(connection):
                return []
            asked = connection.execute(_sql(question), {"scope": self._scope, **values})
            return [tuple(row) for row in asked]

    def _write(self, change: str, **values: str | int | None) -> None:
        with self._told():
            self._create()
            with self._engine() as engine, engine.begin() as connection:
                _make_tables(connection)
                connection.execute(_sql(change), {"scope": self._scope, **values})

    @contextmanager
    def _engine(self) -> Iterator[sqlalchemy.Engine]:
        import sqlalchemy

        if self._url is None:
            place = sqlalchemy.URL.create("sqlite", database=str(self._file.absolute()))
            patience = {"timeout": _BUSY_TIMEOUT_S}
        else:
            place = sqlalchemy.make_url(self._url).set(drivername="postgresql+psycopg")
            patience = {"connect_timeout": _BUSY_TIMEOUT_S}
        engine = sqlalchemy.create_engine(
            place, connect_args=patience, poolclass=sqlalchemy.NullPool
        )
        try:
            yield engine
        finally:
            engine.dispose()

    def _create(self) -> None:
        """Before SQLite does, which would let everybody read it."""
        if self._url is None and not self._file.exists():
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_CREAT | os.O_WRONLY, 0o600))

    @contextmanager
    def _told(self) -> Iterator[None]:
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError

        try:
            yield
        except ArgumentError:
            # The cause would show the password.
            raise UsageError(
                "SKEWCHECK_STATE_URL is no URL of a database",
                hint="set SKEWCHECK_STATE_URL=postgresql://user:password@host/database",
            ) from None
        except (SQLAlchemyError, OSError) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> SkewcheckError:
        text = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        where = self._file if self._url is None else "the database of SKEWCHECK_STATE_URL"
        told = self._masked(text.splitlines()[0])
        return SkewcheckError(
            f"cannot use the notes on rollouts in {where}: {told}", hint=self._hint(text)
        )

    def _masked(self, text: str) -> str:
        from sqlalchemy import make_url

        secret = str(make_url(self._url).password or "") if self._url else ""
        for form in (secret, quote(secret, safe=""), quote(secret)):
            text = text.replace(form, "***") if form else text
        return text

    def _hint(self, text: str) -> str:
        if self._url is not None:
            return "check SKEWCHECK_STATE_URL, and whether the server is up: pg_isready"
        if "is locked" in text:
            return "another run is writing: try again"
        folder = self._file.parent
        if "is full" in text or "disk I/O error" in text:
            return f"make room (df -h {folder}) and run it again"
        return f"ls -ld {folder} {self._file}, or choose another state directory"


def _stands(connection: sqlalchemy.Connection) -> bool:
    import sqlalchemy

    return sqlalchemy.inspect(connection).has_table("skewcheck_cancels")


def _make_tables(connection: sqlalchemy.Connection) -> None:
    """One process at a time: on PostgreSQL two that create a table at once fail, `IF NOT EXISTS`
    or not (it is looked up before it is locked)."""
    if _stands(connection):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_sql("SELECT pg_advisory_xact_lock(hashtext('skewcheck_notes'))"))
    for table in _TABLES:
        connection.execute(_sql(table))


def _sql(text: str) -> sqlalchemy.TextClause:
    import sqlalchemy

    return sqlalchemy.text(text)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
