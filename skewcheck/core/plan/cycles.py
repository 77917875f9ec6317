"""Cycles of arcs: the groups that hold each other up, and a shortest proof that one does."""

from collections.abc import Iterable, Iterator, Mapping

from skewcheck.core.plan.plan import Arc

_STEPS = 2_000_000


def arcs_by_start(arcs: Iterable[Arc], names: Iterable[str]) -> dict[str, list[Arc]]:
    """Only arcs between those names; known misfits first, so that proofs prefer them."""
    found: dict[str, list[Arc]] = {name: [] for name in sorted(names)}
    for arc in sorted(arcs, key=lambda arc: arc.pair.unknown):
        if arc.before in found and arc.after in found:
            found[arc.before].append(arc)
    return found


def entangled(arcs: Mapping[str, list[Arc]]) -> Iterator[tuple[str, ...]]:
    """Each set of services, by name, of which everyone has to move before itself (Tarjan 1972,
    without recursion)."""
    seen = _Seen()
    for root in arcs:
        if root not in seen.lowest:
            for members in _below(root, arcs, seen):
                is_loop = any(arc.after == members[0] for arc in arcs[members[0]])
                if len(members) > 1 or is_loop:
                    yield tuple(sorted(members))


class _Seen:
    """`lowest` is what each can reach of those that are `open`, by when they were first seen."""

    def __init__(self) -> None:
        self.lowest: dict[str, int] = {}
        self.first: dict[str, int] = {}
        self.open: dict[str, None] = {}

    def enter(self, name: str) -> None:
        self.lowest[name] = self.first[name] = len(self.first)
        self.open[name] = None

    def lower(self, name: str, to: int) -> None:
        self.lowest[name] = min(self.lowest[name], to)


def _below(root: str, arcs: Mapping[str, list[Arc]], seen: _Seen) -> Iterator[list[str]]:
    seen.enter(root)
    trail = [(root, iter(arcs[root]))]
    while trail:
        name, rest = trail[-1]
        arc = next(rest, None)
        if arc is not None:
            if arc.after not in seen.lowest:
                seen.enter(arc.after)
                trail.append((arc.after, iter(arcs[arc.after])))
            elif arc.after in seen.open:
                seen.lower(name, seen.first[arc.after])
            continue
        trail.pop()
        if trail:
            seen.lower(trail[-1][0], seen.lowest[name])
        if seen.lowest[name] == seen.first[name]:
            yield _closed(name, seen)


def _closed(name: str, seen: _Seen) -> list[str]:
    members = []
    while name in seen.open:
        member, _ = seen.open.popitem()
        members.append(member)
    return members


def shortest_cycle(
    members: Iterable[str], arcs: Mapping[str, list[Arc]], *, steps: int = _STEPS
) -> tuple[Arc, ...]:
    """Breadth first from every member. After so many steps the shortest so far has to do; there
    always is one."""
    best: tuple[Arc, ...] = ()
    for start in members:
        if best and (steps <= 0 or len(best) == 1):
            break
        steps, found = _cycle_through(start, arcs, steps, len(best))
        best = found or best
    return best


def _cycle_through(
    start: str, arcs: Mapping[str, list[Arc]], steps: int, below: int
) -> tuple[int, tuple[Arc, ...]]:
    """Shorter than `below`, if that is not 0; and the steps that are left."""
    heads = [start]
    length = 1
    came: dict[str, Arc] = {}
    while heads and (not below or length < below):
        following = []
        for name in heads:
            steps -= len(arcs[name])
            for arc in arcs[name]:
                if arc.after == start:
                    return steps, _walked(arc, start, came)
                if arc.after not in came:
                    came[arc.after] = arc
                    following.append(arc.after)
        heads, length = following, length + 1
    return steps, ()


def _walked(last: Arc, start: str, came: Mapping[str, Arc]) -> tuple[Arc, ...]:
    walk = [last]
    while walk[-1].before != start:
        walk.append(came[walk[-1].before])
    return tuple(reversed(walk))
