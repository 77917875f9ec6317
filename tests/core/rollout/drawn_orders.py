"""Orders and lucks drawn at random, and a world in which they are carried out, for laws."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from hypothesis import strategies as st

from skewcheck.core.plan.plan import Answer, Move, Plan, Wave
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.next_move import next_move
from skewcheck.core.rollout.order import Order, ServiceOrder
from skewcheck.core.rollout.steps import Step, StepKind
from tests.core.rollout.orders import (
    ANY_ORDER,
    CLIENT_FIRST,
    SERVER_FIRST,
    by_trigger,
    entry,
    on_cloud_run,
    order,
    party,
    world,
)

# What became of a step; a failed one may have happened all the same.
Luck = Literal["worked", "failed", "failed half-way", "cancelled", "cancelled after a death"]
LUCKS = st.sampled_from(
    [*["worked"] * 12, "failed", "failed half-way", "cancelled", "cancelled after a death"]
)
MOST_STEPS = 500


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """One to three services, in one or two regions, by image or by trigger, in any order."""
    fits = draw(st.sampled_from([ANY_ORDER, CLIENT_FIRST, SERVER_FIRST]))
    regions = draw(st.sampled_from([("us-east1",), ("us-east1", "europe-west1")]))
    web = draw(st.sampled_from([by_trigger(), on_cloud_run("web", *regions, lingers_s=3600)]))
    stale = draw(st.booleans())
    seen = world(
        party("web", "new" if stale else "old", client_linger_s=3600, behind_edge=True,
              at_edge=("old",)),
        *([party("jobs")] if draw(st.booleans()) else []),
    )  # fmt: skip
    services: list[ServiceOrder] = [web, on_cloud_run("api", *regions), on_cloud_run("jobs")]
    if draw(st.booleans()):
        return narrowed(*services)
    return order(*services, seen=seen, fits=fits)


def narrowed(*services: ServiceOrder) -> Order:
    """The api serves two builds, and goes to one of them before it goes to its target."""
    seen = world(party("api", "old mid"))
    first = Move(service="api", build="old", away=("mid",), narrows=True)
    second = Move(service="api", build="new", away=("old",))
    web = Move(service="web", build="new", away=("old",), invalidates=True)
    waves = (
        Wave(waits=(), moves=(first,)),
        Wave(waits=(), moves=(second,)),
        Wave(waits=(), moves=(web,), sticky=("web",)),
    )
    api = on_cloud_run("api", serving="old mid")
    known = {each.name: each for each in services} | {"api": api}
    return order(*known.values(), seen=seen, plan=Plan(answer=Answer.SAFE, waves=waves))


@dataclass
class Stage:
    """What is served by place, empty for as before, and which places are held."""

    served: dict[tuple[str, int], str] = field(default_factory=dict)
    held: set[tuple[str, int]] = field(default_factory=set)

    def act(self, step: Step, order: Order) -> None:
        where = step.service, step.place
        match step.kind:
            case StepKind.CLAIM:
                self.held.add(where)
            case StepKind.RELEASE:
                self.held.discard(where)
            case StepKind.SHIFT:
                self.served[where] = step.build
            case StepKind.BUILD:
                previous = order.service(step.service).previous
                self.served[where] = "" if step.build == previous else step.build
            case _:
                return


@dataclass
class Played:
    """A rollout from its beginning to its end."""

    order: Order
    outcome: Outcome
    steps: list[Step]
    journal: list[Entry]
    stage: Stage

    @property
    def forward(self) -> list[Step]:
        return [step for step in self.steps if not step.back]

    @property
    def back(self) -> list[Step]:
        return [step for step in self.steps if step.back]

    @property
    def restored(self) -> bool:
        return not any(self.stage.served.values())


def play(ordered: Order, lucks: Iterable[Luck]) -> Played:
    """All works once the lucks are used up; what cannot be cancelled fails instead."""
    stage, journal, steps = Stage(), list(ordered.past), list[Step]()
    luck = iter(lucks)
    while isinstance(step := next_move(ordered, journal), Step):
        assert len(steps) < MOST_STEPS, "it goes on for ever"
        steps.append(step)
        journal.append(_taken(stage, ordered, step, next(luck, "worked")))
    return Played(ordered, step, steps, journal, stage)


def _taken(stage: Stage, ordered: Order, step: Step, luck: Luck) -> Entry:
    if luck in {"worked", "failed half-way", "cancelled after a death"}:
        stage.act(step, ordered)
    cancelled = luck.startswith("cancelled") and step.is_cancellable
    return entry(step, ok=luck == "worked", cancelled=cancelled)


@st.composite
def plays(draw: st.DrawFn) -> Played:
    lucks: Any = draw(st.lists(LUCKS, max_size=60))
    return play(draw(orders()), lucks)
