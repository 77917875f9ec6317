"""Opens what rollouts need besides a survey: the write side of the cloud, the engine, the notes.

Only rollout commands come here: the engine costs most of a second to load.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from skewcheck import wiring
from skewcheck.core.errors import UsageError
from skewcheck.core.rollout.as_json import order_from_json
from skewcheck.flows.rollout.carry_out import carry_out
from skewcheck.flows.rollout.hands import Hands
from skewcheck.settings import Settings
from skewcheck.wiring.databases import database_of

if TYPE_CHECKING:
    from skewcheck.core.plan.plan import Plan
    from skewcheck.core.rollout.order import Order
    from skewcheck.core.strict_json import Json
    from skewcheck.flows.doors import Doors
    from skewcheck.flows.load import Loaded
    from skewcheck.ports.rollout import Builds, Engine, Notes, Record

_A_BUILD_LIVES_S = 3600.0


@dataclass(kw_only=True)  # no slots: what was opened once is kept
class Bench:
    """One environment, opened for rollouts; the engine and the notes are loaded when needed."""

    settings: Settings
    source: wiring.Source
    environment: str
    doors: Doors
    loaded: Loaded
    allow_commands: bool

    @cached_property
    def scope(self) -> str:
        """What excludes each other: the environment of this project, on whatever machine."""
        return f"{self.environment}@{self.doors.histories.open('.').project()}"

    @cached_property
    def engine(self) -> Engine:
        from skewcheck.adapters.durable_engine import open_engine

        settings = self.settings
        return open_engine(settings.state_url, settings.state, self.scope, self.doors.clock)

    @cached_property
    def notes(self) -> Notes:
        from skewcheck.adapters.rollout_notes import StoredNotes

        return StoredNotes(database_of(self.settings, "rollout-notes.db"), self.scope)

    @cached_property
    def who(self) -> str:
        return wiring.identity(self.settings)

    @cached_property
    def builds(self) -> Builds:
        from skewcheck.adapters.cloud_build import CloudBuild

        return CloudBuild(clock=self.doors.clock, endpoint=self.settings.gcp_endpoint)

    def hands(self, doors: Doors | None = None, loaded: Loaded | None = None) -> Hands:
        from skewcheck.adapters.cloud_cdn import CloudCdn
        from skewcheck.adapters.cloud_run_writes import CloudRunWrites

        clock, endpoint = self.doors.clock, self.settings.gcp_endpoint
        return Hands(
            doors=doors or self.doors,
            loaded=loaded or self.loaded,
            writes=CloudRunWrites(clock=clock, endpoint=endpoint),
            builds=self.builds,
            invalidations=CloudCdn(clock=clock, endpoint=endpoint),
            notes=self.notes,
            holder=f"{self.who} on {socket.gethostname()}",
        )

    def body(self, written: Json, record: Record) -> Json:
        """What the engine runs: the order, with manifest and rules as they were when it was
        given, whatever has been committed since."""
        order = order_from_json(written)
        if self._is_loaded(order):
            return {"outcome": str(carry_out(self.hands(), order, record))}
        source = wiring.Source(
            repo=self.source.repo, ref=order.manifest_commit, policy_ref=order.policy_commit
        )
        with wiring.opened(
            self.settings, source, self.environment, allow_commands=self.allow_commands
        ) as (doors, loaded):
            hands = self.hands(doors, loaded)
            return {"outcome": str(carry_out(hands, order, record))}

    def new_rollout(self) -> str:
        """A name that sorts by time; its end tells its revisions from all others'."""
        return f"{self.doors.clock.now():%Y%m%d-%H%M}-{secrets.token_hex(3)}"

    def _is_loaded(self, order: Order) -> bool:
        sources = self.loaded.sources
        both = (sources.commit, sources.policy_commit or sources.commit)
        return tuple(map(str, both)) == (order.manifest_commit, order.policy_commit)


@contextmanager
def opened_for_rollouts(
    settings: Settings,
    source: wiring.Source,
    environment: str,
    *,
    hosts: frozenset[str] = frozenset(),
    allow_commands: bool = False,
) -> Iterator[Bench]:
    """As wiring.opened; what the engine holds is let go in the end."""
    with wiring.opened(
        settings, source, environment, hosts=hosts, allow_commands=allow_commands
    ) as (doors, loaded):
        yield Bench(
            settings=settings,
            source=source,
            environment=environment,
            doors=doors,
            loaded=loaded,
            allow_commands=allow_commands,
        )


def require_lasting_state(settings: Settings, what: str) -> None:
    """In a build step the disk is gone with the step, and with it all that could resume."""
    if settings.in_build and not settings.state_url:
        raise UsageError(
            f"{what} in a build step needs a database that outlives it",
            hint="export SKEWCHECK_STATE_URL=postgresql://…",
        )


def require_state_for(settings: Settings, plan: Plan) -> None:
    """A plan that waits longer than the build may live needs one too. Cloud Build gives a build an
    hour unless it is told otherwise ("Build configuration file schema", timeout)."""
    waits = (wait for wave in plan.waves for wait in wave.waits if wait.waiver is None)
    if sum(wait.seconds or 0.0 for wait in waits) > _A_BUILD_LIVES_S / 2:
        require_lasting_state(settings, "a plan that waits so long")
