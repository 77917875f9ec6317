"""What the flows of the service share in tests, and a room of the rollouts' small world."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.ports import Clock
from skewcheck.ports.rollout import Builds, Engine, Notes
from skewcheck.ports.service import JsonObject, Shared
from tests.builders import LONG_AGO
from tests.fakes import FakeClock
from tests.flows.rollout.world import Rollouts
from tests.service_fakes import FakeAudit, FakeChronicle, FakeShelf


def sharing(clock: Clock | None = None) -> Shared:
    return Shared(
        shelf=FakeShelf(),
        chronicle=FakeChronicle(),
        audit=FakeAudit(),
        clock=clock or FakeClock(),
        scope="acme",
        holder="replica-1",
    )


def trail(shared: Shared, since: datetime = LONG_AGO) -> list[JsonObject]:
    """All that was recorded."""
    return list(shared.audit.records(since=since))


@dataclass
class RolloutsRoom:
    """The small world behind the door that flows of the service go through."""

    rollouts: Rollouts
    environment: str = "staging"
    scope: str = "staging@acme"
    names: Iterator[str] = field(
        default_factory=lambda: (f"20261123-2210-{number:06x}" for number in range(1, 1000))
    )

    @property
    def doors(self) -> Doors:
        return self.rollouts.doors()

    @property
    def loaded(self) -> Loaded:
        return self.rollouts.loaded

    @property
    def engine(self) -> Engine:
        return self.rollouts.engine

    @property
    def notes(self) -> Notes:
        return self.rollouts.notes

    @property
    def builds(self) -> Builds:
        return self.rollouts.builds

    def new_rollout(self) -> str:
        return next(self.names)

    @contextmanager
    def opened(self, environment: str) -> Iterator["RolloutsRoom"]:
        assert environment == self.environment
        yield self
