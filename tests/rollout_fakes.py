"""Working fakes behind the doors of a rollout: a small Cloud Run, Cloud CDN and Cloud Build.

They are held to the same contracts as the adapters: see tests/adapters/test_cloud_run_writes.py,
test_cloud_cdn.py and test_cloud_build.py. `on_call` is told before and after each change, and may
raise: that is how a test cuts the power or refuses.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.errors import ActionFailedError, LeaseHeldError
from skewcheck.core.rollout.lease import BrokenLease, Lease, Pin
from skewcheck.core.rollout.order import EdgeOrder, Place, Share, TrafficBefore
from skewcheck.ports import Clock, CloudRunService
from skewcheck.ports.rollout import BuildRun, Changed, Revise, Revised, Trigger
from tests.builders import LONG_AGO

NOBODY_KNOWS = Lease(
    rollout="",
    environment="",
    holder="somebody unknown",
    taken=datetime.min.replace(tzinfo=UTC),
    until=datetime.max.replace(tzinfo=UTC),
    before=TrafficBefore(shares=()),
)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A change just before it takes effect, or just after; `subject` is what it is made to."""

    when: Literal["before", "after"]
    what: str
    subject: str


OnCall = Callable[[Moment], None]


@dataclass(frozen=True, kw_only=True)
class FakeRevision:
    """`rollout` is the rollout that made it, if one did."""

    name: str
    build: str
    image: str = "us-docker.pkg.dev/acme/api/backend@sha256:" + "0" * 64
    rollout: str = ""
    ready: bool = True
    created: datetime = LONG_AGO


@dataclass
class FakeService:
    """`targets` name revisions, also where they follow LATEST; `revisions` are the oldest first."""

    targets: list[Target]
    revisions: list[FakeRevision]
    lease: Lease | BrokenLease | None = None
    pin: Pin | None = None

    @property
    def latest_ready(self) -> str:
        return next(each.name for each in reversed(self.revisions) if each.ready)

    @property
    def split(self) -> dict[str, int]:
        return _split((each.revision, each.percent) for each in self.targets)

    @property
    def follows_latest(self) -> bool:
        return any(each.follows_latest and each.percent == 100 for each in self.targets)

    def revision(self, name: str) -> FakeRevision | None:
        return next((each for each in self.revisions if each.name == name), None)

    def deploy(self, revision: FakeRevision) -> None:
        """Somebody else deploys: what follows LATEST moves."""
        self.revisions.append(revision)
        self.targets = [
            replace(each, revision=self.latest_ready) if each.follows_latest else each
            for each in self.targets
        ]

    def give(self, split: dict[str, int], *, latest: bool = False) -> None:
        """All traffic as told; tags stay."""
        shares = [
            Target(revision=name, percent=percent, follows_latest=latest)
            for name, percent in split.items()
        ]
        tags = [replace(each, percent=0) for each in self.targets if each.tag]
        self.targets = shares + [replace(each, follows_latest=False) for each in tags]


def following_latest(build: str, name: str = "acme-api-00001") -> FakeService:
    """A service with one revision that nobody has pinned."""
    target = Target(revision=name, percent=100, follows_latest=True)
    return FakeService([target], [FakeRevision(name=name, build=build)])


@dataclass
class FakePlatformWrites:
    """A `ports.rollout.PlatformWrites`. Builds in `never_ready` do not come up."""

    clock: Clock
    services: dict[Place, FakeService] = field(default_factory=dict)
    never_ready: set[str] = field(default_factory=set)
    on_call: OnCall = lambda _: None
    changes: list[tuple[str, Place]] = field(default_factory=list)

    def traffic(self, place: Place) -> TrafficBefore:
        service = self._service(place)
        shares = tuple(
            Share(revision=each.revision, percent=each.percent, tag=each.tag)
            for each in service.targets
        )
        return TrafficBefore(shares=shares, followed_latest=service.follows_latest)

    def lease(self, place: Place) -> Lease | None:
        lease = self._service(place).lease
        return NOBODY_KNOWS if isinstance(lease, BrokenLease) else lease

    def claim(self, place: Place, lease: Lease, *, now: datetime) -> Lease:
        standing = self.lease(place)
        if standing and standing.rollout == lease.rollout:
            until = max(standing.until, lease.until)
            lease = replace(lease, before=standing.before, taken=standing.taken, until=until)
        elif standing and standing.is_live(now):
            raise LeaseHeldError(f"{place} is held by {standing.holder} until {standing.until}")
        elif standing:
            lease = replace(lease, before=standing.before)
        if standing != lease:
            with self._change("claim", place) as service:
                service.lease = lease
        return lease

    def create(self, place: Place, lease: Lease, wanted: Revise) -> Revised:
        _check_names(place, wanted)
        self._held(place, lease)
        service = self._service(place)
        found = service.revision(wanted.revision)
        adopted = found is not None
        if found is None:
            with self._change("create", place) as service:
                self._renew(service, lease)
                found = self._made(service, lease, wanted)
        if found.rollout != lease.rollout:
            raise ActionFailedError(f"{place} has a revision {wanted.revision} that is not ours")
        if not found.ready:
            raise ActionFailedError(f"{place}: the container of {found.name} failed to start")
        if not any(each.tag == wanted.tag for each in service.targets):
            with self._change("create", place) as service:
                service.targets.append(_tagged(place, found.name, wanted.tag))
        url = next(each.url for each in service.targets if each.tag == wanted.tag)
        return Revised(revision=found.name, url=url, image=found.image, adopted=adopted)

    def shift(self, place: Place, lease: Lease, revision: str) -> Changed:
        return self._move("shift", place, lease, {revision: 100})

    def restore(self, place: Place, lease: Lease) -> Changed:
        shares = self._held(place, lease).before.shares
        before = _split((each.revision, each.percent) for each in shares)
        return self._move("restore", place, lease, before)

    def release(self, place: Place, lease: Lease, *, tag: str, pin: Pin) -> Changed:
        service = self._service(place)
        tagged = any(each.tag == tag for each in service.targets)
        ours = isinstance(service.lease, Lease) and service.lease.rollout == lease.rollout
        if not ours and not tagged:
            return Changed(adopted=True)
        standing = self._held(place, lease)
        with self._change("release", place) as service:
            followed = standing.before.followed_latest or service.pin is not None
            service.targets = [each for each in service.targets if not tag or each.tag != tag]
            service.lease = None
            if service.follows_latest or self._moved(service, standing):
                return Changed(evidence=("traffic is left as it is",))
            latest = service.revisions[-1]
            if followed and latest.ready and service.split == {latest.name: 100}:
                service.give(service.split, latest=True)
                service.pin = None
            elif followed:
                service.pin = pin
        return Changed(evidence=("released",))

    def follow_latest(self, place: Place) -> Changed:
        service, standing = self._service(place), self.lease(place)
        if standing and standing.is_live(self.clock.now()):
            raise LeaseHeldError(f"{place} is held by {standing.holder} until {standing.until}")
        if service.follows_latest and service.pin is None:
            return Changed(adopted=True)
        with self._change("follow-latest", place) as service:
            service.give({service.latest_ready: 100}, latest=True)
            service.pin = None
        return Changed(evidence=("follows LATEST",))

    def clean(self, place: Place, *, keep: int) -> tuple[str, ...]:
        service = self._service(place)
        named = {each.revision for each in service.targets}
        named |= {service.latest_ready, service.revisions[-1].name}
        if isinstance(service.lease, Lease):
            named |= {each.revision for each in service.lease.before.shares}
            named |= set(service.lease.may_serve)
        unused = [e.name for e in service.revisions if e.rollout and e.name not in named]
        gone = tuple(unused[: max(0, len(unused) - keep)])
        if gone:
            with self._change("clean", place) as service:
                service.revisions = [e for e in service.revisions if e.name not in gone]
        return gone

    def plane(self, asked: CloudRunService) -> ControlPlane:
        """The service as `ports.Platform` observes it."""
        place = Place(project=asked.project, region=asked.region, service=asked.service)
        service = self._service(place)
        return ControlPlane(
            service=place.service,
            region=place.region,
            url=f"https://{place.service}.test",
            targets=tuple(service.targets),
            revisions=tuple(_observed(each) for each in reversed(service.revisions)),
            latest_ready=service.latest_ready,
            settled=True,
            lease=service.lease,
            pin=service.pin,
            read_at=self.clock.now(),
        )

    def _service(self, place: Place) -> FakeService:
        if place not in self.services:
            raise ActionFailedError(f"Cloud Run has no service {place}")
        return self.services[place]

    def _held(self, place: Place, lease: Lease) -> Lease:
        """Ours, as it stands on the service."""
        standing = self.lease(place)
        if standing is None:
            raise ActionFailedError(f"the lease on {place} is gone")
        if standing.rollout != lease.rollout:
            raise ActionFailedError(f"the lease on {place} was taken by {standing.holder}")
        return standing

    def _move(self, what: str, place: Place, lease: Lease, split: dict[str, int]) -> Changed:
        service, standing = self._service(place), self._held(place, lease)
        if service.split == split:
            return Changed(adopted=True)
        if self._moved(service, standing):
            raise ActionFailedError(f"somebody else has moved the traffic of {place}")
        with self._change(what, place) as service:
            self._renew(service, lease)
            service.give(split)
        return Changed(evidence=(what,))

    def _moved(self, service: FakeService, lease: Lease) -> bool:
        before = [(each.revision, each.percent) for each in lease.before.shares]
        if service.split == _split(iter(before)):
            return False
        if len(service.split) != 1:
            return True
        (sole,) = service.split
        found = service.revision(sole)
        ours = found is not None and found.rollout == lease.rollout
        return not ours and sole not in {*dict(before), *lease.may_serve}

    def _made(self, service: FakeService, lease: Lease, wanted: Revise) -> FakeRevision:
        made = FakeRevision(
            name=wanted.revision,
            build=wanted.build,
            image=wanted.image,
            rollout=lease.rollout,
            ready=wanted.build not in self.never_ready,
            created=self.clock.now(),
        )
        service.targets = [replace(each, follows_latest=False) for each in service.targets]
        service.revisions.append(made)
        return made

    def _renew(self, service: FakeService, lease: Lease) -> None:
        standing = service.lease
        if isinstance(standing, Lease):
            until = max(standing.until, lease.until)
            service.lease = replace(standing, holder=lease.holder, until=until)

    @contextmanager
    def _change(self, what: str, place: Place) -> Iterator[FakeService]:
        self.on_call(Moment(when="before", what=what, subject=str(place)))
        yield self.services[place]
        self.changes.append((what, place))
        self.on_call(Moment(when="after", what=what, subject=str(place)))


@dataclass
class FakeInvalidations:
    """A `ports.rollout.Invalidations`; `forgets` is what the edge does then."""

    forgets: Callable[[EdgeOrder], None] = lambda _: None
    on_call: OnCall = lambda _: None
    asked: dict[str, EdgeOrder] = field(default_factory=dict)

    def invalidate(self, edge: EdgeOrder, *, key: str) -> Changed:
        self.on_call(Moment(when="before", what="invalidate", subject=edge.host))
        if key not in self.asked:
            self.asked[key] = edge
            self.forgets(edge)
        self.on_call(Moment(when="after", what="invalidate", subject=edge.host))
        return Changed(evidence=(f"operation-of-{key}",))


@dataclass
class FakeBuilds:
    """A `ports.rollout.Builds`. A run goes on until it was read `reads` times; then `deploys` acts,
    and what it returns is why the build failed, empty where it did not."""

    deploys: Callable[[Trigger, str], str] = lambda _trigger, _commit: ""
    on_call: OnCall = lambda _: None
    triggers: set[str] = field(default_factory=set)
    reads: int = 1
    took_s: float | None = None
    started: dict[str, tuple[Trigger, str, BuildRun]] = field(default_factory=dict)
    _read: dict[str, int] = field(default_factory=dict)

    def start(self, trigger: Trigger, commit: str, *, key: str) -> BuildRun:
        if self.triggers and trigger.name not in self.triggers:
            raise ActionFailedError(f"Cloud Build has no trigger {trigger.name}")
        if key not in self.started:
            self.on_call(Moment(when="before", what="build", subject=trigger.name))
            number = len(self.started) + 1
            run = BuildRun(id=f"build-{number}", status="QUEUED", log_url=f"https://log/{number}")
            self.started[key] = (trigger, commit, run)
            self.on_call(Moment(when="after", what="build", subject=trigger.name))
        return self.started[key][2]

    def read(self, trigger: Trigger, run: BuildRun) -> BuildRun:
        key, commit, now = next(
            (key, commit, now) for key, (_, commit, now) in self.started.items() if now.id == run.id
        )
        self._read[key] = self._read.get(key, 0) + 1
        if not now.is_over and self._read[key] >= self.reads:
            failure = self.deploys(trigger, commit)
            status = "FAILURE" if failure else "SUCCESS"
            now = replace(now, status=status, detail=failure, took_s=self.took_s or 1.0)
            self.started[key] = (trigger, commit, now)
        return now

    def last_took_s(self, trigger: Trigger) -> float | None:
        succeeded = (
            run.took_s
            for by, _, run in reversed(self.started.values())
            if by == trigger and run.succeeded
        )
        return next(succeeded, self.took_s)


def _split(shares: Iterator[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for revision, percent in shares:
        if percent:
            found[revision] = found.get(revision, 0) + percent
    return found


def _tagged(place: Place, revision: str, tag: str) -> Target:
    return Target(
        revision=revision, percent=0, tag=tag, url=f"https://{tag}---{place.service}.test"
    )


def _check_names(place: Place, wanted: Revise) -> None:
    if not wanted.revision.startswith(f"{place.service}-") or len(wanted.revision) > 63:
        raise ActionFailedError(f"{wanted.revision} cannot be the name of a revision of {place}")
    if len(wanted.tag) < 3 or len(wanted.tag) + len(place.service) > 46:
        raise ActionFailedError(f"{wanted.tag} cannot be a tag of {place}")


def _observed(revision: FakeRevision) -> Revision:
    return Revision(
        name=revision.name,
        created=revision.created,
        build=BuildName(BuildSha(revision.build)),
        named_by="label commit-sha",
        image=revision.image,
        ready=revision.ready,
    )
