"""Probes every link that a survey calls for, in rounds: what was seen decides what to ask next.

It does I/O and decides nothing: which experiments are needed is core/probe/experiments.py.
"""

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

from skewcheck.core.judge.places import judge_places
from skewcheck.core.manifest import Manifest
from skewcheck.core.probe.experiments import Experiment, next_experiments
from skewcheck.core.probe.kits import ProbeWanted, plan_probes
from skewcheck.core.probe.reach import doubts_after
from skewcheck.core.probed.probes import Doubt, LinkProbe, Probed, Probes
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import AS_A_BROWSER
from skewcheck.core.wire.transcript import Transcript
from skewcheck.flows.doors import Doors
from skewcheck.flows.pool import reading
from skewcheck.flows.probe_once import ProbeRun, Tried, WhileOpen, probed_of
from skewcheck.flows.read_logs import read_logs
from skewcheck.flows.read_while_open import Aside, read_aside
from skewcheck.ports import NoToken


@dataclass(slots=True)
class _Link:
    """One link while it is being probed."""

    run: ProbeRun
    probed: list[Probed] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    aside: Aside = field(default_factory=Aside)

    @property
    def is_stopped(self) -> bool:
        return any(doubt.what == "not-probed" for doubt in self.doubts)

    def next(self) -> tuple[Experiment, ...]:
        if self.is_stopped:
            return ()
        return next_experiments(self.run.plan.kit, tuple(self.probed))

    def doubt(self, why: str, fix: str) -> None:
        self.doubts.append(Doubt(what="not-probed", why=why, fix=fix))


def take_probes(doors: Doors, rules: Manifest, survey: Survey, wanted: ProbeWanted) -> Probes:
    """`rules` is the manifest at the policy ref. Every plan brings a value, doubts included."""
    plans = plan_probes(survey, rules, wanted)
    with reading(doors.at_once) as pool, reading(doors.at_once) as beside:
        links = [_Link(ProbeRun(doors, pool, plan), doubts=list(plan.doubts)) for plan in plans]
        for link in links:
            _try_token(link)
        while _round(beside, survey, links):
            pass  # ends: no experiment is made twice, and there are but so many
        told = tuple(_told(survey, link, wanted) for link in links)
    policy = survey.manifest.policy
    return Probes(
        environment=survey.environment,
        at=survey.at,
        success_target=policy.success_target,
        unprobed=policy.unprobed,
        links=told,
    )


def _try_token(link: _Link) -> None:
    """Once before all: a token that nobody can get must not fail a dozen probes alike."""
    needed = any(form.script.needs_token for form, _ in link.run.plan.kit.pairs)
    if needed and not link.doubts:
        got = link.run.token()
        if isinstance(got, NoToken):
            link.doubt(f"the WebSocket was not opened: {got.why}", got.fix)


def _round(beside: Executor, survey: Survey, links: list[_Link]) -> bool:
    """Makes the next experiments of all links at once; whether there were any."""
    under_way = [
        (link, experiment, link.run.start(experiment, _aside(beside, survey, link, experiment)))
        for link in links
        for experiment in link.next()
    ]
    for link, experiment, futures in under_way:
        _keep(link, experiment, [future.result() for future in futures])
    return bool(under_way)


def _keep(link: _Link, experiment: Experiment, tried: list[Tried]) -> None:
    transcripts = [each for each in tried if isinstance(each, Transcript)]
    if transcripts:
        tried += link.run.repeat(experiment, transcripts)
        transcripts = [each for each in tried if isinstance(each, Transcript)]
        link.probed.append(probed_of(experiment, transcripts))
    lost = next((each for each in tried if isinstance(each, NoToken)), None)
    if lost is not None and not link.is_stopped:
        link.doubt(f"the token could be had at first, and then no more: {lost.why}", lost.fix)


def _aside(
    beside: Executor, survey: Survey, link: _Link, experiment: Experiment
) -> WhileOpen | None:
    """Health and environment are read beside the first connection of the link that opens."""
    if link.aside.is_asked or experiment.variant != AS_A_BROWSER:
        return None
    plan = link.run.plan
    return read_aside(link.run.doors, beside, survey, link.aside, experiment.target, plan.server)


def _told(survey: Survey, link: _Link, wanted: ProbeWanted) -> LinkProbe:
    plan = link.run.plan
    told = LinkProbe(
        link=plan.link,
        client=plan.client,
        server=plan.server,
        owner=survey.manifest.owner_of(plan.link),
        probed=tuple(link.probed),
        doubts=(*link.doubts, *doubts_after(plan, tuple(link.probed))),
        no_origin=plan.no_origin,
        health=link.aside.health(),
        said_environment=link.aside.environment(),
    )
    if not wanted.thorough:
        return told
    if wanted.alone:
        page = judge_places(survey, survey.services[plan.client])
        told = replace(told, page=tuple(replace(each, pair=None) for each in page))
    return read_logs(link.run.doors, survey, told, link.run.used)
