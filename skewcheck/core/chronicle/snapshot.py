"""What one survey saw, in brief: only what lasts from one look to the next when nothing happens.

Rule of this file: no moment, no age, no percentage that moves by itself stands in a snapshot, else
every look would begin a new stretch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.findings import Severity, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBuild:
    """One live build of a service: the full SHA or other name, empty where it is not known;
    `percent` is its share of new requests, where known; `presences` as in core/live.py."""

    build: str
    percent: int | None = None
    presences: tuple[str, ...] = ()

    @property
    def only_may_linger(self) -> bool:
        return self.presences == ("may linger",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPair:
    """A pair of live builds on a link that does not fit, or of which nobody knows (`fit` no or
    unknown). `percent` is the share of new meetings that are of this pair, where both shares of
    traffic are known; a client that only may linger has none."""

    link: str
    client: str
    server: str
    fit: str
    percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCause:
    """A finding without its words."""

    code: str
    subject: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """`services` has every service of the manifest, `pairs` only those that do not surely fit,
    `causes` all findings that block or are unknown."""

    verdict: Verdict
    services: Mapping[str, tuple[SeenBuild, ...]]
    pairs: tuple[SeenPair, ...] = ()
    causes: tuple[SeenCause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Every look from `first` to `last` saw this. Between two stretches nobody looked, or what
    was there changed at a moment that nobody saw."""

    first: datetime
    last: datetime
    snapshot: Snapshot
