"""A rollout with all that is needed to tell it: what was ordered, what was done, what is left."""

from dataclasses import dataclass

from skewcheck.core.question import Exit
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import Order

EXIT_FOR_OUTCOME = {
    Outcome.SUCCEEDED: Exit.PASS,
    Outcome.ROLLED_BACK: Exit.ACTION_FAILED,
    Outcome.STUCK: Exit.ACTION_FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutView:
    """`outcome` is None while it is unfinished; `status` says in words what it does or waits for.

    `by_hand` are the commands that finish a stuck one; `remains` is what it leaves behind: pins of
    the traffic, open tabs.
    """

    order: Order
    entries: tuple[Entry, ...] = ()
    outcome: Outcome | None = None
    status: str = ""
    by_hand: tuple[str, ...] = ()
    remains: tuple[str, ...] = ()

    @property
    def exit(self) -> Exit | None:
        return None if self.outcome is None else EXIT_FOR_OUTCOME[self.outcome]
