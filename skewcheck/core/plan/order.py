"""From needs to waves: the fewest that there can be, and as few waits as they allow.

A service is in the wave after the last that it needs, which is a longest path; no plan has fewer
waves. The waits for one service are intervals of waves, and each is stabbed as late as it can be.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from skewcheck.core.plan.constraints import Need, Since
from skewcheck.core.plan.plan import Wait, Waiver

NO_WAIVERS: Mapping[str, Waiver] = MappingProxyType({})
_NO_FLOORS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The wave of each service, from 0; `stuck` are those on a cycle or behind one."""

    of: Mapping[str, int]
    stuck: frozenset[str]


def levels(
    movers: Iterable[str],
    arcs: Iterable[tuple[str, str]],
    floors: Mapping[str, int] = _NO_FLOORS,
) -> Levels:
    """Kahn's algorithm (1962). `arcs` are (before, after); no wave of a service lies below its
    floor."""
    level = {name: floors.get(name, 0) for name in movers}
    later: dict[str, list[str]] = {name: [] for name in level}
    missing = dict.fromkeys(level, 0)
    for before, after in arcs:
        later[before].append(after)
        missing[after] += 1
    ready = [name for name, count in missing.items() if not count]
    for name in ready:  # grows while it is walked
        lowest = level[name] + 1
        for after in later[name]:
            if level[after] < lowest:
                level[after] = lowest
            missing[after] -= 1
            if not missing[after]:
                ready.append(after)
    stuck = frozenset(level).difference(ready)
    return Levels(of={name: level[name] for name in ready}, stuck=stuck)


def waits_by_wave(
    needs: Iterable[Need], level: Mapping[str, int], waivers: Mapping[str, Waiver]
) -> dict[int, tuple[Wait, ...]]:
    """The waits before each wave that has some, by service."""
    asked: dict[str, list[Need]] = {}
    for need in needs:
        if need.waits:
            asked.setdefault(need.before, []).append(need)
    found: dict[int, list[Wait]] = {}
    for service in sorted(asked):
        waiver = waivers.get(service)
        for wave, together in _stabbed(asked[service], level):
            found.setdefault(wave, []).append(_wait(service, together, waiver))
    return {wave: tuple(waits) for wave, waits in found.items()}


def _stabbed(needs: list[Need], level: Mapping[str, int]) -> Iterator[tuple[int, list[Need]]]:
    """Greedy by the earliest end, which gives the fewest points. A need belongs to the first point
    that it allows: there its builds go."""
    points: list[int] = []
    together: list[list[Need]] = []
    for need in sorted(needs, key=lambda each: level[each.after]):
        first = bisect_left(points, _earliest(need, level))
        if first == len(points):
            points.append(level[need.after])
            together.append([])
        together[first].append(need)
    return zip(points, together, strict=True)


def _earliest(need: Need, level: Mapping[str, int]) -> int:
    """The first wave before which it can be waited; narrowing is in wave 0."""
    if need.is_arc:
        return level[need.before] + 1
    return 1 if need.since is Since.NARROWING else 0


def _wait(service: str, needs: list[Need], waiver: Waiver | None) -> Wait:
    lengths = [need.wait_s for need in needs]
    known = [length for length in lengths if length is not None]
    pairs = {pair: need.in_the_way(pair) for need in needs for pair in need.pairs}
    return Wait(
        service=service,
        builds=tuple(sorted({*pairs.values()})),
        seconds=max(known) if len(known) == len(lengths) else None,
        pairs=tuple(pairs),
        waiver=waiver,
    )
