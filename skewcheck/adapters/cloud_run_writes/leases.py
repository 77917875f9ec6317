"""Whose the service is: leases as they stand there, and what follows from them for a write."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from skewcheck.adapters.cloud_run_writes.edit import (
    Edit,
    split_before,
    split_of,
    with_lease,
)
from skewcheck.adapters.cloud_run_writes.standing import Standing
from skewcheck.adapters.cloud_run_writes.writer import look
from skewcheck.core.errors import ActionFailedError, LeaseHeldError
from skewcheck.core.rollout.lease import ANNOTATION, BrokenLease, Lease
from skewcheck.core.rollout.order import Place, TrafficBefore

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def standing_lease(standing: Standing) -> Lease | None:
    """One that cannot be read is held by somebody unknown until the end of time."""
    lease = standing.lease
    if not isinstance(lease, BrokenLease):
        return lease
    return Lease(
        rollout="",
        environment="",
        holder=f"somebody unknown (the annotation {ANNOTATION} cannot be read)",
        taken=_EPOCH,
        until=datetime.max.replace(tzinfo=UTC),
        before=TrafficBefore(shares=()),
    )


def claimed(place: Place, standing: Standing, lease: Lease, now: datetime) -> Lease:
    """The lease as it is to stand: with the `before` of the one that it renews or inherits from."""
    current = standing_lease(standing)
    if current is None:
        return lease
    if current.rollout == lease.rollout:
        until = max(current.until, lease.until)
        return replace(lease, before=current.before, taken=current.taken, until=until)
    refuse_live(place, standing, now)
    return replace(lease, before=current.before)


def refuse_live(place: Place, standing: Standing, now: datetime) -> None:
    current = standing_lease(standing)
    if current is not None and current.is_live(now):
        raise LeaseHeldError(f"{place} is held by {_told(current)}", hint=_way_out(place, current))


def held(place: Place, standing: Standing, lease: Lease) -> Lease:
    """Our lease as it stands; to be renewed by the write that needed it."""
    current = standing_lease(standing)
    if current is None:
        why = f"the lease of rollout {lease.rollout} on {place} is gone: somebody withdrew it"
        raise ActionFailedError(why, hint=look(place))
    if current.rollout != lease.rollout:
        why = f"the lease of rollout {lease.rollout} on {place} was taken by {_told(current)}"
        raise ActionFailedError(why, hint=_way_out(place, current))
    return current


def renewed(current: Lease, lease: Lease) -> Lease:
    """Never shortened: whoever holds it may know less than what stands there."""
    return replace(current, holder=lease.holder, until=max(current.until, lease.until))


def claim_edit(standing: Standing, lease: Lease) -> Edit | None:
    if standing.lease == lease:
        return None
    return Edit(annotations=with_lease(standing, lease))


def was_moved_by_others(
    standing: Standing, lease: Lease, is_ours: Callable[[str], bool]
) -> str | None:
    """How traffic is split, where that is neither the split before nor all at a revision that the
    rollout made, or may move it to, or that served before; None where nobody else has moved it."""
    split = split_of(standing.served)
    if split == split_before(lease):
        return None
    named = may_be_needed(lease)
    if len(split) == 1 and any(each in named or is_ours(each) for each in split):
        return None
    return ", ".join(f"{percent}% {revision}" for revision, percent in split.items()) or "nothing"


def may_be_needed(lease: Lease) -> set[str]:
    """The revisions to which the rollout may move traffic, besides those that it makes."""
    return {*lease.may_serve, *(share.revision for share in lease.before.shares)}


def _told(lease: Lease) -> str:
    if not lease.rollout:
        return lease.holder
    taken, until = (f"{each:%Y-%m-%d %H:%M:%S} UTC" for each in (lease.taken, lease.until))
    return f"rollout {lease.rollout} ({lease.holder}) since {taken}, until {until}"


def _way_out(place: Place, lease: Lease) -> str:
    if lease.rollout:
        resume = f"skewcheck rollouts resume {lease.environment} {lease.rollout}"
        return f"wait until it has ended; if its holder is gone: {resume}"
    return f"see who wrote the annotation, and remove it: {look(place)} --format=export"
