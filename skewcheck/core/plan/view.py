"""A plan with all that is needed to tell it to people: how services move, and why pairs do not fit.

Nothing is decided here: where the reasons and the means come from is the caller's business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.plan.facts import BuildId, PlanWorld
from skewcheck.core.plan.plan import Answer, Pair, Plan, Wait
from skewcheck.core.question import Exit

EXIT_FOR_ANSWER = {
    Answer.SAFE: Exit.PASS,
    Answer.NO_SAFE_ORDER: Exit.BLOCK,
    Answer.UNKNOWN_DECIDES: Exit.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """How one service moves: `told` is `image …`, `trigger …` or `edge only`.

    For a trigger, `last_took_s` is how long its newest good run took, None where nobody knows, and
    `previous` the build that it goes back to, empty where nobody knows.
    """

    told: str
    by_trigger: bool = False
    last_took_s: float | None = None
    previous: BuildId = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """`links` names each link's client and server; `sentence` says why a pair does not fit.

    `going_back` tells a rollback from a redeploy; `expires` is when what was observed counts no
    longer; `next` are the commands to run now.
    """

    environment: str
    at: datetime
    plan: Plan
    world: PlanWorld
    digest: str
    links: Mapping[str, tuple[str, str]]
    sentence: Callable[[Pair], str]
    services: Mapping[str, Means]
    going_back: bool = False
    expires: datetime | None = None
    next: tuple[str, ...] = ()

    @property
    def exit(self) -> Exit:
        return EXIT_FOR_ANSWER[self.plan.answer]

    def client_lingers_s(self, service: str) -> float | None:
        """How long the last client of a service lives on, on any of its links; None is for ever."""
        channels = (each for each in self.world.channels if each.client == service)
        own = self.world.parties[service].client_linger_s
        return _longest(own, *map(self.world.linger_of, channels))

    def exposed_s(self, wait: Wait) -> float | None:
        """How long what a wait is for may go on where nobody waits; None is for ever."""
        links = {pair.link for pair in wait.pairs}
        channels = (each for each in self.world.channels if each.name in links)
        return _longest(wait.seconds, *map(self.world.linger_of, channels))


@dataclass(frozen=True, slots=True, kw_only=True)
class Movable:
    """Whether a service may move now, and why, or what it waits for."""

    service: str
    may_move: bool
    why: tuple[str, ...] = ()


def _longest(*lengths: float | None) -> float | None:
    known = [length for length in lengths if length is not None]
    return max(known) if len(known) == len(lengths) else None
