"""The memory of an edge: what may be stored, how long it is served, and what an invalidation hits.

Rule of this file: it does no I/O and reads no clock; `now` is given in seconds.
"""

import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from skewcheck.sandbox.edges.wire import Head


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored response."""

    head: Head
    body: bytes
    stored_at: float
    fresh_s: float
    stale_s: float

    def age(self, now: float) -> int:
        """Whole seconds since it was stored."""
        return max(0, int(now - self.stored_at))

    def fresh(self, now: float) -> bool:
        """May it be served without asking the origin?"""
        return now - self.stored_at < self.fresh_s

    def usable(self, now: float) -> bool:
        """May it be served while the origin is asked?"""
        return now - self.stored_at < self.fresh_s + self.stale_s


@dataclass(frozen=True, slots=True)
class Matcher:
    """Which stored responses an invalidation means."""

    path: str = "/*"
    tags: frozenset[str] = frozenset()

    def hits(self, path: str, entry: Entry) -> bool:
        """By path (`/x`, `/x/*`, `/*`) and, where tags are given, by any of them."""
        if self.tags:
            stored = {tag.strip() for tag in entry.head.get("Cache-Tag").split(",")}
            if not self.tags & stored:
                return False
        if self.path.endswith("/*"):
            return path.startswith(self.path[:-1])
        return path == self.path


@dataclass(frozen=True, slots=True)
class _Invalidation:
    matcher: Matcher
    effective_at: float


class Cache:
    """Stored responses by path; an invalidation counts from the moment it becomes effective."""

    def __init__(self, *, include_query_string: bool = False) -> None:
        self.include_query_string = include_query_string
        self._entries: dict[str, Entry] = {}
        self._invalidations: list[_Invalidation] = []
        self._lock = threading.Lock()

    def get(self, target: str, now: float) -> Entry | None:
        """What is stored for a request target, however old."""
        with self._lock:
            self._apply_invalidations(now)
            return self._entries.get(self._key(target))

    def put(self, target: str, head: Head, body: bytes, now: float) -> bool:
        """Store the response if it says that it may be."""
        fresh, stale = lifetime(head)
        if head.status != 200 or fresh <= 0:
            return False
        with self._lock:
            self._entries[self._key(target)] = Entry(head, body, now, fresh, stale)
        return True

    def invalidate(self, matcher: Matcher, effective_at: float) -> None:
        """Drop what matches, at the given moment, also what is stored until then."""
        with self._lock:
            self._invalidations.append(_Invalidation(matcher, effective_at))

    def _apply_invalidations(self, now: float) -> None:
        due = [one for one in self._invalidations if one.effective_at <= now]
        self._invalidations = [one for one in self._invalidations if one.effective_at > now]
        for one in due:
            for key, entry in list(self._entries.items()):
                before = entry.stored_at <= one.effective_at
                if before and one.matcher.hits(urlsplit(key).path, entry):
                    del self._entries[key]

    def _key(self, target: str) -> str:
        return target if self.include_query_string else target.partition("?")[0]


def lifetime(head: Head) -> tuple[float, float]:
    """Seconds fresh, and seconds stale-while-revalidate, for a shared cache."""
    directives = {}
    for part in head.get("Cache-Control").lower().split(","):
        name, _, value = part.strip().partition("=")
        directives[name] = value.strip('"')
    if directives.keys() & {"no-store", "no-cache", "private"} or head.get("Set-Cookie"):
        return 0, 0
    fresh = directives.get("s-maxage", directives.get("max-age", ""))
    return _seconds(fresh), _seconds(directives.get("stale-while-revalidate", ""))


def _seconds(text: str) -> float:
    return float(text) if text.isdecimal() else 0.0
