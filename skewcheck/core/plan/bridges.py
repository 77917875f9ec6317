"""Which services would free a deadlock if a release of each that talks old and new on all links
came first: fewest of them, as far as that can be found out in time.

The fewest are a minimum feedback vertex set, which is NP-hard (Karp 1972). Up to 14 members every
set is tried, smallest first. Beyond that none of the set found can be left out, which is less; and
where even that takes too long, the set is enough, but some of it may be too much.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from skewcheck.core.plan.narrowing import Way

_EXACT_UP_TO = 14
_STEPS = 2_000_000


def fewest_bridges(
    members: Sequence[str], ways: Mapping[str, tuple[Way, ...]], *, steps: int = _STEPS
) -> tuple[tuple[str, ...], bool]:
    """With whether no smaller set would do."""
    if len(members) <= _EXACT_UP_TO:
        return _smallest(members, ways), True
    return _without_surplus(members, ways, steps), False


def _smallest(members: Sequence[str], ways: Mapping[str, tuple[Way, ...]]) -> tuple[str, ...]:
    bit = {name: 1 << number for number, name in enumerate(members)}
    blocks = {
        bit[name]: [sum(bit.get(other, 0) for other in way.blocks) for way in ways[name]]
        for name in members
    }
    sets = (cut for size in range(1, len(members)) for cut in combinations(members, size))
    whole = sum(bit.values())
    frees = (cut for cut in sets if _peels(whole - sum(bit[name] for name in cut), blocks))
    return next(frees, tuple(members))


def _peels(left: int, blocks: Mapping[int, list[int]]) -> bool:
    """Sets of services are bit masks here."""
    while left:
        taken = sum(
            one
            for one, masks in blocks.items()
            if one & left and any(not mask & left for mask in masks)
        )
        if not taken:
            return False
        left -= taken
    return True


def _without_surplus(
    members: Sequence[str], ways: Mapping[str, tuple[Way, ...]], steps: int
) -> tuple[str, ...]:
    """Those stay that close a cycle among those without a bridge; the least entangled go first."""
    blocks = {name: ways[name][0].blocks.intersection(members) for name in members}
    blocked = dict.fromkeys(members, 0)
    for others in blocks.values():
        for other in others:
            blocked[other] += 1
    apart: set[str] = set()
    for name in sorted(members, key=lambda each: len(blocks[each]) * blocked[each]):
        steps, closes = _closes_a_cycle(name, apart, blocks, steps)
        if not closes:
            apart.add(name)
    return tuple(name for name in members if name not in apart)


def _closes_a_cycle(
    name: str, apart: set[str], blocks: Mapping[str, frozenset[str]], steps: int
) -> tuple[int, bool]:
    """Also says how many steps are left; with none left, it might."""
    seen = {name}
    heads = [name]
    while heads and steps > 0:
        following = blocks[heads.pop()]
        steps -= 1 + len(following)
        if name in following:
            return steps, True
        fresh = following & apart - seen
        seen |= fresh
        heads += fresh
    return steps, bool(heads)
