"""Makes the plan: waves in a safe order, or the proof that there is none. Nothing leaves here
without having been checked by a replay that knows nothing of how it was found.

A safe order of single shifts exists exactly where the arcs have no cycle: along each arc the first
service has to be through before the second begins, and level by level nothing that does not fit
meets. Sides that nobody knows to fit count as such that do not; where only that stands in the way,
the answer says so.
"""

from collections.abc import Mapping
from dataclasses import replace

from skewcheck.core.plan.check import check_deadlock, replay_waves
from skewcheck.core.plan.consequences import time_of
from skewcheck.core.plan.facts import Fits, PlanWorld
from skewcheck.core.plan.misfits import find_misfits, without_unknown
from skewcheck.core.plan.order import NO_WAIVERS
from skewcheck.core.plan.ordering import order_services
from skewcheck.core.plan.plan import Answer, Plan, Waiver
from skewcheck.core.plan.replay import Terrain
from skewcheck.core.plan.waves import make_waves


def make_plan(world: PlanWorld, fits: Fits, *, waivers: Mapping[str, Waiver] = NO_WAIVERS) -> Plan:
    """`waivers` by the service whose old clients are not waited for. Only a safe plan has waves."""
    misfits = find_misfits(world, fits)
    terrain = Terrain(world, misfits)
    plan = _planned(terrain, waivers)
    if plan.answer is not Answer.SAFE and misfits.any_unknown:
        hopeful = _planned(Terrain(world, without_unknown(misfits)), waivers)
        if hopeful.answer is Answer.SAFE:
            plan = replace(plan, answer=Answer.UNKNOWN_DECIDES)
    for deadlock in plan.deadlocks:
        _insist(check_deadlock(deadlock, world, fits))
    return plan


def _insist(wrong: tuple[str, ...]) -> None:
    if wrong:
        raise AssertionError(f"the planner made a wrong plan: {'; '.join(wrong)}")


def _planned(terrain: Terrain, waivers: Mapping[str, Waiver]) -> Plan:
    world, misfits = terrain.world, terrain.misfits
    ordering = order_services(world, misfits)
    broken = Plan(
        answer=Answer.NO_SAFE_ORDER,
        arcs=tuple(need.arc() for need in ordering.needs if need.is_arc),
        broken_now=misfits.live,
        broken_after=misfits.after,
        deadlocks=ordering.deadlocks,
    )
    if ordering.deadlocks:
        return broken
    waves = make_waves(world, ordering, waivers)
    endless = tuple(
        wait
        for wave in waves
        for wait in wave.waits
        if wait.seconds is None and wait.waiver is None
    )
    seconds, critical = time_of(world, waves)
    if endless or misfits.after:
        return replace(broken, too_long=endless, seconds=seconds, critical=critical)
    replayed = replay_waves(terrain, waves)
    _insist(replayed.wrong)
    return replace(
        broken,
        answer=Answer.SAFE,
        waves=replayed.waves,
        outlives=replayed.outlives,
        seconds=seconds,
        critical=critical,
    )
