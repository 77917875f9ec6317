"""What comes next: a pure function of the order and the journal.

So a process that died and one that lived make the same next move, and what is shown beforehand is
what happens.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import FINAL, Step, StepKind, forward_steps
from skewcheck.core.rollout.way_back import undo_steps

# Undoing, and giving back what is no longer needed, is worth more than one try.
ATTEMPTS = 3


def next_move(order: Order, journal: Iterable[Entry]) -> Step | Outcome:
    """The step to take now, or how it ended."""
    entries = tuple(journal)
    worked = {_name(entry.key) for entry in entries if entry.ok}
    failed = Counter(_name(entry.key) for entry in entries if not entry.ok)
    for step in forward_steps(order):
        if step.name in worked:
            continue
        if step.kind in FINAL:
            if failed[step.name] < ATTEMPTS:
                return _again(step, failed[step.name])
            if step.kind is StepKind.RELEASE:
                return Outcome.STUCK
            continue  # what could not be cleaned up harms nobody, and is told
        if failed[step.name]:
            return _way_back(order, worked | failed.keys(), worked, failed)
        return step
    return Outcome.SUCCEEDED


def _way_back(
    order: Order, tried: set[str], worked: set[str], failed: Counter[str]
) -> Step | Outcome:
    for step in undo_steps(order, tried):
        if step.name in worked:
            continue
        if failed[step.name] < ATTEMPTS:
            return _again(step, failed[step.name])
        if step.kind is not StepKind.CLEAN:
            return Outcome.STUCK
    return Outcome.ROLLED_BACK


def _again(step: Step, failures: int) -> Step:
    return replace(step, attempt=failures + 1)


def _name(key: str) -> str:
    return key.partition(", attempt ")[0]


def to_resume(journal: Iterable[Entry]) -> tuple[Entry, ...]:
    """The journal of a stuck rollout without the attempts that failed after its fate was decided:
    whoever resumes it tries those again."""
    entries = tuple(journal)
    return tuple(entry for entry in entries if entry.ok or not _is_repeated(_name(entry.key)))


def _is_repeated(name: str) -> bool:
    return name.startswith("undo ") or name.partition(" ")[0] in set(FINAL)
