"""Which services may move right now, and what the others wait for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.core.plan.constraints import Need
from skewcheck.core.plan.facts import BuildId, Fits, Party, PlanWorld
from skewcheck.core.plan.misfits import Misfits, find_misfits
from skewcheck.core.plan.order import NO_WAIVERS
from skewcheck.core.plan.ordering import order_services
from skewcheck.core.plan.plan import Arc, Move, Pair, Wait, Waiver
from skewcheck.core.plan.waves import narrowing_move, target_move

# A pair is one of two targets that do not fit, which no order mends.
Holder: TypeAlias = Arc | Wait | Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One service that is to move: `move` is the next thing to do with it, and may be done now
    unless something holds it. A move that narrows is held by nothing."""

    service: str
    move: Move
    held_by: tuple[Holder, ...]

    @property
    def may_move(self) -> bool:
        return not self.held_by


def movable_now(
    world: PlanWorld, fits: Fits, *, waivers: Mapping[str, Waiver] = NO_WAIVERS
) -> tuple[Standing, ...]:
    """By name; services that are where they should be are left out. All that may move may do so
    in any order, or together."""
    misfits = find_misfits(world, fits)
    ordering = order_services(world, misfits)
    holders: dict[str, list[Holder]] = {}
    for name, holder in (*_by_need(ordering.needs, waivers), *_by_end(world, misfits)):
        holders.setdefault(name, []).append(holder)
    return tuple(
        _standing(party, ordering.narrowed.get(name), tuple(holders.get(name, ())))
        for name, party in sorted(world.parties.items())
        if party.moves or party.is_stale_at_edge
    )


def _standing(party: Party, narrowed: BuildId | None, held_by: tuple[Holder, ...]) -> Standing:
    if narrowed is not None:
        return Standing(service=party.name, move=narrowing_move(party, narrowed), held_by=())
    return Standing(service=party.name, move=target_move(party), held_by=held_by)


def _by_need(
    needs: tuple[Need, ...], waivers: Mapping[str, Waiver]
) -> Iterator[tuple[str, Holder]]:
    for need in needs:
        if need.is_arc:
            yield need.after, need.arc()
        elif need.before not in waivers:
            yield need.after, _wait(need)


def _by_end(world: PlanWorld, misfits: Misfits) -> Iterator[tuple[str, Holder]]:
    """A target that serves already adds nothing that does not fit."""
    sides = {each.name: (each.client, each.server) for each in world.channels}
    for pair in misfits.after:
        for name in dict.fromkeys(sides[pair.link]):
            if world.parties[name].target not in world.parties[name].serving:
                yield name, pair


def _wait(need: Need) -> Wait:
    """A build that is taken out of service first is waited for like one that lingers."""
    return Wait(
        service=need.before,
        builds=tuple(sorted({need.in_the_way(pair) for pair in need.pairs})),
        seconds=need.wait_s,
        pairs=need.pairs,
    )
