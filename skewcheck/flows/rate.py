"""Measures the success rate of a link: look after look, at a bounded pace, until one decides."""

from collections import Counter
from dataclasses import dataclass, replace

from skewcheck.core.ladder.climb import climb
from skewcheck.core.manifest import Manifest
from skewcheck.core.probe.experiments import Experiment
from skewcheck.core.probe.kits import ProbePlan, ProbeWanted, plan_probes
from skewcheck.core.probed.probes import Doubt, Format, LinkProbe, Probes, Rated
from skewcheck.core.probed.rate import LOOKS, Answer, Rate
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import AS_A_BROWSER, Patience, Target
from skewcheck.flows.doors import Doors
from skewcheck.flows.pool import reading
from skewcheck.flows.probe_once import ProbeRun
from skewcheck.ports import NoToken


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """At most `at_once` connections at a time, and at most `per_second` new ones."""

    at_once: int = 20
    per_second: float = 50.0


def take_rates(
    doors: Doors, rules: Manifest, survey: Survey, wanted: ProbeWanted, probes: Probes, pace: Pace
) -> Probes:
    """`probes` with the rates of every link that could be probed, at the edge or the candidate,
    and at each serving revision that can be addressed."""
    plans = {plan.link: plan for plan in plan_probes(survey, rules, wanted)}
    with reading(pace.at_once) as pool:
        links = tuple(
            _rate_link(ProbeRun(doors, pool, plans[link.link]), probes, link, pace)
            for link in probes.links
        )
    return replace(probes, links=links)


def _rate_link(run: ProbeRun, probes: Probes, link: LinkProbe, pace: Pace) -> LinkProbe:
    if any(doubt.what == "not-probed" for doubt in link.doubts):
        return link
    rated, doubts = [], list(link.doubts)
    for form, target in _places(run.plan):
        rate = _rate(run, form, target, probes.success_target, pace)
        if isinstance(rate, NoToken):
            told = f"the token could be had at first, and then no more: {rate.why}"
            doubts.append(Doubt(what="not-probed", why=told, fix=rate.fix))
            break
        rated.append(Rated(format=form, target=target, rate=rate))
    return replace(link, rated=tuple(rated), doubts=tuple(doubts))


def _places(plan: ProbePlan) -> list[tuple[Format, Target]]:
    """Each pair, and past the edge each revision that is surely the one that answers."""
    named = [target for target in plan.kit.directs if target.revision]
    beyond = [
        (form, target)
        for form, place in plan.kit.pairs
        if place.place == "edge" and len(named) > 1
        for target in named
    ]
    return [*plan.kit.pairs, *(each for each in beyond if each not in plan.kit.pairs)]


def _rate(run: ProbeRun, form: Format, target: Target, share: float, pace: Pace) -> Rate | NoToken:
    experiment = Experiment(format=form, target=target)
    failures: Counter[str] = Counter()
    tried, rate = 0, None
    while rate is None or rate.answer is Answer.GO_ON:
        until = next(look for look in LOOKS if look > tried)
        codes = _outcomes(run, experiment, until - tried, pace)
        if isinstance(codes, NoToken):
            return codes
        tried = until
        failures.update(code for code in codes if code)
        kinds = tuple(failures.most_common())
        held = tried - failures.total()
        rate = Rate(target=share, successes=held, tried=tried, failures=kinds)
    return rate


def _outcomes(run: ProbeRun, experiment: Experiment, times: int, pace: Pace) -> list[str] | NoToken:
    """The finding code of each failure, empty for one that holds; NoToken where one is missing."""
    futures = []
    for number in range(times):
        if number:
            run.doors.clock.wait(1 / pace.per_second)
        futures.append(run.pool.submit(run.once, experiment, Patience()))
    codes = []
    for future in futures:
        tried = future.result()
        if isinstance(tried, NoToken):
            return tried
        failed = climb(tried, experiment.format.script, AS_A_BROWSER).failed
        codes.append(str(failed.code or failed.rung) if failed else "")
    return codes
