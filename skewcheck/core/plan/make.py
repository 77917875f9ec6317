"""Makes the plan: waves in a safe order, or the proof that there is none. Nothing leaves here
without having been checked by a replay that knows nothing of how it was found.

A safe order of single shifts exists exactly where the arcs have no cycle: along each arc the first
service has to be through before the second begins, and level by level nothing that does not fit
meets. Sides that nobody knows to fit count as such that do not; where only that stands in the way,
the answer says so.
"""

from collections.abc import Mapping
from dataclasses import replace

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.check import check_deadlock, check_waves
from skewcheck.core.plan.consequences import time_of, with_consequences
from skewcheck.core.plan.facts import BuildId, Fits, PlanWorld
from skewcheck.core.plan.misfits import Misfits, find_misfits
from skewcheck.core.plan.order import NO_WAIVERS
from skewcheck.core.plan.ordering import order_services
from skewcheck.core.plan.plan import Answer, Plan, Waiver
from skewcheck.core.plan.waves import make_waves


def make_plan(world: PlanWorld, fits: Fits, *, waivers: Mapping[str, Waiver] = NO_WAIVERS) -> Plan:
    """`waivers` by the service whose old clients are not waited for. Only a safe plan has waves."""
    known = _remembered(fits)
    misfits = find_misfits(world, known)
    plan = _planned(world, misfits, waivers)
    if plan.answer is not Answer.SAFE and misfits.any_unknown:
        hopeful = _planned(world, find_misfits(world, _hopeful(known)), waivers)
        if hopeful.answer is Answer.SAFE:
            plan = replace(plan, answer=Answer.UNKNOWN_DECIDES)
    _prove(plan, world, known, misfits)
    return plan


def _remembered(fits: Fits) -> Fits:
    """Each pair is asked for once."""
    answers: dict[tuple[str, BuildId, BuildId], Fit] = {}

    def ask(link: str, client: BuildId, server: BuildId) -> Fit:
        key = link, client, server
        answer = answers.get(key)
        if answer is None:
            answer = answers[key] = fits(link, client, server)
        return answer

    return ask


def _hopeful(fits: Fits) -> Fits:
    def ask(link: str, client: BuildId, server: BuildId) -> Fit:
        fit = fits(link, client, server)
        return Fit.YES if fit is Fit.UNKNOWN else fit

    return ask


def _prove(plan: Plan, world: PlanWorld, fits: Fits, misfits: Misfits) -> None:
    wrong = [each for deadlock in plan.deadlocks for each in check_deadlock(deadlock, world, fits)]
    if plan.answer is Answer.SAFE:
        wrong += check_waves(plan, world, misfits)
    if wrong:
        raise AssertionError(f"the planner made a wrong plan: {'; '.join(wrong)}")


def _planned(world: PlanWorld, misfits: Misfits, waivers: Mapping[str, Waiver]) -> Plan:
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
    told, outlives = with_consequences(world, misfits, waves)
    return replace(
        broken,
        answer=Answer.SAFE,
        waves=told,
        outlives=outlives,
        seconds=seconds,
        critical=critical,
    )
