"""The way back: what undoes the steps that were taken, in reverse, with the same care.

Rules of this file: a failed step is undone too, because it may have half happened, and so is one
that was cancelled, because a process may have died in its middle before; what later waves' new
clients still need is not taken away before they are gone; leases are given back last.
"""

from collections.abc import Collection, Iterator

from skewcheck.core.plan.plan import Move, Wave
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import Step, StepKind, forward_steps

_CHANGES = {StepKind.SHIFT, StepKind.BUILD}


def undo_steps(order: Order, taken: Collection[str]) -> Iterator[Step]:
    """`taken` are the names of all forward steps that were tried, the failed one included."""
    tried = [step for step in forward_steps(order) if step.name in taken]
    moved = {(step.wave, step.service) for step in tried if step.kind in _CHANGES}
    waves = list(enumerate(order.plan.waves, 1))
    for number, wave in reversed(waves):
        moves = [move for move in reversed(wave.moves) if (number, move.service) in moved]
        yield from _undone(order, number, moves)
        if any(wave_moved < number for wave_moved, _ in moved):
            yield from _sticky_waits(order, number, wave, moves)
    for step in reversed(tried):
        if step.kind is StepKind.CLAIM:
            yield _back(StepKind.RELEASE, step.service, place=step.place)
    for step in tried:
        if step.kind is StepKind.CREATE:
            yield _back(StepKind.CLEAN, step.service, place=step.place)


def _undone(order: Order, number: int, moves: list[Move]) -> Iterator[Step]:
    for move in moves:
        service = order.service(move.service)
        if service.trigger and not move.narrows:
            yield _back(StepKind.BUILD, move.service, wave=number, build=service.previous)
        else:
            narrowed = _narrowed_before(order, number, move.service)
            for place in range(len(service.places)):
                yield _back(StepKind.SHIFT, move.service, place=place, wave=number, build=narrowed)
        yield _back(StepKind.CONFIRM, move.service, wave=number)
    for move in moves:
        if move.invalidates:
            yield _back(StepKind.INVALIDATE, move.service, wave=number)
        if move.invalidates or not move.narrows:
            yield _back(StepKind.SEE_EDGE, move.service, wave=number)


def _narrowed_before(order: Order, number: int, service: str) -> str:
    """The build that an earlier wave had narrowed the service to; empty: the split of before."""
    for wave in reversed(order.plan.waves[: number - 1]):
        for move in wave.moves:
            if move.service == service:
                return move.build
    return ""


def _sticky_waits(order: Order, number: int, wave: Wave, moves: list[Move]) -> Iterator[Step]:
    """Servers behind an already shipped client go back only when its tabs are gone."""
    for move in moves:
        if move.service in wave.sticky and order.service(move.service).lingers_s:
            yield _back(StepKind.WAIT, move.service, wave=number)


def _back(kind: StepKind, service: str, *, place: int = 0, wave: int = 0, build: str = "") -> Step:
    return Step(kind=kind, service=service, place=place, wave=wave, build=build, back=True)
