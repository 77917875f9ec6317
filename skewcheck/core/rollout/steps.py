"""The steps of a rollout: what an order asks for, one after the other, and the steps back.

Rules of this file: a step's key is the same on every machine and after every crash; nothing
moves before all of it is claimed, made and probed; an edge is told to forget only after its origin
was seen to serve the new build, else it would remember the old one once more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from skewcheck.core.plan.facts import BuildId
from skewcheck.core.plan.plan import Move, Wave
from skewcheck.core.rollout.order import Order, ServiceOrder


class StepKind(StrEnum):
    OBSERVE = "observe"
    CLAIM = "claim"
    CREATE = "create"
    PROBE = "probe"
    WAIT = "wait"
    SHIFT = "shift"
    BUILD = "build"
    CONFIRM = "confirm"
    INVALIDATE = "invalidate"
    SEE_EDGE = "see-edge"
    RELEASE = "release"
    CLEAN = "clean"


# From the first of these on, everything has been seen to hold: there is no way back any more.
FINAL = frozenset({StepKind.RELEASE, StepKind.CLEAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`place` counts within the service's places; `wave` from 1; `back` is a step of the way back;
    `build` is what the service is to serve after it. `attempt` tells repetitions apart."""

    kind: StepKind
    service: str = ""
    place: int = 0
    wave: int = 0
    back: bool = False
    build: BuildId = ""
    attempt: int = 1

    @property
    def name(self) -> str:
        """The step, however often it was tried: `undo shift backend/0 in wave 2`."""
        words = ["undo", self.kind] if self.back else [str(self.kind)]
        if self.service:
            words.append(f"{self.service}/{self.place}" if self._has_place else self.service)
        if self.wave:
            words.append(f"in wave {self.wave}")
        return " ".join(map(str, words))

    @property
    def key(self) -> str:
        return self.name if self.attempt == 1 else f"{self.name}, attempt {self.attempt}"

    @property
    def is_cancellable(self) -> bool:
        """On the way back, and once everything has been seen to hold, there is nothing to stop."""
        return not self.back and self.kind not in FINAL

    @property
    def _has_place(self) -> bool:
        return self.kind in {
            StepKind.CLAIM, StepKind.CREATE, StepKind.SHIFT, StepKind.RELEASE, StepKind.CLEAN,
        }  # fmt: skip


def forward_steps(order: Order) -> Iterator[Step]:
    """From the first look to the last lease given back."""
    yield Step(kind=StepKind.OBSERVE, wave=1)
    for service, place in _places(order):
        yield Step(kind=StepKind.CLAIM, service=service.name, place=place)
    made = [(service, place) for service, place in _places(order) if _is_made(service, place)]
    for service, place in made:
        yield Step(kind=StepKind.CREATE, service=service.name, place=place, build=service.target)
    if made:
        yield Step(kind=StepKind.PROBE, wave=1)
    for number, wave in enumerate(order.plan.waves, 1):
        yield from _wave_steps(order, number, wave)
    yield Step(kind=StepKind.PROBE)
    for service, place in reversed(_places(order)):
        yield Step(kind=StepKind.RELEASE, service=service.name, place=place)
    for service, place in _places(order):
        yield Step(kind=StepKind.CLEAN, service=service.name, place=place)


def _wave_steps(order: Order, number: int, wave: Wave) -> Iterator[Step]:
    for wait in wave.waits:
        if wait.waiver is None:
            yield Step(kind=StepKind.WAIT, service=wait.service, wave=number)
    if number > 1:
        yield Step(kind=StepKind.OBSERVE, wave=number)
    for move in wave.moves:
        yield from _move_steps(order.service(move.service), move, number)
    for move in wave.moves:
        yield from _edge_steps(move, number)


def _move_steps(service: ServiceOrder, move: Move, wave: int) -> Iterator[Step]:
    name, build = service.name, move.build
    if move.away and service.trigger and not move.narrows:
        yield Step(kind=StepKind.BUILD, service=name, wave=wave, build=build)
    elif move.away:
        for place in range(len(service.places)):
            yield Step(kind=StepKind.SHIFT, service=name, place=place, wave=wave, build=build)
    # Where nothing moved this still matters: an edge must not be emptied over an old origin.
    yield Step(kind=StepKind.CONFIRM, service=name, wave=wave, build=build)


def _edge_steps(move: Move, wave: int) -> Iterator[Step]:
    if move.invalidates:
        yield Step(kind=StepKind.INVALIDATE, service=move.service, wave=wave, build=move.build)
    if move.invalidates or not move.narrows:
        yield Step(kind=StepKind.SEE_EDGE, service=move.service, wave=wave, build=move.build)


def _places(order: Order) -> list[tuple[ServiceOrder, int]]:
    """In the same order for everybody, so that two rollouts never hold half of each other's."""
    found = [(each, number) for each in order.services for number in range(len(each.places))]
    return sorted(
        found, key=lambda one: (one[0].places[one[1]].service, str(one[0].places[one[1]]))
    )


def _is_made(service: ServiceOrder, place: int) -> bool:
    serves = {build for build, _ in service.serving[place]} if service.serving else set()
    return bool(service.image) and service.target not in serves
