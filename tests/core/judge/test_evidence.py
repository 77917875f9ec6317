"""Test reports in a survey: which builds they must be about, and what they leave open decides."""

from typing import Any

import pytest

from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.evidence.case import Case, Evidence, EvidenceUnreadable, Report
from skewcheck.core.evidence.wanted import EvidenceWanted
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.gate import judge_gate
from skewcheck.core.history import NotInHistory
from skewcheck.core.judge import judge
from skewcheck.core.judge.evidence import builds_under_examination, judge_tests
from skewcheck.core.survey import Survey
from tests.builders import NEW, NEXT, OLD, backend, candidate, manifest, promise, survey
from tests.core.minimal_worlds import NO_PROMISE, codes, the

GONE = NotInHistory("no such commit here", "git fetch --unshallow")


def report(build: BuildSha = NEW, **case: Any) -> Evidence:
    """One test, passed unless told otherwise, in a report on that build."""
    name = BuildName(build)
    cases = (Case(name="test_chat", commits=(name,), **case),)
    return Evidence(file="junit.xml", cases=cases, commits=(name,))


def surveyed(*reports: Report, **changed: Any) -> Survey:
    return survey(evidence=EvidenceWanted(reports=reports, required=("test_chat",)), **changed)


def test_a_survey_without_evidence_says_nothing_of_tests() -> None:
    assert list(judge_tests(survey())) == []


@pytest.mark.parametrize("look", [judge, judge_gate], ids=["as it is", "gate"])
def test_a_required_test_that_passed_for_the_promised_build_passes(look: Any) -> None:
    assert look(surveyed(report())).verdict is Verdict.PASS


@pytest.mark.parametrize("look", [judge, judge_gate], ids=["as it is", "gate"])
def test_a_required_test_that_was_skipped_is_unknown(look: Any) -> None:
    judgement = look(surveyed(report(state="skipped", why="no network")))
    told = the(Code.EVIDENCE_SKIPPED, judgement)
    assert (told.subject, told.severity) == ("staging", Severity.UNKNOWN)
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_a_required_test_that_failed_blocks_a_deploy() -> None:
    seen = surveyed(report(NEXT, state="failed"), candidates=[candidate()])
    assert judge_gate(seen).verdict is Verdict.BLOCK


def test_a_required_test_that_passed_for_the_candidate_lets_it_go() -> None:
    judgement = judge_gate(surveyed(report(NEXT), candidates=[candidate()]))
    assert judgement.verdict is Verdict.PASS


def test_a_report_on_what_the_candidate_replaces_proves_nothing_of_it() -> None:
    judgement = judge_gate(surveyed(report(NEW), candidates=[candidate()]))
    told = the(Code.EVIDENCE_STALE, judgement)
    assert NEW.short in told.sentence
    assert NEXT.short in told.sentence


def test_a_finding_keeps_its_evidence_and_its_fix() -> None:
    told = the(Code.EVIDENCE_STALE, judge(surveyed(report(OLD))))
    assert f"under examination: {NEW}" in told.evidence
    assert told.fix == f"run the tests at {NEW.short} and hand over that report"


def test_a_report_that_cannot_be_read_is_never_green() -> None:
    unread = EvidenceUnreadable(file="junit.xml", why="the file is empty")
    assert codes(judge(surveyed(unread))) == {Code.EVIDENCE_MISSING}


def test_a_test_that_ran_before_and_is_gone_is_told() -> None:
    wanted = EvidenceWanted(reports=(report(state="skipped"),), previous=(report(),))
    assert Code.TESTS_GONE in codes(judge(survey(evidence=wanted)))


@pytest.mark.parametrize(
    ("seen", "builds"),
    [
        pytest.param(survey(), (NEW,), id="one promise for both services"),
        pytest.param(survey(backend(promise=promise(OLD))), (NEW, OLD), id="a promise for each"),
        pytest.param(survey(backend(promise=NO_PROMISE)), (NEW,), id="an unreadable promise"),
        pytest.param(survey(candidates=[candidate()]), (NEXT,), id="candidates alone"),
        pytest.param(survey(candidates=[candidate(build=GONE)]), (), id="an unknown candidate"),
        pytest.param(survey(manifest=manifest(services={}, links={})), (), id="nothing promised"),
    ],
)
def test_the_builds_under_examination_are_the_candidates_or_else_the_promises(
    seen: Survey, builds: tuple[BuildSha, ...]
) -> None:
    assert builds_under_examination(seen) == builds
