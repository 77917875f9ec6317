"""The lease that a rollout holds on a Cloud Run service, as an annotation on the service itself.

So machines without a common database still exclude each other, and any of them finds what it
needs to go back. Read and written here; where it is kept is an adapter's business.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from skewcheck.core.rollout.order import Share, TrafficBefore

# Cloud Run refuses annotations in Google's own name spaces; ours is ours (Admin API v2,
# `projects.locations.services`, "annotations").
ANNOTATION = "skewcheck.dev/rollout"
PIN_ANNOTATION = "skewcheck.dev/pin"
# On each revision that a rollout makes: which one it was.
LABEL = "skewcheck-rollout"
_T = TypeVar("_T")
_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """`holder` is who and where; `before` the traffic to go back to; `until` when it expires.

    `may_serve` are revisions that were there already and that the rollout may move traffic to.
    """

    rollout: str
    environment: str
    holder: str
    taken: datetime
    until: datetime
    before: TrafficBefore
    may_serve: tuple[str, ...] = ()

    def is_live(self, now: datetime) -> bool:
        return now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLease:
    """Something stands where a lease should, and cannot be read; it counts as a live one."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A rollback left traffic pinned on a service whose traffic followed LATEST before."""

    rollout: str
    at: datetime


def write_lease(lease: Lease) -> str:
    """One line of JSON; annotations may be long (Kubernetes: 256 KiB for all of an object)."""
    return json.dumps(
        {
            "schema": 1,
            "rollout": lease.rollout,
            "environment": lease.environment,
            "holder": lease.holder,
            "taken": lease.taken.isoformat(),
            "until": lease.until.isoformat(),
            "followed_latest": lease.before.followed_latest,
            "may_serve": list(lease.may_serve),
            "before": [[each.revision, each.percent, each.tag] for each in lease.before.shares],
        },
        sort_keys=True,
    )


def read_lease(text: str) -> Lease | BrokenLease | None:
    """None for an empty annotation; remote text, so nothing about it is taken for granted."""
    if not text:
        return None
    try:
        read = _of_schema_1(text)
        before = TrafficBefore(
            shares=tuple(_share(*each) for each in _typed(read["before"], list)),
            followed_latest=_typed(read["followed_latest"], bool),
        )
        return Lease(
            rollout=_typed(read["rollout"], str),
            environment=_typed(read["environment"], str),
            holder=_typed(read["holder"], str),
            taken=_moment(read["taken"]),
            until=_moment(read["until"]),
            before=before,
            may_serve=tuple(_typed(each, str) for each in _typed(read["may_serve"], list)),
        )
    except _UNREADABLE:
        return BrokenLease(text=text[:200])


def write_pin(pin: Pin) -> str:
    return json.dumps({"schema": 1, "rollout": pin.rollout, "at": pin.at.isoformat()})


def read_pin(text: str) -> Pin | None:
    """None where there is none, or one that cannot be read: it is told, and decides nothing."""
    try:
        read = _of_schema_1(text)
        return Pin(rollout=_typed(read["rollout"], str), at=_moment(read["at"]))
    except _UNREADABLE:
        return None


def _of_schema_1(text: str) -> Any:
    """Another schema's lease may mean something else: it cannot be read."""
    read = json.loads(text)
    if _typed(read["schema"], int) != 1:
        raise ValueError("another schema")
    return read


def _share(revision: object, percent: object, tag: object) -> Share:
    share = Share(
        revision=_typed(revision, str), percent=_typed(percent, int), tag=_typed(tag, str)
    )
    if not 0 <= share.percent <= 100:
        raise ValueError("no percentage")
    return share


def _typed(value: object, kind: type[_T]) -> _T:
    """As it is: what merely could be converted was not written by us. True is no number."""
    if type(value) is not kind:
        raise TypeError(f"not {kind.__name__}")
    return value


def _moment(text: object) -> datetime:
    """In UTC, as it is told to people; OverflowError at the ends of time."""
    read = datetime.fromisoformat(_typed(text, str))
    if read.tzinfo is None:
        raise ValueError("no time zone")
    return read.astimezone(UTC)
