"""Nothing that test reports leave open passes for proven."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.build import BuildSha
from skewcheck.core.evidence.case import Case, Evidence, EvidenceUnreadable, Report
from skewcheck.core.evidence.finding import EvidenceFinding
from skewcheck.core.evidence.junit import read_junit
from skewcheck.core.evidence.require import judge_evidence
from skewcheck.core.findings import RULES, Code, Severity
from tests.core.evidence.reports import (
    FILE,
    GOTESTSUM,
    OTHER,
    PHPUNIT,
    PYTEST,
    REAL,
    SHA,
    SUREFIRE,
    case,
    evidence,
    one_test,
    read,
    sha,
    suite,
)

BUILDS = (BuildSha(SHA),)
BROKEN = EvidenceUnreadable(file="broken.xml", why="the file is empty")


def judge(
    reports: Report | Sequence[Report], *required: str, previous: Sequence[Report] = ()
) -> tuple[EvidenceFinding, ...]:
    given = reports if isinstance(reports, Sequence) else [reports]
    return judge_evidence(given, required=required, builds=BUILDS, previous=previous)


def told(findings: Sequence[EvidenceFinding]) -> list[tuple[Code, str]]:
    return [(finding.code, finding.sentence) for finding in findings]


def is_green(findings: Sequence[EvidenceFinding]) -> bool:
    return all(RULES[finding.code].severity is Severity.NOTICE for finding in findings)


@pytest.mark.parametrize(
    ("xml", "required"),
    [
        (PYTEST, "test_round_trip"),
        (PYTEST, "test_reconnects"),
        (PYTEST, "tests.e2e.test_chat::test_round_trip"),
        (SUREFIRE, "org.acme.ChatTest.opens"),
        (GOTESTSUM, "TestChat"),
        (PHPUNIT, "Tests.ChatTest::testCloses*"),
    ],
)
def test_a_required_test_that_passed_at_the_right_commit_leaves_nothing_open(
    xml: str, required: str
) -> None:
    assert judge(read(xml), required) == ()


def test_a_test_that_passed_only_on_retry_passes() -> None:
    assert judge(read(SUREFIRE), "welcomes", "reconnects") == ()


@pytest.mark.parametrize(
    ("xml", "required", "code", "sentence"),
    [
        pytest.param(
            PYTEST,
            "test_round_trips",
            Code.EVIDENCE_MISSING,
            "test_round_trips is required and is not in junit.xml; did you mean `test_round_trip`?",
            id="absent",
        ),
        pytest.param(
            PYTEST,
            "test_events",
            Code.EVIDENCE_SKIPPED,
            "tests.e2e.test_events::test_events of junit.xml was skipped:"
            " needs staging credentials",
            id="skipped",
        ),
        pytest.param(
            REAL["GoogleTest"],
            "DISABLED_Welcomes",
            Code.EVIDENCE_SKIPPED,
            'Chat::DISABLED_Welcomes of junit.xml was disabled: status="notrun"',
            id="disabled",
        ),
        pytest.param(
            PYTEST,
            "test_logs",
            Code.EVIDENCE_FAILED,
            "tests.e2e.test_chat::test_logs of junit.xml failed:"
            " failed on setup with \"fixture 'logs' not found\"",
            id="error",
        ),
        pytest.param(
            GOTESTSUM,
            "TestChat/welcome",
            Code.EVIDENCE_FAILED,
            "acme.example/chat::TestChat/welcome of junit.xml failed: Failed",
            id="failed before it passed",
        ),
        pytest.param(
            PHPUNIT,
            "testWelcomes",
            Code.EVIDENCE_MISSING,
            "Tests.ChatTest::testWelcomes of junit.xml ran, and by its own report checked nothing",
            id="checked nothing",
        ),
    ],
)
def test_each_thing_that_is_left_open_has_its_code_and_its_reason(
    xml: str, required: str, code: Code, sentence: str
) -> None:
    findings = judge(read(xml), required)
    assert told(findings) == [(code, sentence)]
    assert findings[0].evidence == ()
    assert findings[0].fix


def test_all_tests_that_a_name_means_must_be_fine() -> None:
    report = evidence(
        case("test_chat[a]"),
        case("test_chat[b]", state="failed", why="1008"),
        case("test_chat[c]", state="failed"),
        case("test_chat[d]", state="skipped", why="later"),
        case("test_chat[e]", assertions=0),
    )
    findings = judge(report, "test_chat")
    assert told(findings) == [
        (
            Code.EVIDENCE_FAILED,
            "test_chat[b] of junit.xml failed (and 1 more of test_chat): 1008",
        ),
        (Code.EVIDENCE_SKIPPED, "test_chat[d] of junit.xml was skipped: later"),
        (
            Code.EVIDENCE_MISSING,
            "test_chat[e] of junit.xml ran, and by its own report checked nothing",
        ),
    ]
    assert findings[0].evidence == (
        "test_chat[b] in junit.xml: 1008",
        "test_chat[c] in junit.xml: failed",
    )


def test_a_test_is_looked_for_in_every_report() -> None:
    unit, e2e = evidence(case("test_unit")), evidence(case("test_chat"), file="e2e.xml")
    assert judge([unit, e2e], "test_chat") == ()
    failed = evidence(case("test_chat", state="failed"), file="e2e.xml")
    (finding,) = judge([unit, e2e, failed], "test_chat")
    assert finding.code is Code.EVIDENCE_FAILED
    (finding,) = judge([unit, e2e], "nowhere")
    assert finding.sentence == "nowhere is required and is not in junit.xml, e2e.xml"


def test_without_any_report_every_required_test_is_missing() -> None:
    assert told(judge([], "a", "b", "a")) == [
        (Code.EVIDENCE_MISSING, "a is required and is not in any report"),
        (Code.EVIDENCE_MISSING, "b is required and is not in any report"),
    ]


def test_a_report_that_cannot_be_read_or_tells_of_nothing_proves_nothing() -> None:
    empty = Evidence(file=FILE, cases=())
    findings = judge([BROKEN, empty])
    assert told(findings) == [
        (Code.EVIDENCE_MISSING, "broken.xml cannot be read: the file is empty"),
        (Code.EVIDENCE_MISSING, "junit.xml tells of no test"),
    ]
    assert all("--junit-xml" in finding.fix for finding in findings)


def test_a_report_from_another_commit_proves_nothing() -> None:
    report = read(PYTEST.replace(SHA, OTHER))
    assert told(judge(report, "test_round_trip")) == [
        (Code.EVIDENCE_STALE, "junit.xml tested bb08a08, not 3f2c1ab")
    ]


def test_a_report_that_names_no_commit_proves_nothing() -> None:
    report = read(suite(one_test("a")))
    assert told(judge(report, "a")) == [
        (Code.EVIDENCE_STALE, "junit.xml does not say which commit it tested")
    ]


def test_a_commit_that_another_suite_names_is_not_borrowed() -> None:
    xml = f"<testsuites>{suite(one_test('a'), commit=SHA)}{suite(one_test('b'))}</testsuites>"
    assert judge(read(xml), "a") == ()
    (finding,) = judge(read(xml), "b")
    assert finding.code is Code.EVIDENCE_STALE
    assert finding.sentence == (
        "b of junit.xml stands in a suite that does not say which commit it tested"
    )
    assert "record_testsuite_property" in finding.fix


def test_tests_that_ran_before_and_no_longer_do_are_a_notice() -> None:
    previous = [evidence(case("a"), case("b"), file="last.xml")]
    findings = judge(evidence(case("a")), "a", previous=previous)
    assert told(findings) == [(Code.TESTS_GONE, "1 test of last.xml no longer runs: b")]
    assert is_green(findings)


def test_nothing_is_called_gone_that_may_stand_in_a_report_nobody_can_read() -> None:
    previous = [evidence(case("b"), file="last.xml")]
    findings = judge([BROKEN, evidence(case("a"))], "a", previous=previous)
    assert [finding.code for finding in findings] == [Code.EVIDENCE_MISSING]


def test_an_earlier_report_that_cannot_be_read_is_told() -> None:
    (finding,) = judge(evidence(case("a")), "a", previous=[BROKEN])
    assert finding.code is Code.EVIDENCE_MISSING
    assert finding.fix == "hand over an earlier report that can be read"


def test_the_commit_of_an_earlier_report_does_not_matter() -> None:
    previous = [evidence(case("a"), file="last.xml", commits=[sha(OTHER)])]
    assert judge(evidence(case("a")), "a", previous=previous) == ()


def test_words_from_reports_are_shown_and_not_obeyed() -> None:
    hostile = case("test_chat\x1b[2J", classname="c" * 300, state="failed")
    (finding,) = judge(evidence(hostile), "*")
    assert finding.sentence.isprintable()
    assert len(finding.sentence) < 200
    (finding,) = judge(evidence(case()), "\x1b[2J")
    assert finding.sentence.isprintable()


STATES = st.sampled_from(["ran", "failed", "skipped", "disabled"])
CASES = st.builds(
    Case,
    name=st.sampled_from(["a", "b", "a[1]", "ab"]),
    classname=st.sampled_from(["", "c"]),
    state=STATES,
    assertions=st.none() | st.integers(0, 2),
    flaky=st.booleans(),
    commits=st.sampled_from([(), (sha(),), (sha(OTHER),)]),
)
REPORTS = st.builds(
    Evidence,
    file=st.just(FILE),
    cases=st.lists(CASES).map(tuple),
    commits=st.sampled_from([(), (sha(),), (sha(OTHER),), (sha(), sha(OTHER))]),
)


@given(st.lists(REPORTS | st.just(BROKEN)), st.sampled_from(["a", "c::a", "a[1]", "*"]))
def test_taking_the_required_test_away_never_makes_a_report_green(
    reports: list[Report], required: str
) -> None:
    emptied = [
        Evidence(file=each.file, cases=(), commits=each.commits)
        if isinstance(each, Evidence)
        else each
        for each in reports
    ]
    assert not is_green(judge(emptied, required))
    without = [
        Evidence(
            file=each.file,
            cases=tuple(test for test in each.cases if test.name == "ab"),
            commits=each.commits,
        )
        for each in reports
        if isinstance(each, Evidence)
    ]
    assert required == "*" or not is_green(judge(without, required))


@given(st.lists(REPORTS | st.just(BROKEN), min_size=1))
def test_green_means_that_the_test_ran_in_a_report_about_the_build(reports: list[Report]) -> None:
    if is_green(judge(reports, "a")):
        readable = [each for each in reports if isinstance(each, Evidence)]
        tests = [test for each in readable for test in each.cases if test.name in {"a", "a[1]"}]
        assert len(readable) == len(reports)
        assert tests
        assert all(each.commits == (sha(),) for each in readable)
        assert all(test.state == "ran" and test.assertions != 0 for test in tests)
        assert all(test.commits for test in tests)


@given(st.sampled_from(sorted(REAL.values())), st.data())
def test_cutting_a_report_off_never_makes_it_green(xml: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(xml) - 15))
    report = read_junit(xml[:cut].encode(), file=FILE)
    assert not is_green(judge(report, "*"))
