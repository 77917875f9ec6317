"""All that a rollout's steps may look at and change, opened once per run by the wiring."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.journal import Entry
from skewcheck.core.rollout.lease import Lease
from skewcheck.core.rollout.order import Order, Place, ServiceOrder
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.ports import Clock
from skewcheck.ports.rollout import Builds, Invalidations, Notes, PlatformWrites


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. `in_a_row` reads must agree before something counts as seen: traffic changes are
    not instantaneous, and a cache has many heads (Cloud Run, "Rollbacks and traffic migration")."""

    lease: float = 900
    probe: float = 600
    confirm: float = 300
    edge: float = 600
    build: float = 3600
    first_pause: float = 0.2
    longest_pause: float = 5
    in_a_row: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """`holder` is who carries it out, and where: the lease tells it to others."""

    doors: Doors
    loaded: Loaded
    writes: PlatformWrites
    builds: Builds
    invalidations: Invalidations
    notes: Notes
    holder: str
    patience: Patience = field(default_factory=Patience)

    @property
    def clock(self) -> Clock:
        return self.doors.clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a step did, in one sentence, and what proves it."""

    told: str
    evidence: tuple[str, ...] = ()
    url: str = ""


class StoppedError(ActionFailedError):
    """A person asked for the rollout to stop while a step was waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One order in those hands, with what its journal holds so far."""

    hands: Hands
    order: Order
    journal: tuple[Entry, ...]

    @property
    def clock(self) -> Clock:
        return self.hands.clock

    def lease(self, service: ServiceOrder, place: int, *, until: datetime | None = None) -> Lease:
        """As it is to stand from now on."""
        now = self.clock.now()
        least = now + timedelta(seconds=self.hands.patience.lease)
        return Lease(
            rollout=self.order.root,
            environment=self.order.environment,
            holder=self.hands.holder,
            taken=self.order.at,
            until=max(least, until or least),
            before=service.before[place],
            may_serve=tuple(dict.fromkeys(name for _, name in service.serving[place])),
        )

    def places(self) -> Iterator[tuple[ServiceOrder, int, Place]]:
        for service in self.order.services:
            for number, place in enumerate(service.places):
                yield service, number, place

    def stopped_by(self) -> str | None:
        return self.hands.notes.cancelled(self.order.rollout)


def until_true(work: Work, seconds: float, look: Callable[[], str]) -> str:
    """Looks until it sees nothing wrong, with growing pauses; the last complaint after that long,
    and empty where there is none left."""
    patience, ends = work.hands.patience, work.clock.now() + timedelta(seconds=seconds)
    pause = patience.first_pause
    while complaint := look():
        if work.clock.now() + timedelta(seconds=pause) > ends:
            return complaint
        work.clock.wait(pause)
        pause = min(pause * 1.5, patience.longest_pause)
    return ""


def until_seen(work: Work, seconds: float, look: Callable[[], str]) -> str:
    """As `until_true`, but one look proves little: several in a row must see nothing wrong."""
    agreed = 0

    def look_again() -> str:
        nonlocal agreed
        complaint = look()
        agreed = 0 if complaint else agreed + 1
        short = agreed < work.hands.patience.in_a_row
        return complaint or (f"seen {agreed} times only" if short else "")

    return until_true(work, seconds, look_again)
