"""What has to come before what, once it is clear what each service serves until it moves."""

from collections.abc import Mapping
from dataclasses import dataclass

from skewcheck.core.plan.constraints import Need, Since, find_needs
from skewcheck.core.plan.deadlocks import find_deadlocks
from skewcheck.core.plan.facts import BuildId, PlanWorld
from skewcheck.core.plan.misfits import Misfits
from skewcheck.core.plan.narrowing import narrow, ways_of
from skewcheck.core.plan.order import levels
from skewcheck.core.plan.plan import Deadlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """`level` is the wave in which a service moves to its target; those that deadlocks hold up
    have none. `narrowed` serve one build only from the first wave on."""

    needs: tuple[Need, ...]
    level: Mapping[str, int]
    narrowed: Mapping[str, BuildId]
    deadlocks: tuple[Deadlock, ...]


def order_services(world: PlanWorld, misfits: Misfits) -> Ordering:
    """Services are narrowed only where there is no order without."""
    needs = find_needs(world, misfits)
    movers = sorted(
        name for name, party in world.parties.items() if party.moves or party.is_stale_at_edge
    )
    ordered = levels(movers, _arcs(needs))
    if not ordered.stuck:
        return Ordering(needs=needs, level=ordered.of, narrowed={}, deadlocks=())
    ways = ways_of(world, ordered.stuck, needs)
    narrowing = narrow(ways)
    if narrowing.choices:
        needs = find_needs(world, misfits, narrowing.choices)
        floors = {need.after: 1 for need in needs if need.since is Since.NARROWING}
        ordered = levels(movers, _arcs(needs), floors)
    arcs = (need.arc() for need in needs if need.is_arc)
    return Ordering(
        needs=needs,
        level=ordered.of,
        narrowed=narrowing.choices,
        deadlocks=find_deadlocks(arcs, ways, narrowing.core),
    )


def _arcs(needs: tuple[Need, ...]) -> list[tuple[str, str]]:
    return [(need.before, need.after) for need in needs if need.is_arc]
