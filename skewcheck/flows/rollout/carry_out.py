"""The rollout itself: ask the core what comes next, do it, write down how it went, ask again."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from skewcheck.core.errors import SkewcheckError
from skewcheck.core.rollout.as_json import entry_from_json, entry_to_json
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.next_move import next_move
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.core.strict_json import Json
from skewcheck.flows.rollout.building import build_by_trigger
from skewcheck.flows.rollout.edges import invalidate, see_edge
from skewcheck.flows.rollout.hands import Done, Hands, Patience, StoppedError, Work
from skewcheck.flows.rollout.looking import confirm, observe
from skewcheck.flows.rollout.platform import (
    claim,
    clean,
    create,
    hold_leases,
    release,
    shift,
)
from skewcheck.flows.rollout.probing import probe
from skewcheck.flows.rollout.waiting import wait
from skewcheck.ports.rollout import Record

_PERFORM: Mapping[StepKind, Callable[[Work, Step], Done]] = {
    StepKind.OBSERVE: observe,
    StepKind.CLAIM: claim,
    StepKind.CREATE: create,
    StepKind.PROBE: probe,
    StepKind.WAIT: wait,
    StepKind.SHIFT: shift,
    StepKind.BUILD: build_by_trigger,
    StepKind.CONFIRM: confirm,
    StepKind.INVALIDATE: invalidate,
    StepKind.SEE_EDGE: see_edge,
    StepKind.RELEASE: release,
    StepKind.CLEAN: clean,
}
# Steps that change no service and may last: the leases must not expire meanwhile.
_LASTS: Mapping[StepKind, Callable[[Patience], float]] = {
    StepKind.PROBE: lambda patience: patience.probe,
    StepKind.BUILD: lambda patience: patience.build,
    StepKind.CONFIRM: lambda patience: patience.confirm,
    StepKind.INVALIDATE: lambda patience: patience.edge,
    StepKind.SEE_EDGE: lambda patience: patience.edge,
}
_PAUSE_BEFORE_REPETITION_S = 2.0


def carry_out(hands: Hands, order: Order, record: Record) -> Outcome:
    """To its end. What was recorded before a crash is not done again; a crash of ours, or of the
    database, leaves the step unrecorded, and the next run takes it once more."""
    entries = list(order.past)
    while isinstance(step := next_move(order, entries), Step):
        work = Work(hands=hands, order=order, journal=tuple(entries))
        entries.append(entry_from_json(record(step.key, partial(_act, work, step))))
    return step


def _act(work: Work, step: Step) -> Json:
    return entry_to_json(_take(work, step))


def _take(work: Work, step: Step) -> Entry:
    """What people and platforms refuse becomes an entry; everything else is a bug and crashes."""
    if step.is_cancellable and (who := work.stopped_by()):
        return _entry(work, step, Done(told=f"stopped by {who} before it began"), cancelled=True)
    if step.attempt > 1:
        work.clock.wait(_PAUSE_BEFORE_REPETITION_S * step.attempt)
    try:
        if lasts := _LASTS.get(step.kind):
            seconds = lasts(work.hands.patience)
            hold_leases(work, work.clock.now() + timedelta(seconds=seconds))
        return _entry(work, step, _PERFORM[step.kind](work, step))
    except StoppedError as error:
        return _entry(work, step, Done(told=str(error)), cancelled=True)
    except SkewcheckError as error:
        hints = (error.hint,) if error.hint else ()
        return _entry(work, step, Done(told=str(error), evidence=hints), failed=True)


def _entry(
    work: Work, step: Step, done: Done, *, cancelled: bool = False, failed: bool = False
) -> Entry:
    return Entry(
        key=step.key,
        ok=not (cancelled or failed),
        at=work.clock.now(),
        told=done.told,
        evidence=done.evidence,
        cancelled=cancelled,
        url=done.url,
    )
