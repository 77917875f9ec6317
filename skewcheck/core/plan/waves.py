"""From an ordering to waves: who moves from what to what, and what is waited for before."""

from collections.abc import Mapping

from skewcheck.core.plan.facts import BuildId, Party, PlanWorld
from skewcheck.core.plan.order import waits_by_wave
from skewcheck.core.plan.ordering import Ordering
from skewcheck.core.plan.plan import Move, Waiver, Wave


def make_waves(
    world: PlanWorld, ordering: Ordering, waivers: Mapping[str, Waiver]
) -> tuple[Wave, ...]:
    """Narrowing comes in the first; moves and waits by service."""
    moves: dict[int, list[Move]] = {}
    for name, build in sorted(ordering.narrowed.items()):
        moves.setdefault(0, []).append(narrowing_move(world.parties[name], build))
    for name, wave in sorted(ordering.level.items()):
        moved = target_move(world.parties[name], ordering.narrowed.get(name))
        moves.setdefault(wave, []).append(moved)
    waits = waits_by_wave(ordering.needs, ordering.level, waivers)
    return tuple(
        Wave(waits=waits.get(number, ()), moves=tuple(moves[number])) for number in sorted(moves)
    )


def narrowing_move(party: Party, build: BuildId) -> Move:
    """From several builds, or stale ones at the edge, to one that serves already."""
    return Move(
        service=party.name,
        build=build,
        away=_others(party.serving, build),
        invalidates=party.behind_edge or bool(_others(party.at_edge, build)),
        narrows=True,
    )


def target_move(party: Party, narrowed: BuildId | None = None) -> Move:
    """Where it was narrowed before, that build is all that it leaves; its edge has it by then."""
    serving = party.serving if narrowed is None else (narrowed,)
    return Move(
        service=party.name,
        build=party.target,
        away=_others(serving, party.target),
        invalidates=party.behind_edge or bool(_others(party.at_edge, party.target)),
    )


def _others(builds: tuple[BuildId, ...], build: BuildId) -> tuple[BuildId, ...]:
    return tuple(each for each in dict.fromkeys(builds) if each != build)
