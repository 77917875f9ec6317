"""The shelf, the chronicle and the audit trail in memory, safe to call from many threads, held to
the same contracts as the stores: tests/adapters/test_{shelf,chronicle,audit}.py.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from skewcheck.core.strict_json import Json
from skewcheck.ports.service import JsonObject, Kept, Looks


@dataclass
class FakeShelf:
    """One project's. Revisions are counted over all documents, so that none comes again."""

    _documents: dict[tuple[str, str], Kept] = field(default_factory=dict)
    _turns: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _revision: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, kind: str, key: str) -> Kept | None:
        with self._lock:
            kept = self._documents.get((kind, key))
            return None if kept is None else _copied(kept)

    def all(self, kind: str) -> tuple[Kept, ...]:
        with self._lock:
            found = [kept for (own, _), kept in self._documents.items() if own == kind]
            return tuple(_copied(kept) for kept in sorted(found, key=lambda kept: kept.key))

    def add(self, kind: str, key: str, value: Json, *, at: datetime) -> bool:
        with self._lock:
            if (kind, key) in self._documents:
                return False
            self._set(kind, key, value, at)
            return True

    def put(self, kind: str, key: str, value: Json, *, at: datetime) -> None:
        with self._lock:
            self._set(kind, key, value, at)

    def replace(self, kept: Kept, kind: str, value: Json, *, at: datetime) -> bool:
        with self._lock:
            standing = self._documents.get((kind, kept.key))
            if standing is None or standing.revision != kept.revision:
                return False
            self._set(kind, kept.key, value, at)
            return True

    def remove(self, kind: str, key: str) -> None:
        with self._lock:
            self._documents.pop((kind, key), None)

    def forget(self, kind: str, *, before: datetime) -> None:
        with self._lock:
            for (own, key), kept in tuple(self._documents.items()):
                if own == kind and kept.at < before:
                    del self._documents[own, key]

    def take_turn(self, what: str, holder: str, *, now: datetime, lasts: timedelta) -> bool:
        with self._lock:
            whose, until = self._turns.get(what, (holder, now))
            if whose != holder and now < until:
                return False
            self._turns[what] = (holder, max(until, now + lasts))
            return True

    def end_turn(self, what: str, holder: str) -> None:
        with self._lock:
            if self._turns.get(what, ("",))[0] == holder:
                del self._turns[what]

    def _set(self, kind: str, key: str, value: Json, at: datetime) -> None:
        self._revision += 1
        kept = Kept(key=key, value=_stored(value), revision=self._revision, at=at)
        self._documents[kind, key] = kept


@dataclass
class FakeChronicle:
    """Nothing is forgotten here."""

    _stretches: dict[str, list[Looks]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, scope: str, at: datetime, snapshot: Json, *, gap: timedelta) -> None:
        with self._lock:
            stretches = self._stretches.setdefault(scope, [])
            if not stretches:
                stretches.append((at, at, _stored(snapshot)))
                return
            first, last, seen = stretches[-1]
            is_same = _text(seen) == _text(snapshot)
            if at < last or (first == at and not is_same):
                return
            if is_same and at - last <= gap:
                stretches[-1] = (first, at, seen)
            else:
                stretches.append((at, at, _stored(snapshot)))

    def stretches(self, scope: str, *, since: datetime) -> tuple[Looks, ...]:
        with self._lock:
            return tuple(
                (first, last, _stored(seen))
                for first, last, seen in self._stretches.get(scope, ())
                if last >= since
            )


@dataclass
class FakeAudit:
    """One project's."""

    _records: list[JsonObject] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def append(self, record: Mapping[str, Json]) -> None:
        kept = _stored(dict(record))
        assert isinstance(kept, dict)
        _at(kept)
        with self._lock:
            self._records.append(kept)

    def records(self, *, since: datetime) -> tuple[JsonObject, ...]:
        with self._lock:
            found = [each for each in self._records if _at(each) >= since]
        return tuple(json.loads(json.dumps(each)) for each in sorted(found, key=_at))


def _at(record: JsonObject) -> datetime:
    return datetime.fromisoformat(str(record["at"]))


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def _copied(kept: Kept) -> Kept:
    """Nobody changes what stands on the shelf by changing what they read."""
    return replace(kept, value=_stored(kept.value))


def _stored(value: Json) -> Json:
    """As it comes back from a disk."""
    stored: Json = json.loads(json.dumps(value, allow_nan=False))
    return stored
