"""Tests that stop running are noticed."""

import pytest

from skewcheck.core.evidence.case import Case
from skewcheck.core.evidence.finding import EvidenceFinding
from skewcheck.core.evidence.gone import judge_gone
from skewcheck.core.findings import Code
from tests.core.evidence.reports import case, evidence


def judge(before: list[Case], now: list[Case]) -> list[EvidenceFinding]:
    return list(judge_gone([evidence(*now)], [evidence(*before, file="last.xml")]))


@pytest.mark.parametrize(
    ("now", "became"),
    [
        pytest.param([], "absent", id="absent"),
        pytest.param([case("a", state="skipped")], "skipped", id="skipped"),
        pytest.param([case("a", state="disabled")], "disabled", id="disabled"),
        pytest.param([case("a", classname="other")], "absent", id="in another class"),
    ],
)
def test_a_test_that_ran_and_no_longer_does_is_named(now: list[Case], became: str) -> None:
    assert judge([case("a")], now) == [
        EvidenceFinding(
            code=Code.TESTS_GONE,
            sentence="1 test of last.xml no longer runs: a",
            evidence=(f"a: {became}",),
            fix="enable them, or remove them on purpose",
        )
    ]


def test_a_test_that_failed_ran() -> None:
    assert judge([case("a", state="failed")], [case("a")]) == []
    assert judge([case("a")], [case("a", state="failed")]) == []
    assert len(judge([case("a", state="failed")], [])) == 1


def test_a_test_that_did_not_run_before_is_not_missed() -> None:
    before = [case("a", state="skipped"), case("b", state="disabled")]
    assert judge(before, []) == []


def test_a_test_may_move_to_another_suite_or_report() -> None:
    before = [evidence(case("a", suite="one"), file="last.xml")]
    now = [evidence(case("b")), evidence(case("a", suite="two"))]
    assert list(judge_gone(now, before)) == []


def test_many_tests_make_one_finding_with_the_first_ten_and_the_count() -> None:
    before = [case(f"test_{number}") for number in range(13)]
    (finding,) = judge(before, [case("test_12")])
    assert finding.sentence == (
        "12 tests of last.xml no longer run: test_0, test_1, test_2 and 9 more"
    )
    assert len(finding.evidence) == 11
    assert finding.evidence[9:] == ("test_9: absent", "and 2 more")


def test_tests_whose_shortened_names_are_equal_are_counted_apart() -> None:
    long = "x" * 200
    (finding,) = judge([case(f"{long}a"), case(f"{long}b")], [])
    assert finding.sentence.startswith("2 tests of last.xml no longer run")
