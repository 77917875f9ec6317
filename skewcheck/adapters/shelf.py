"""Small JSON documents that all replicas of one project share, and whose turn it is to do what.

Each rule is one statement, so that the database decides between two who come at once.
"""

import json
import secrets
from datetime import datetime, timedelta

from skewcheck.core.strict_json import Json
from skewcheck.database import Database
from skewcheck.database.layout import Layout, Row, Value, from_micros, micros
from skewcheck.ports.service import Kept

_LAYOUT = Layout(
    what="the documents of the service",
    both=(
        """
CREATE TABLE IF NOT EXISTS skewcheck_shelf (
  scope TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  revision BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (scope, kind, key)
)""",
        """
CREATE TABLE IF NOT EXISTS skewcheck_turns (
  scope TEXT NOT NULL, what TEXT NOT NULL, holder TEXT NOT NULL, until BIGINT NOT NULL,
  PRIMARY KEY (scope, what)
)""",
    ),
)
_READ = """
SELECT key, value, revision, at FROM skewcheck_shelf
WHERE scope = :scope AND kind = :kind AND key = :key
"""
_ALL = "SELECT key, value, revision, at FROM skewcheck_shelf WHERE scope = :scope AND kind = :kind"
_ADD = """
INSERT INTO skewcheck_shelf (scope, kind, key, value, revision, at)
VALUES (:scope, :kind, :key, :value, :revision, :at)
ON CONFLICT (scope, kind, key) DO NOTHING
"""
_PUT = """
INSERT INTO skewcheck_shelf (scope, kind, key, value, revision, at)
VALUES (:scope, :kind, :key, :value, :revision, :at)
ON CONFLICT (scope, kind, key) DO UPDATE SET
  value = excluded.value, revision = skewcheck_shelf.revision + 1, at = excluded.at
"""
_REPLACE = """
UPDATE skewcheck_shelf SET value = :value, revision = revision + 1, at = :at
WHERE scope = :scope AND kind = :kind AND key = :key AND revision = :revision
"""
_REMOVE = "DELETE FROM skewcheck_shelf WHERE scope = :scope AND kind = :kind AND key = :key"
_FORGET = "DELETE FROM skewcheck_shelf WHERE scope = :scope AND kind = :kind AND at < :before"
# A turn that was ours, or is over, is taken; the later end of our own two counts.
_TAKE = """
INSERT INTO skewcheck_turns (scope, what, holder, until) VALUES (:scope, :what, :holder, :until)
ON CONFLICT (scope, what) DO UPDATE SET
  holder = excluded.holder,
  until = CASE WHEN excluded.until > skewcheck_turns.until
    THEN excluded.until ELSE skewcheck_turns.until END
WHERE skewcheck_turns.holder = excluded.holder OR skewcheck_turns.until <= :now
"""
_END = "DELETE FROM skewcheck_turns WHERE scope = :scope AND what = :what AND holder = :holder"


class StoredShelf:
    """The `Shelf` port."""

    def __init__(self, database: Database, scope: str) -> None:
        self._tables = database.tables(_LAYOUT)
        self._scope = scope

    def read(self, kind: str, key: str) -> Kept | None:
        rows = self._tables.read(_READ, scope=self._scope, kind=kind, key=key)
        return self._kept(rows[0]) if rows else None

    def all(self, kind: str) -> tuple[Kept, ...]:
        """Sorted here: databases sort text each in its own way."""
        rows = self._tables.read(_ALL, scope=self._scope, kind=kind)
        return tuple(sorted(map(self._kept, rows), key=lambda kept: kept.key))

    def add(self, kind: str, key: str, value: Json, *, at: datetime) -> bool:
        return self._is_set(_ADD, kind=kind, key=key, **_content(value, at), revision=_new())

    def put(self, kind: str, key: str, value: Json, *, at: datetime) -> None:
        self._is_set(_PUT, kind=kind, key=key, **_content(value, at), revision=_new())

    def replace(self, kept: Kept, kind: str, value: Json, *, at: datetime) -> bool:
        content = _content(value, at)
        return self._is_set(_REPLACE, kind=kind, key=kept.key, **content, revision=kept.revision)

    def remove(self, kind: str, key: str) -> None:
        self._is_set(_REMOVE, kind=kind, key=key)

    def forget(self, kind: str, *, before: datetime) -> None:
        self._is_set(_FORGET, kind=kind, before=micros(before))

    def take_turn(self, what: str, holder: str, *, now: datetime, lasts: timedelta) -> bool:
        until = micros(now + lasts)
        return self._is_set(_TAKE, what=what, holder=holder, until=until, now=micros(now))

    def end_turn(self, what: str, holder: str) -> None:
        self._is_set(_END, what=what, holder=holder)

    def _is_set(self, change: str, **values: Value) -> bool:
        """Whether it changed anything."""
        (count,) = self._tables.write((change, {"scope": self._scope, **values}))
        return count > 0

    def _kept(self, row: Row) -> Kept:
        key, value, revision, at = row
        try:
            return Kept(key=key, value=json.loads(value), revision=revision, at=from_micros(at))
        except ValueError as error:
            raise self._tables.damage(error) from error


def _content(value: Json, at: datetime) -> dict[str, Value]:
    """In ASCII: PostgreSQL keeps no NUL, and neither database half a surrogate pair."""
    return {"value": json.dumps(value, allow_nan=False), "at": micros(at)}


def _new() -> int:
    """Where the revisions of a new document begin: at none that one of its name had before it was
    removed. Fits into the 53 bits that JSON readers keep."""
    return secrets.randbits(48)
