"""What is opened anew for each piece of work, always at the newest manifest."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from skewcheck import wiring
from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.errors import UsageError
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.rooms import Room
from skewcheck.service.asked import Asked
from skewcheck.service.roster import Roster
from skewcheck.wiring.checkout import Checkout
from skewcheck.wiring.rollout import opened_for_rollouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    asked: Asked
    checkout: Checkout

    def doors(self, environment: str) -> AbstractContextManager[tuple[Doors, Loaded]]:
        asked, source = self.asked, self.checkout.newest()
        return wiring.opened(
            asked.settings, source, environment, allow_commands=asked.allow_commands
        )

    @contextmanager
    def room(self, environment: str) -> Iterator[Room]:
        asked, source = self.asked, self.checkout.newest()
        with opened_for_rollouts(
            asked.settings, source, environment, allow_commands=asked.allow_commands
        ) as bench:
            yield bench

    def environments(self) -> tuple[str, ...]:
        return wiring.all_environments(self.asked.settings, self.checkout.newest())

    def roster(self) -> Roster:
        """UsageError for an environment that is named and not there, or where there is none."""
        found, named = self.environments(), self.asked.environments
        if not found:
            raise UsageError(
                f"no manifests/*.yaml is committed in {self.checkout.name}",
                hint="name a repository that has some: --repo DIR or --repo URL",
            )
        for name in named:
            if name not in found:
                raise UsageError(
                    f"no environment {name!r} is in {self.checkout.name}"
                    + did_you_mean(name, found),
                    hint=f"it has {', '.join(found)}",
                )
        unique = tuple(dict.fromkeys(named))
        return Roster(unique) if unique else Roster(found, self.environments)
