"""The doors through which a rollout changes the world. Every change is safe to ask for twice.

What was refused, or did not come about, raises ActionFailedError. Where an action may have
happened and nobody can tell, the adapter reads before it answers; a crash in between is harmless,
because the next run asks again with the same key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.core.rollout.lease import Lease, Pin
from skewcheck.core.rollout.order import EdgeOrder, Place, TrafficBefore
from skewcheck.core.strict_json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """The revision to make: its short name, the tag at which it answers, what it runs."""

    revision: str
    tag: str
    image: str
    build: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """A revision that is ready, and where it answers by its tag; `image` by digest, where that
    could be resolved; `adopted` where an earlier attempt had made it already."""

    revision: str
    url: str
    image: str
    evidence: tuple[str, ...] = ()
    adopted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a write did; `adopted` where nothing was left to do."""

    evidence: tuple[str, ...] = ()
    adopted: bool = False


class PlatformWrites(Protocol):
    """Changes Cloud Run. Each write that is given one first makes sure that `lease` still
    stands, renews it, and never undoes what others did meanwhile."""

    def traffic(self, place: Place) -> TrafficBefore:
        """The split as it is now, LATEST resolved."""
        ...

    def lease(self, place: Place) -> Lease | None:
        """What stands on the service now, ours or not; one that cannot be read is held by
        somebody unknown until the end of time."""
        ...

    def claim(self, place: Place, lease: Lease, *, now: datetime) -> Lease:
        """The lease as it stands now. Ours is kept with its `before`, and so is that of an expired
        one, which is taken over. LeaseHeldError for another's that is live."""
        ...

    def create(self, place: Place, lease: Lease, wanted: Revise) -> Revised:
        """A ready revision without traffic, tagged. Raises with the platform's own words where it
        does not get ready in time."""
        ...

    def shift(self, place: Place, lease: Lease, revision: str) -> Changed:
        """All traffic to that revision; tags stay. Refuses where traffic is neither as
        `lease.before` has it nor all at a revision that carries this rollout's label or that
        `lease.before` names: then somebody else has moved it."""
        ...

    def restore(self, place: Place, lease: Lease) -> Changed:
        """The split of `lease.before`, revision by revision; tags stay. Refuses like `shift`."""
        ...

    def release(self, place: Place, lease: Lease, *, tag: str, pin: Pin) -> Changed:
        """Ends it: the tag is gone, and the lease. Traffic follows LATEST again if it did before
        (or if only an earlier pin of ours kept it from that) and the newest revision is the one
        that serves; where it did and cannot, `pin` is written down on the service."""
        ...

    def follow_latest(self, place: Place) -> Changed:
        """Traffic follows LATEST, and no pin is written down any more."""
        ...

    def clean(self, place: Place, *, keep: int) -> tuple[str, ...]:
        """Deletes all but the newest `keep` revisions that rollouts made and that neither serve
        nor carry a tag nor are the latest; the names of those deleted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRun:
    """One run of a Cloud Build trigger. `status` is Google's word; `took_s` once it has ended."""

    id: str
    status: str
    log_url: str
    detail: str = ""
    took_s: float | None = None

    @property
    def is_over(self) -> bool:
        return self.status not in {"PENDING", "QUEUED", "WORKING", "STATUS_UNKNOWN", ""}

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCESS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    project: str
    region: str
    name: str


class Builds(Protocol):
    """Runs Cloud Build triggers at a commit."""

    def start(self, trigger: Trigger, commit: str, *, key: str) -> BuildRun:
        """The run for that key: a new one, or the one that an earlier attempt started."""
        ...

    def read(self, trigger: Trigger, run: BuildRun) -> BuildRun:
        """How it stands now."""
        ...

    def last_took_s(self, trigger: Trigger) -> float | None:
        """Seconds of the newest run that succeeded; None where nobody knows."""
        ...


class Invalidations(Protocol):
    """Makes Cloud CDN forget."""

    def invalidate(self, edge: EdgeOrder, *, key: str) -> Changed:
        """All paths (or tags) of the host, waited for until the platform says DONE, which does not
        mean that every cache has forgotten. The same key asks for the same operations."""
        ...


Record: TypeAlias = Callable[[str, Callable[[], Json]], Json]
# A run's body: (its order, record). `record(key, act)` acts once and remembers the result, also
# over a crash: after one, what was recorded is handed out again, and the rest is done.
Body: TypeAlias = Callable[[Json, Record], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One durable run. `status`: waiting, running, ended or broken (its body raised)."""

    rollout: str
    status: str
    order: Json
    result: Json
    at: datetime


class Engine(Protocol):
    """Runs rollouts of one environment durably, one at a time, whoever asks."""

    def submit(self, rollout: str, order: Json) -> str:
        """The id of the run that goes on: this one, or the one that is unfinished already, whose
        order may be another."""
        ...

    def drive(self, rollout: str, body: Body, *, watch: Callable[[tuple[Json, ...]], None]) -> Json:
        """The run's result, waited for; as the executor where nobody else is, and then every
        unfinished run of the environment is carried on. `watch` gets all that was recorded, now
        and then, each time there is more. Raises SkewcheckError where the body broke."""
        ...

    def runs(self) -> tuple[Run, ...]:
        """Every run of the environment, the newest first."""
        ...

    def recorded(self, rollout: str) -> tuple[Json, ...]:
        """What the run has recorded so far, the oldest first."""
        ...


class Notes(Protocol):
    """What people said about rollouts of one environment, kept beside the engine's own state."""

    def hold(self) -> Hold | None: ...

    def set_hold(self, hold: Hold | None) -> None:
        """None releases it."""
        ...

    def approve(self, approval: Approval) -> None: ...

    def approvals(self, digest: str) -> tuple[Approval, ...]: ...

    def cancel(self, rollout: str, who: str, at: datetime) -> None:
        """The next step of that rollout will not begin; what was done is undone."""
        ...

    def cancelled(self, rollout: str) -> str | None:
        """Who asked for it to stop, None if nobody did."""
        ...
