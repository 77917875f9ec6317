"""Several builds of a service serve at once: serving one of them only may be what frees a deadlock.

Taking a build out of service is always safe, and so is making an edge forget. Which build is kept
decides what the service then stands in the way of. That depends on its own choice alone, so
services are taken off from the end, each with the first choice that blocks nobody who is left;
where none can be taken off, no choice of anybody would help.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from skewcheck.core.plan.constraints import Need
from skewcheck.core.plan.facts import BuildId, Party, PlanWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Whom a service blocks while it serves only `build`; with None, while it stays as it is."""

    build: BuildId | None
    blocks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """`core` stays deadlocked whatever is narrowed."""

    choices: Mapping[str, BuildId]
    core: frozenset[str]


def ways_of(
    world: PlanWorld, stuck: Iterable[str], needs: Iterable[Need]
) -> dict[str, tuple[Way, ...]]:
    """Staying as it is comes first, then the builds that serve, the last one of them first."""
    names = frozenset(stuck)
    blocked: dict[str, dict[BuildId, set[str]]] = {name: {} for name in names}
    for need in needs:
        if need.is_arc and need.before in names and need.after in names:
            for pair in need.pairs:
                by = blocked[need.before].setdefault(need.in_the_way(pair), set())
                by.add(need.after)
    return {name: _ways(world.parties[name], blocked[name]) for name in sorted(names)}


def narrow(ways: Mapping[str, tuple[Way, ...]]) -> Narrowing:
    """All that can be freed by the same preference are narrowed together, so names decide
    nothing."""
    peeling = _Peeling(ways)
    choices: dict[str, BuildId] = {}
    while True:
        peeling.take_off_unchanged()
        freed = peeling.freed_by_narrowing()
        if not freed:
            return Narrowing(choices=choices, core=frozenset(peeling.left))
        choices |= freed
        peeling.take_off(freed)


def _ways(party: Party, blocked: Mapping[BuildId, set[str]]) -> tuple[Way, ...]:
    as_it_is = Way(build=None, blocks=frozenset().union(*blocked.values()))
    if len({*party.serving, *party.at_edge}) == 1:
        return (as_it_is,)
    kept = dict.fromkeys(reversed(party.serving))
    single = (Way(build=each, blocks=frozenset(blocked.get(each, ()))) for each in kept)
    return (as_it_is, *single)


@dataclass(slots=True)
class _Peeling:
    """Counts, for each way of each service, whom it still blocks among those `left`."""

    ways: Mapping[str, tuple[Way, ...]]
    left: dict[str, None] = field(init=False)
    _open: dict[str, list[int]] = field(init=False)
    _blockers: dict[str, list[tuple[str, int]]] = field(init=False)
    _free: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.left = dict.fromkeys(self.ways)
        self._open = {name: [len(way.blocks) for way in ways] for name, ways in self.ways.items()}
        self._blockers = {name: [] for name in self.ways}
        for name, ways in self.ways.items():
            for number, way in enumerate(ways):
                for blocked in way.blocks:
                    self._blockers[blocked].append((name, number))
        self._free = [name for name in self.left if not self._open[name][0]]

    def take_off(self, names: Iterable[str]) -> None:
        for name in names:
            del self.left[name]
            for blocker, number in self._blockers[name]:
                self._open[blocker][number] -= 1
                if not number and not self._open[blocker][0] and blocker in self.left:
                    self._free.append(blocker)

    def take_off_unchanged(self) -> None:
        while self._free:
            name = self._free.pop()
            if name in self.left:
                self.take_off([name])

    def freed_by_narrowing(self) -> dict[str, BuildId]:
        """Those that the earliest preference frees which frees any."""
        ranked = {name: rank for name in self.left if (rank := self._first_free(name))}
        best = min(ranked.values(), default=0)
        freed = (name for name, rank in ranked.items() if rank == best)
        return {name: build for name in freed if (build := self.ways[name][best].build)}

    def _first_free(self, name: str) -> int:
        """0 where no narrowing frees it; where nothing needs to change it is gone already."""
        free = (number for number, count in enumerate(self._open[name]) if not count)
        return next(free, 0)
