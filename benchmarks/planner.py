"""The planner over 10, 1,000 and 10,000 services with three links each, beside a graph library and
two solvers, in one process and in turns.

All are asked the same: who may move when, or is there no order? The graph library and our own order
are given the arcs. The planner and the solvers are given builds and what fits, and build a model of
their own each time. A solver answers with the number of waves, or that there is none; the planner
also says which waits are needed, what sticks and what is exposed, replays all of it, and proves a
deadlock with a cycle and its cures. Whether the answers are the same is checked.
"""

import gc
import importlib
import importlib.util
import random
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from benchmarks.contest import Row
from benchmarks.machine import package
from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.facts import BuildId, Channel, Party, PlanWorld
from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.order import levels
from skewcheck.core.plan.plan import Answer

SIZES = (10, 1_000, 10_000)
_LINKS = 3
_CONSTRAINED = 2 / 3
_FOR_ORDER = "networkx"
_ORDER_AT_MOST = 1.0
# Solvers are compiled and are asked for the order alone. What was wanted is 1.0 beside the quicker
# of them; that is missed (docs/benchmarks.md), and these limits keep it from getting worse.
_PLAN_AT_MOST = {"ortools": 2.5, "clingo": 5.0}
# Ten times the services may take this many times as long: linear, with room for colder caches and
# for the garbage collector, which has more to look through; squared would be 100.
_GROWTH_AT_MOST = 30.0
# How many waves, or None for: there is no order.
Waves = int | None
Arcs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One world; `misfits` are the pairs of builds by link that do not fit."""

    world: PlanWorld
    misfits: dict[str, tuple[BuildId, BuildId]]

    def fits(self, link: str, client: BuildId, server: BuildId) -> Fit:
        return Fit.NO if self.misfits.get(link) == (client, server) else Fit.YES


def rows(sizes: tuple[int, ...], rounds: int, told: Callable[[str], None]) -> Iterator[Row]:
    """Targets are set for the largest size only: below it, a call costs as much as the work."""
    whole: dict[int, float] = {}
    for size in sizes:
        told(f"planner, {size} services: everybody {rounds} times")
        largest = size == sizes[-1]
        possible = question(size, deadlocked=False)
        yield _order_row(possible, size, rounds, enforced=largest)
        times = yield from _plan_rows(possible, "", rounds, enforced=largest)
        whole[size] = median(times)
        stuck = question(size, deadlocked=True)
        yield from _plan_rows(stuck, " in deadlock", rounds, enforced=largest)
    yield _growth(whole)


def question(size: int, *, deadlocked: bool) -> Question:
    """Two links of three put one side first, along a random order; a deadlock turns one round."""
    chance = random.Random(size)  # noqa: S311 - repeatable on purpose
    names = [f"service-{number}" for number in range(size)]
    chance.shuffle(names)
    channels, misfits = list[Channel](), dict[str, tuple[BuildId, BuildId]]()
    for number, name in enumerate(names):
        others = [each for each in chance.sample(range(size), _LINKS + 1) if each != number]
        for other in others[:_LINKS]:
            link = f"link-{number}-{other}"
            channels.append(Channel(name=link, client=name, server=names[other]))
            if chance.random() < _CONSTRAINED:
                misfits[link] = ("old", "new") if number < other else ("new", "old")
    if deadlocked:
        for link, one, other in (("there", 0, 1), ("back", 1, 0)):
            channels.append(Channel(name=link, client=names[one], server=names[other]))
            misfits[link] = ("old", "new")
    parties = {
        name: Party(name=name, serving=("old",), target="new", client_linger_s=3600.0)
        for name in names
    }
    return Question(PlanWorld(parties=parties, channels=tuple(channels)), misfits)


def arcs_of(asked: Question) -> Arcs:
    """What a solver has to find out first: the two pairs of each link that decide."""
    arcs = []
    for channel in asked.world.channels:
        client, server = asked.world.parties[channel.client], asked.world.parties[channel.server]
        if asked.fits(channel.name, client.serving[0], server.target) is not Fit.YES:
            arcs.append((channel.client, channel.server))
        if asked.fits(channel.name, client.target, server.serving[0]) is not Fit.YES:
            arcs.append((channel.server, channel.client))
    return arcs


def by_planner(asked: Question) -> Waves:
    plan = make_plan(asked.world, asked.fits)
    return len(plan.waves) if plan.answer is Answer.SAFE else None


def by_ortools(asked: Question) -> Waves:
    """CP-SAT: a level for each service, the highest of them as low as can be."""
    from ortools.sat.python import cp_model

    names = list(asked.world.parties)
    model = cp_model.CpModel()
    level = {name: model.new_int_var(0, len(names) - 1, "") for name in names}
    highest = model.new_int_var(0, len(names) - 1, "")
    for before, after in arcs_of(asked):
        model.add(level[after] >= level[before] + 1)
    model.add_max_equality(highest, list(level.values()))
    model.minimize(highest)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    return int(solver.objective_value) + 1


def by_clingo(asked: Question) -> Waves:
    """First whether the arcs have a cycle, by its own acyclicity check; then the longest path."""
    import clingo

    numbers = {name: number for number, name in enumerate(asked.world.parties)}
    facts = "".join(f"arc({numbers[one]},{numbers[two]})." for one, two in arcs_of(asked))
    facts += f"service(0..{len(numbers) - 1})."
    acyclic = clingo.Control()
    acyclic.add("base", [], f"{facts} #edge (A,B) : arc(A,B).")
    acyclic.ground([("base", [])])
    if not acyclic.solve().satisfiable:
        return None
    path = "level(S,0) :- service(S). level(B,L+1) :- arc(A,B), level(A,L). "
    longest = clingo.Control()
    longest.add(
        "base", [], f"{facts} {path} highest(H) :- H = #max {{ L : level(_,L) }}. #show highest/1."
    )
    longest.ground([("base", [])])
    shown: list[Any] = []
    longest.solve(on_model=lambda model: shown.extend(model.symbols(shown=True)))
    return int(shown[0].arguments[0].number) + 1


_BY_SOLVER: dict[str, Callable[[Question], Waves]] = {"ortools": by_ortools, "clingo": by_clingo}


def _order_row(asked: Question, size: int, rounds: int, *, enforced: bool) -> Row:
    """The order alone, over arcs that both sides are given."""
    what = f"skewcheck, order of {size} services"
    if not _is_here(_FOR_ORDER):
        return Row(what=what, peer=f"**skipped: {_FOR_ORDER} not installed**", ours="")
    networkx: Any = importlib.import_module(_FOR_ORDER)
    names, arcs = list(asked.world.parties), arcs_of(asked)

    def ours() -> Waves:
        return max(levels(names, arcs).of.values()) + 1

    def theirs() -> Waves:
        graph = networkx.DiGraph(arcs)
        graph.add_nodes_from(names)
        return sum(1 for _ in networkx.topological_generations(graph))

    times = _in_turns([ours, theirs], rounds)
    peer = f"topological_generations ({package(_FOR_ORDER)})"
    return _row(what, peer, times[0], times[1], _ORDER_AT_MOST if enforced else None)


def _plan_rows(
    asked: Question, note: str, rounds: int, *, enforced: bool
) -> Generator[Row, None, list[float]]:
    """The planner beside every solver that is there; returns how long the planner took."""
    here = [name for name in _BY_SOLVER if _is_here(name)]
    runs = [partial(by_planner, asked), *(partial(_BY_SOLVER[name], asked) for name in here)]
    ours, *theirs = _in_turns(runs, rounds)
    took = dict(zip(here, theirs, strict=True))
    for name in _BY_SOLVER:
        what = f"skewcheck, plan for {len(asked.world.parties)} services{note}, beside {name}"
        if name in took:
            limit = _PLAN_AT_MOST[name] if enforced else None
            yield _row(what, f"{package(name)}, the order alone", ours, took[name], limit)
        else:
            yield Row(what=what, peer=f"**skipped: {name} not installed**", ours="")
    return ours


def _is_here(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _in_turns(runs: Sequence[Callable[[], Waves]], rounds: int) -> list[list[float]]:
    """CPU seconds of each, as nobody here waits for anything or uses a second thread. One run of
    each before does not count, and all have to agree."""
    assert len({run() for run in runs}) == 1, "the answers differ"
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, took in zip(runs, times, strict=True):
            gc.collect()
            gc.freeze()  # nobody pays for looking through what others have left
            started = time.process_time()
            run()
            took.append(time.process_time() - started)
    return times


def _growth(whole: dict[int, float]) -> Row:
    """How much longer the plan takes for the largest size than for the one before it."""
    (small, before), (large, after) = list(whole.items())[-2:]
    limit = _GROWTH_AT_MOST * large / small / 10
    return Row(
        what=f"skewcheck, plan for {large} services beside one for {small}",
        peer="itself",
        ours=_time(after),
        theirs=_time(before),
        ratio=f"{after / before:.2f}",
        target=f"≤ {limit:.2f}",
        holds=after <= limit * before,
    )


def _row(
    what: str, peer: str, ours: list[float], theirs: list[float], at_most: float | None
) -> Row:
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    ratio = median(ours) / median(theirs)
    return Row(
        what=what,
        peer=peer,
        ours=_time(median(ours)),
        theirs=_time(median(theirs)),
        ratio=f"{ratio:.2f}",
        pairs=f"{min(ratios):.2f} to {max(ratios):.2f}",
        target="" if at_most is None else f"≤ {at_most:.2f}",
        holds=None if at_most is None else ratio <= at_most,
    )


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.{0 if seconds >= 0.01 else 2}f} ms"
