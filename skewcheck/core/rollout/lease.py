"""The lease that a rollout holds on a Cloud Run service, as an annotation on the service itself.

So machines without a common database still exclude each other, and any of them finds what it
needs to go back. Read and written here; where it is kept is an adapter's business.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.rollout.order import Share, TrafficBefore

# Cloud Run refuses annotations in Google's own name spaces; ours is ours (Admin API v2,
# `projects.locations.services`, "annotations").
ANNOTATION = "skewcheck.dev/rollout"
PIN_ANNOTATION = "skewcheck.dev/pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """`holder` is who and where; `before` the traffic to go back to; `until` when it expires."""

    rollout: str
    environment: str
    holder: str
    taken: datetime
    until: datetime
    before: TrafficBefore

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
            "before": [[each.revision, each.percent, each.tag] for each in lease.before.shares],
        },
        sort_keys=True,
    )


def read_lease(text: str) -> Lease | BrokenLease | None:
    """None for an empty annotation; remote text, so nothing about it is taken for granted."""
    if not text:
        return None
    try:
        read = json.loads(text)
        shares = tuple(
            Share(revision=str(revision), percent=int(percent), tag=str(tag))
            for revision, percent, tag in read["before"]
        )
        before = TrafficBefore(shares=shares, followed_latest=read["followed_latest"] is True)
        return Lease(
            rollout=str(read["rollout"]),
            environment=str(read["environment"]),
            holder=str(read["holder"]),
            taken=_moment(read["taken"]),
            until=_moment(read["until"]),
            before=before,
        )
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return BrokenLease(text=text[:200])


def write_pin(pin: Pin) -> str:
    return json.dumps({"schema": 1, "rollout": pin.rollout, "at": pin.at.isoformat()})


def read_pin(text: str) -> Pin | None:
    """None where there is none, or one that cannot be read: it is told, and decides nothing."""
    try:
        read = json.loads(text)
        return Pin(rollout=str(read["rollout"]), at=_moment(read["at"]))
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError("no time zone")
    return read
