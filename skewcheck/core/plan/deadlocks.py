"""The proof that no safe order exists, and what would make one possible.

Every arc of the cycle has its witness pair, so anybody can check the proof. Removing one arc
breaks that cycle; whether it frees all members, only a new plan can say, but bridging releases do.
"""

from collections.abc import Iterable, Iterator, Mapping

from skewcheck.core.plan.bridges import fewest_bridges
from skewcheck.core.plan.cycles import arcs_by_start, entangled, shortest_cycle
from skewcheck.core.plan.narrowing import Way, narrow
from skewcheck.core.plan.plan import Arc, ArcKind, Deadlock, Fix


def find_deadlocks(
    arcs: Iterable[Arc], ways: Mapping[str, tuple[Way, ...]], core: Iterable[str]
) -> tuple[Deadlock, ...]:
    """One for each group in `core` that no narrowing frees."""
    starts = arcs_by_start(arcs, core)
    return tuple(
        _deadlock(members, starts, ways)
        for members in entangled(starts)
        if narrow(_among(members, ways)).core
    )


def _among(
    members: tuple[str, ...], ways: Mapping[str, tuple[Way, ...]]
) -> dict[str, tuple[Way, ...]]:
    only = frozenset(members)
    return {
        name: tuple(Way(build=way.build, blocks=way.blocks & only) for way in ways[name])
        for name in members
    }


def _deadlock(
    members: tuple[str, ...],
    starts: Mapping[str, list[Arc]],
    ways: Mapping[str, tuple[Way, ...]],
) -> Deadlock:
    cycle = shortest_cycle(members, starts)
    bridges, exact = fewest_bridges(members, ways)
    return Deadlock(
        members=members,
        cycle=cycle,
        fixes=(*_widenings(cycle), *_bridgings(bridges), *_windows(cycle)),
        bridges=bridges,
        exact=exact,
    )


def _widenings(cycle: tuple[Arc, ...]) -> Iterator[Fix]:
    for arc in cycle:
        pair = arc.pair
        if arc.kind is ArcKind.CLIENT_FIRST:
            told = f"let {arc.after} {pair.server} keep accepting what {arc.before} {pair.client}"
            yield Fix(kind="widen server", service=arc.after, told=f"{told} speaks on {pair.link}")
        else:
            told = f"let {arc.after} {pair.client} also offer what {arc.before} {pair.server}"
            yield Fix(kind="widen client", service=arc.after, told=f"{told} accepts on {pair.link}")


def _bridgings(bridges: tuple[str, ...]) -> Iterator[Fix]:
    for name in bridges:
        told = f"first release a {name} that talks old and new on all its links"
        yield Fix(kind="bridge", service=name, told=told)


def _windows(cycle: tuple[Arc, ...]) -> Iterator[Fix]:
    """The shorter ones first: a server that is behind is soon moved, old clients stay a while."""
    for arc in sorted(cycle, key=lambda arc: arc.kind is ArcKind.CLIENT_FIRST):
        pair = arc.pair
        if arc.kind is ArcKind.CLIENT_FIRST:
            told = f"{arc.before} {pair.client} fails on {pair.link} until its last client is gone"
        else:
            told = f"{arc.after} {pair.client} fails on {pair.link} until {arc.before} has moved"
        order = "in one go" if arc.before == arc.after else f"before {arc.before}"
        yield Fix(kind="window", service=arc.after, told=f"move {arc.after} {order}: {told}")
