"""The steps that open the WebSocket for real: at the candidates' own addresses before anybody
meets them, and at the end where users meet them.

Only pairs that fit by git are opened: those that do not will never meet, as planned.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from skewcheck.core.compatibility import Fit
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.findings import DRIFTS, Finding, Severity
from skewcheck.core.gate import judge_candidates
from skewcheck.core.judge.probes import judge_probes, judge_probes_of_candidates
from skewcheck.core.plan.facts import PlanWorld
from skewcheck.core.plan.observed import SurveyFits, observe_world
from skewcheck.core.plan.plan import Pair
from skewcheck.core.probe.fitting import links_left_out
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import CandidateWanted
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.core.survey import Survey
from skewcheck.flows.plan import survey_for_plan
from skewcheck.flows.probe import take_probes
from skewcheck.flows.rollout.hands import Done, Work
from skewcheck.flows.rollout.looking import survey_now, targets_of


def probe(work: Work, step: Step) -> Done:
    """Of the candidates where the step names a wave, else of everything, as users meet it."""
    return _candidates(work) if step.wave else _everything(work)


def _candidates(work: Work) -> Done:
    urls = dict(_urls(work))
    survey = survey_for_plan(work.hands.doors, work.hands.loaded, tuple(_new(work, urls)))
    survey = _probed(work, survey)
    findings = [each for each in judge_candidates(survey) if each.code not in DRIFTS]
    if survey.probes is not None:
        findings += judge_probes_of_candidates(survey.probes)
    _refuse(work, findings)
    told = f"{', '.join(sorted(urls))} answered as planned, {_counted(survey)}"
    return Done(told=told, evidence=tuple(urls.values()))


def _new(work: Work, urls: Mapping[str, str]) -> Iterator[CandidateWanted]:
    """What answers at a tag, and what will speak though it cannot be asked yet."""
    clients = work.hands.loaded.manifest.clients()
    for each in targets_of(work.order):
        party = work.order.world.parties[each.service]
        if each.service in urls or (each.service in clients and party.moves):
            yield replace(each, url=urls.get(each.service, ""))


def _everything(work: Work) -> Done:
    survey = survey_now(work)
    world, fits = observe_world(survey), SurveyFits(survey)
    if new := sorted(_new_pairs(work, world, fits)):
        raise ActionFailedError(f"live and not planned: {'; '.join(new)}",
                                hint=f"skewcheck status {work.order.environment}")  # fmt: skip
    # Nothing is about to be deployed any more: what is live is what is judged.
    survey = _probed(work, replace(survey, candidates={}))
    if survey.probes is not None:
        if gaps := links_left_out(survey.manifest, survey.probes):
            told = f"not opened in the end: {', '.join(gaps)}"
            hint = f"skewcheck diagnose {work.order.environment}"
            raise ActionFailedError(told, hint=hint)
        _refuse(work, list(judge_probes(survey.probes)))
    return Done(told=f"everything holds as users meet it, {_counted(survey)}")


def _probed(work: Work, survey: Survey) -> Survey:
    wanted = ProbeWanted(only_fitting=True)
    probes = take_probes(work.hands.doors, work.hands.loaded.rules, survey, wanted)
    return replace(survey, probes=probes)


def _urls(work: Work) -> Iterator[tuple[str, str]]:
    """Where each candidate answers, by the journal; of several regions the last."""
    created = f"{StepKind.CREATE} "
    for entry in work.journal:
        if entry.ok and entry.url and entry.key.startswith(created):
            yield entry.key.removeprefix(created).partition("/")[0], entry.url


def _new_pairs(work: Work, world: PlanWorld, fits: SurveyFits) -> Iterator[str]:
    """Pairs that are live, do not fit, and neither were live before, nor were accepted, nor were
    waited for: a survey cannot see that a client which may linger is gone."""
    plan = work.order.plan
    known = {*plan.broken_now, *plan.outlives, *(p for wave in plan.waves for p in wave.exposes)}
    known |= {p for wave in plan.waves for wait in wave.waits for p in wait.pairs}
    excused = {(pair.link, pair.client, pair.server) for pair in known}
    for channel in world.channels:
        client, server = world.parties[channel.client], world.parties[channel.server]
        for one in {*client.serving, *client.lingering, *client.at_edge}:
            for other in server.serving:
                pair = Pair(link=channel.name, client=one, server=other)
                if (pair.link, one, other) not in excused and _is_bad(fits, pair):
                    yield f"{pair.link}: {one[:7]} meets {other[:7]}"


def _is_bad(fits: SurveyFits, pair: Pair) -> bool:
    return fits(pair.link, pair.client, pair.server) is not Fit.YES


def _refuse(work: Work, findings: list[Finding]) -> None:
    """Unknown is never green: what could not be learnt stops it like what is broken."""
    grave = [finding for finding in findings if finding.severity is not Severity.NOTICE]
    if grave:
        told = "; ".join(f"{each.code} {each.subject}: {each.sentence}" for each in grave[:3])
        more = f" (and {len(grave) - 3} more)" if len(grave) > 3 else ""
        raise ActionFailedError(told + more, hint=f"skewcheck diagnose {work.order.environment}")


def _counted(survey: Survey) -> str:
    links = survey.probes.links if survey.probes else ()
    opened = sum(len(probed.transcripts) for link in links for probed in link.probed)
    return f"{opened} handshakes on {len(links)} link(s)"
