"""The two questions about links alone: do they hold on the wire, and if not, why not?"""

from dataclasses import dataclass, replace

from skewcheck.core.diagnosis import Diagnosis, diagnose
from skewcheck.core.gate import judge_gate
from skewcheck.core.judge import Judgement, gravest_first
from skewcheck.core.judge.probes import judge_probes_alone
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.probed.probes import Probes
from skewcheck.core.report import Report, permissions_for
from skewcheck.core.survey import Survey
from skewcheck.flows.check import Asking
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.probe import take_probes
from skewcheck.flows.rate import Pace, take_rates
from skewcheck.flows.survey import take_survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """The report of the whole world, and what is wrong with each link that was asked about."""

    report: Report
    diagnoses: tuple[Diagnosis, ...]


def check_probes(
    doors: Doors, loaded: Loaded, asking: Asking, *, pace: Pace | None = None
) -> Report:
    """Only the wire decides; `pace` asks for the success rates too."""
    survey, probes = _look(doors, loaded, asking)
    if pace is not None:
        probes = take_rates(doors, loaded.rules, survey, _probing(asking), probes, pace)
    judgement = Judgement(findings=gravest_first(judge_probes_alone(probes)), matrix=())
    return _report(loaded, asking, replace(survey, probes=probes), judgement)


def diagnose_links(
    doors: Doors, loaded: Loaded, asking: Asking, links: tuple[str, ...]
) -> Diagnosed:
    """Everything is looked at, and then told link by link."""
    survey, probes = _look(doors, loaded, asking)
    survey = replace(survey, probes=probes)
    judgement = judge_gate(survey)
    return Diagnosed(
        report=_report(loaded, asking, survey, judgement),
        diagnoses=tuple(diagnose(survey, judgement, link) for link in links),
    )


def _look(doors: Doors, loaded: Loaded, asking: Asking) -> tuple[Survey, Probes]:
    survey = take_survey(doors, loaded, asking.candidates)
    return survey, take_probes(doors, loaded.rules, survey, _probing(asking))


def _probing(asking: Asking) -> ProbeWanted:
    return asking.probing or ProbeWanted(thorough=True)


def _report(loaded: Loaded, asking: Asking, survey: Survey, judgement: Judgement) -> Report:
    return Report(
        question=asking.question,
        environment=survey.environment,
        at=survey.at,
        survey=survey,
        judgement=judgement,
        sources=loaded.sources,
        permissions=permissions_for(loaded.overrides, judgement.findings, today=survey.at.date()),
        versions=asking.versions,
    )
