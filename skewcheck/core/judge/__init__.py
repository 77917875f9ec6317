"""The judge: from a survey to findings and a verdict. Pure; reads nothing but its argument."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skewcheck.core.findings import Code, Finding, Severity, Verdict, decide
from skewcheck.core.judge.drift import judge_promise, judge_traffic, running
from skewcheck.core.judge.evidence import judge_tests
from skewcheck.core.judge.found import found
from skewcheck.core.judge.places import judge_environment, judge_places
from skewcheck.core.judge.probes import judge_probes
from skewcheck.core.judge.skew import judge_claims, judge_link
from skewcheck.core.judge.unknowns import judge_unknowns
from skewcheck.core.matrix import LinkMatrix, build_matrix
from skewcheck.core.survey import ServiceSurvey, Survey

_ORDER = (Severity.BLOCK, Severity.UNKNOWN, Severity.NOTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Findings with the gravest first, and the matrix that the skew findings come from."""

    findings: tuple[Finding, ...]
    matrix: tuple[LinkMatrix, ...]

    @property
    def verdict(self) -> Verdict:
        return decide(self.findings)


def judge(survey: Survey) -> Judgement:
    """The world as it is: everything decides."""
    matrix = build_matrix(survey)
    findings = [*judge_emptiness(survey), *judge_doubts(survey)]
    for link in matrix:
        findings += judge_link(survey, link)
    for service in survey.services.values():
        findings += judge_service(survey, service)
    if survey.probes is not None:
        findings += judge_probes(survey.probes)
    findings += judge_tests(survey)
    return Judgement(findings=gravest_first(findings), matrix=matrix)


def judge_emptiness(survey: Survey) -> Iterator[Finding]:
    """An empty world has nothing that could fail, which proves nothing."""
    place = f"manifests/{survey.environment}.yaml"
    if not survey.manifest.services:
        told = "the manifest promises no service"
    elif not survey.manifest.links:
        told = "the manifest names no link, so no pair was compared"
    else:
        return
    fix = f"name services and links in {place}: skewcheck schema manifest"
    yield found(survey, Code.NOTHING_TO_CHECK, survey.environment, told, fix=fix)


def judge_doubts(survey: Survey) -> Iterator[Finding]:
    """Git answered, but from a copy that may be old or cut short."""
    for subject, doubts in survey.doubts.items():
        for doubt in doubts:
            told = f"git's answers may be old or too short: {doubt.why}"
            yield found(survey, Code.EVIDENCE_STALE, subject, told, fix=doubt.fix)


def judge_service(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """Everything about one service by itself."""
    yield from judge_own_state(survey, service)
    yield from judge_promise(survey, service)


def judge_own_state(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """How it stands, whatever was promised: a deploy that is about to be made changes that."""
    findings = (
        *judge_places(survey, service),
        *judge_environment(survey, service),
        *judge_claims(survey, service),
        *judge_unknowns(survey, service),
        *judge_traffic(survey, service),
    )
    yield from findings
    if decide(findings) is Verdict.PASS and not running(survey, service):
        told = "no witness tells which build runs"
        fix = f"list more of them in services.{service.name}.witnesses"
        yield found(survey, Code.NOTHING_TO_CHECK, service.name, told, fix=fix)


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by severity; within one severity in the order found."""
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))
