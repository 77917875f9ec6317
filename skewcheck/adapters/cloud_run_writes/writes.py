"""The doors of a rollout to Cloud Run: each says what is wished, and the writer brings it about."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from skewcheck.adapters.cloud_run_writes import candidates, releases
from skewcheck.adapters.cloud_run_writes.client import Client
from skewcheck.adapters.cloud_run_writes.edit import (
    Decision,
    Edit,
    Later,
    Split,
    moved,
    shows,
    split_before,
    split_of,
    with_lease,
)
from skewcheck.adapters.cloud_run_writes.leases import (
    claim_edit,
    claimed,
    held,
    refuse_live,
    renewed,
    standing_lease,
    was_moved_by_others,
)
from skewcheck.adapters.cloud_run_writes.limits import WriteLimits
from skewcheck.adapters.cloud_run_writes.standing import Standing
from skewcheck.adapters.cloud_run_writes.writer import Writer, Written, look
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.lease import Lease, Pin
from skewcheck.core.rollout.order import Place, Share, TrafficBefore
from skewcheck.google_api.patience import Endurance, Patience
from skewcheck.ports import Clock
from skewcheck.ports.rollout import Changed, Revise, Revised


class CloudRunWrites:
    """A `ports.rollout.PlatformWrites`. Credentials and Google's library are loaded when needed."""

    def __init__(
        self, *, clock: Clock, endpoint: str | None = None, limits: WriteLimits | None = None
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        self._limits = limits or WriteLimits()
        self._client = Client(clock=clock, endpoint=endpoint, limits=self._limits)

    def traffic(self, place: Place) -> TrafficBefore:
        served = self._at(place).standing(self._patience(place)).served
        if not served:
            told = f"{place} serves nothing yet: there is no traffic to go back to"
            raise ActionFailedError(told, hint=look(place))
        shares = tuple(
            Share(revision=each.revision, percent=each.percent, tag=each.tag) for each in served
        )
        return TrafficBefore(shares=shares, followed_latest=releases.follows_latest(served))

    def lease(self, place: Place) -> Lease | None:
        return standing_lease(self._at(place).standing(self._patience(place)))

    def claim(self, place: Place, lease: Lease, *, now: datetime) -> Lease:
        def decide(standing: Standing) -> Decision:
            return claim_edit(standing, claimed(place, standing, lease, now))

        written = self._at(place).write(self._patience(place), decide)
        return claimed(place, written.standing, lease, now)

    def create(self, place: Place, lease: Lease, wanted: Revise) -> Revised:
        candidate = candidates.candidate(place, lease, wanted)
        patience = self._patience(place, seconds=self._limits.ready_s)
        return candidates.create(self._client, self._at(place), patience, candidate)

    def shift(self, place: Place, lease: Lease, revision: str) -> Changed:
        return self._move(place, lease, {revision: 100}, gives_way=True)

    def restore(self, place: Place, lease: Lease) -> Changed:
        return self._move(place, lease, None, gives_way=False)

    def release(self, place: Place, lease: Lease, *, tag: str, pin: Pin) -> Changed:
        patience = self._patience(place)
        release = releases.Release(place=place, lease=lease, tag=tag, pin=pin)

        def decide(standing: Standing) -> Decision:
            return release.decide(standing, partial(self._is_ours, place, patience, lease.rollout))

        written = self._at(place).write(patience, decide, gives_way=False)
        return _changed(written, *release.remarks(written.standing))

    def follow_latest(self, place: Place) -> Changed:
        def decide(standing: Standing) -> Decision:
            refuse_live(place, standing, self._clock.now())
            return releases.unpin(standing)

        return _changed(self._at(place).write(self._patience(place), decide))

    def clean(self, place: Place, *, keep: int) -> tuple[str, ...]:
        patience, writer = self._patience(place), self._at(place)
        standing = writer.settled(patience)
        listed = writer.read(patience, lambda: self._client.revisions(place))
        return tuple(
            each.name
            for each in candidates.unused(standing, listed, keep=keep)
            if candidates.delete(self._client, writer, self._patience(place), each.name)
        )

    def _move(self, place: Place, lease: Lease, split: Split | None, *, gives_way: bool) -> Changed:
        """To that split, or without one to that before the rollout."""
        patience = self._patience(place)
        is_ours = partial(self._is_ours, place, patience, lease.rollout)

        def decide(standing: Standing) -> Decision:
            current = held(place, standing, lease)
            wanted = split_before(current) if split is None else split
            return _move_edit(place, standing, wanted, (current, lease), is_ours)

        return _changed(self._at(place).write(patience, decide, gives_way=gives_way))

    def _is_ours(self, place: Place, patience: Patience, rollout: str, revision: str) -> bool:
        made = self._at(place).read(patience, lambda: self._client.revision(place, revision))
        return made is not None and made.rollout == rollout

    def _at(self, place: Place) -> Writer:
        return Writer(place, self._client, self._limits)

    def _patience(self, place: Place, *, seconds: float | None = None) -> Patience:
        limits = self._limits
        endurance = Endurance(
            seconds=limits.shift_s if seconds is None else seconds,
            pause_s=limits.pause_s,
            longest_pause_s=limits.longest_pause_s,
            tries=limits.tries,
        )
        return Patience(str(place), self._clock, endurance)


def _move_edit(
    place: Place,
    standing: Standing,
    split: Split,
    leases: tuple[Lease, Lease],
    is_ours: Callable[[str], bool],
) -> Decision:
    if shows(standing, split):
        return None
    current, lease = leases
    if found := was_moved_by_others(standing, current, is_ours):
        told = f"somebody else has moved the traffic of {place}: it goes to {found} now"
        raise ActionFailedError(told, hint=look(place))
    if split_of(standing.asked) == split and not standing.problem:
        return Later("the platform does not show the new split yet")
    return Edit(
        annotations=with_lease(standing, renewed(current, lease)),
        traffic=moved(standing, split),
    )


def _changed(written: Written, *remarks: str) -> Changed:
    return Changed(evidence=(*written.operations, *remarks), adopted=not written.operations)
