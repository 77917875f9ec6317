"""Until when a wait lasts: counted from the last moment at which an old client could be loaded."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from skewcheck.core.rollout.journal import Entry
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import Step, StepKind

_LAST_HANDED_OUT = (StepKind.SEE_EDGE, StepKind.CONFIRM, StepKind.SHIFT, StepKind.BUILD)


def wait_until(order: Order, journal: Iterable[Entry], step: Step) -> datetime:
    """After the service's own move of the same direction; after the first look where it had
    none, for then its old clients only linger."""
    since = _since(order, tuple(journal), step)
    return since + timedelta(seconds=_seconds(order, step))


def _seconds(order: Order, step: Step) -> float:
    if step.back:
        return order.service(step.service).lingers_s
    waits = order.plan.waves[step.wave - 1].waits
    return next(wait.seconds or 0.0 for wait in waits if wait.service == step.service)


def _since(order: Order, journal: tuple[Entry, ...], step: Step) -> datetime:
    undo = "undo " if step.back else ""
    starts = [f"{undo}{kind} {step.service}" for kind in _LAST_HANDED_OUT]
    wanted = tuple(start + end for start in starts for end in (" ", "/"))
    moved = [entry.at for entry in journal if entry.ok and entry.key.startswith(wanted)]
    looked = [entry.at for entry in journal if entry.key.startswith(str(StepKind.OBSERVE))]
    return max(moved, default=max(looked[:1], default=order.at))
