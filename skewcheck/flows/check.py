"""The three questions: how does it stand, may this deploy go, does it hold after it?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from skewcheck.core.evidence.wanted import EvidenceWanted
from skewcheck.core.findings import Verdict
from skewcheck.core.gate import judge_gate
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import BreakGlass, CandidateWanted, Question
from skewcheck.core.report import Report, permissions_for
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.probe import take_probes
from skewcheck.flows.survey import take_survey


def _nobody(report: Report) -> None:
    del report


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question, with all that the asker may add to it; `probing` None opens no WebSocket.

    `seen` gets every report, also those that are asked for again.
    """

    question: Question
    candidates: tuple[CandidateWanted, ...] = ()
    strict: bool = False
    break_glass: BreakGlass | None = None
    probing: ProbeWanted | None = None
    evidence: EvidenceWanted | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    seen: Callable[[Report], None] = _nobody


def check(doors: Doors, loaded: Loaded, asking: Asking) -> Report:
    """Surveys and judges once. Raises UsageError for what people wrote."""
    survey = take_survey(doors, loaded, asking.candidates)
    survey = replace(survey, evidence=asking.evidence)
    if asking.probing is not None:
        probes = take_probes(doors, loaded.rules, survey, asking.probing)
        survey = replace(survey, probes=probes)
    judgement = judge_gate(survey, strict=asking.strict)
    today = survey.at.date()
    report = Report(
        question=asking.question,
        environment=survey.environment,
        at=survey.at,
        survey=survey,
        judgement=judgement,
        sources=loaded.sources,
        permissions=permissions_for(loaded.overrides, judgement.findings, today=today),
        break_glass=asking.break_glass,
        strict=asking.strict,
        versions=asking.versions,
    )
    asking.seen(report)
    return report


def check_while_unknown(
    doors: Doors, loaded: Loaded, asking: Asking, *, times: int, interval: timedelta
) -> Report:
    """Asks again, at most `times` more, as long as the verdict is inconclusive."""
    report = check(doors, loaded, asking)
    for _ in range(times):
        if report.verdict is not Verdict.INCONCLUSIVE:
            break
        doors.clock.wait(interval.total_seconds())
        report = check(doors, loaded, asking)
    return report


def check_until_it_holds(
    doors: Doors, loaded: Loaded, asking: Asking, *, deadline: datetime, interval: timedelta
) -> Report:
    """Asks again until everything passes or the time is up; the last report stands."""
    report = check(doors, loaded, asking)
    while report.verdict is not Verdict.PASS and doors.clock.now() + interval <= deadline:
        doors.clock.wait(interval.total_seconds())
        report = check(doors, loaded, asking)
    return report
