"""Where runs are kept, and what is told of it when that fails: never its password."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
import sqlalchemy
from dbos import error as dbos_errors
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from skewcheck.core.errors import SkewcheckError, UsageError

_FULL = ("disk is full", "disk i/o error", "no space left", "file too large", "disk full")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """`url` is SQLAlchemy's, with the password; `folder` holds the SQLite file and the locks, None
    where PostgreSQL does."""

    url: sqlalchemy.URL = field(repr=False)
    folder: Path | None

    @property
    def whole_url(self) -> str:
        return self.url.render_as_string(hide_password=False)

    @property
    def shown(self) -> str:
        url = self.url
        bare = url.create("postgresql", url.username, None, url.host, url.port, url.database)
        return str(self.file or bare)

    @property
    def file(self) -> Path | None:
        return self.folder and self.folder / "rollouts.db"

    def create(self) -> None:
        """Before SQLite does, which would let everybody read it."""
        if self.file is not None and not self.file.exists():
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.file, os.O_CREAT | os.O_WRONLY, 0o600))

    def failure(self, error: Exception) -> SkewcheckError:
        """For what a database, its driver or DBOS raised."""
        text = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        told = self._masked(text.splitlines()[0])
        return SkewcheckError(
            f"cannot use the rollouts in {self.shown}: {told}", hint=self._hint(text.lower())
        )

    @contextmanager
    def told(self) -> Iterator[None]:
        """Failures of the database, as ours. No place for other people's code."""
        try:
            yield
        except (SQLAlchemyError, psycopg.Error, dbos_errors.DBOSException, OSError) as error:
            raise self.failure(error) from error

    def _masked(self, text: str) -> str:
        """Neither as it is nor as it stands in the URL."""
        secret = str(self.url.password or "")
        for form in sorted({secret, quote(secret, safe=""), quote(secret)}, key=len, reverse=True):
            text = text.replace(form, "***") if form else text
        return text

    def _hint(self, text: str) -> str:
        if any(sign in text for sign in _FULL):
            return f"make room (df -h {self.folder or ''}) and run it again: it goes on from here"
        if self.folder is None:
            server = f"-h {self.url.host or 'localhost'} -p {self.url.port or 5432}"
            return f"check SKEWCHECK_STATE_URL, and whether the server is up: pg_isready {server}"
        if "is locked" in text:
            return "another run is writing: try again"
        return f"ls -ld {self.folder} {self.file}, or choose another state directory"


def store_of(url: str | None, state: Path) -> Store:
    if url is None:
        file = state.absolute() / "rollouts.db"
        return Store(url=sqlalchemy.URL.create("sqlite", database=str(file)), folder=file.parent)
    try:
        read = sqlalchemy.make_url(url)
    except (ArgumentError, ValueError):
        # The cause would show the password.
        raise UsageError(
            "SKEWCHECK_STATE_URL is no URL of a database",
            hint="set SKEWCHECK_STATE_URL=postgresql://user:password@host/database",
        ) from None
    return Store(url=read.set(drivername="postgresql+psycopg"), folder=None)
