"""Carrying on what stopped half-way, and stopping what goes on."""

from dataclasses import replace

from skewcheck.core.errors import UsageError
from skewcheck.core.rollout.as_json import order_to_json
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.next_move import to_resume
from skewcheck.core.rollout.order import Order
from skewcheck.flows.redeploy import find_run, unfinished, view_of
from skewcheck.ports.rollout import Engine, Run


def to_carry_on(
    engine: Engine, environment: str, rollout: str | None, *, new: str, who: str
) -> str:
    """The rollout to follow now: the unfinished one, or, under the name `new`, a stuck one's way
    on. UsageError where nothing is left to do."""
    going_on = unfinished(engine)
    if going_on is not None and rollout in {None, going_on.rollout}:
        return going_on.rollout
    run = find_run(engine, environment, rollout)
    view = view_of(engine, run)
    if view.outcome is not Outcome.STUCK:
        told = f"rollout {run.rollout} is {view.status}: nothing is left to carry on"
        hint = f"for an older one that is stuck, its name: skewcheck rollouts list {environment}"
        raise UsageError(told, hint=hint)
    order = _resumed(view.order, view.entries, rollout=new, who=who)
    return engine.submit(new, order_to_json(order))


def to_cancel(engine: Engine, environment: str, rollout: str | None) -> Run:
    """The unfinished rollout. UsageError where there is none, or not that one."""
    going_on = unfinished(engine)
    if going_on is None or rollout not in {None, going_on.rollout}:
        told = f"rollout {rollout} is not under way" if rollout else "no rollout is under way"
        raise UsageError(f"{told} in {environment}", hint=f"skewcheck rollouts list {environment}")
    return going_on


def _resumed(order: Order, journal: tuple[Entry, ...], *, rollout: str, who: str) -> Order:
    """The order that goes on where a stuck one stopped, in its name."""
    return replace(order, rollout=rollout, resumes=order.root, who=who, past=to_resume(journal))
