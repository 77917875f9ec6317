"""What a report exits with; no permission and no mode ever changes the verdict itself."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from skewcheck.core.findings import Code, Finding, Severity, Verdict
from skewcheck.core.judge import Judgement
from skewcheck.core.manifest import Override
from skewcheck.core.question import BreakGlass, Exit
from skewcheck.core.report import EXIT_FOR, Permission, Report, permissions_for
from tests.builders import finding, manifest, report, survey
from tests.core.minimal_worlds import WORLDS

TODAY = date(2026, 11, 23)
YESTERDAY = date(2026, 11, 22)
TOMORROW = date(2026, 11, 24)
STALE = finding(Code.STALE_EDGE)
LOST = finding(Code.UNREACHABLE, severity=Severity.UNKNOWN)


def told(*findings: Finding, **changed: Any) -> Report:
    return report(judgement=Judgement(findings=findings, matrix=()), **changed)


def override(code: Code = Code.STALE_EDGE, until: date = TOMORROW, **changed: Any) -> Override:
    said = {"subject": "frontend", "reason": "known"} | changed
    return Override(finding=code, until=until, **said)


def permitted(findings: Iterable[Finding], *overrides: Override) -> tuple[Permission, ...]:
    return permissions_for(dict.fromkeys(overrides, "Ada"), tuple(findings), today=TODAY)


def glass(until: date = TODAY) -> BreakGlass:
    return BreakGlass(why="chat is down", until=until, who="ada@acme.example")


def test_every_verdict_has_an_exit_code_of_its_own() -> None:
    assert set(EXIT_FOR) == set(Verdict)
    assert len(set(EXIT_FOR.values())) == len(Verdict)
    assert not {Exit.ERROR, Exit.USAGE, Exit.ACTION_FAILED} & set(EXIT_FOR.values())


def test_exit_codes_are_the_documented_numbers() -> None:
    assert [code.value for code in Exit] == [0, 1, 2, 10, 11, 12]


@pytest.mark.parametrize(
    ("findings", "verdict", "code"),
    [
        pytest.param([], Verdict.PASS, 0, id="nothing"),
        pytest.param([STALE, LOST], Verdict.BLOCK, 10, id="a known problem"),
        pytest.param([LOST], Verdict.INCONCLUSIVE, 11, id="an unknown"),
    ],
)
def test_the_verdict_decides_the_exit(findings: list[Finding], verdict: Verdict, code: int) -> None:
    assert told(*findings).verdict is verdict
    assert told(*findings).exit == code


@pytest.mark.parametrize(
    ("until", "code"),
    [
        pytest.param(TOMORROW, Exit.PASS, id="before its last day"),
        pytest.param(TODAY, Exit.PASS, id="on its last day"),
        pytest.param(YESTERDAY, Exit.BLOCK, id="after its last day"),
    ],
)
def test_an_override_is_valid_through_its_last_day(until: date, code: Exit) -> None:
    seen = told(STALE, permissions=permitted([STALE], override(until=until)))
    assert (seen.exit, seen.verdict) == (code, Verdict.BLOCK)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(finding(Code.ASSETS_GONE), id="another finding"),
        pytest.param(finding(Code.STALE_EDGE, subject="backend"), id="another subject"),
    ],
)
def test_an_override_of_one_finding_leaves_others(other: Finding) -> None:
    seen = told(STALE, other, permissions=permitted([STALE, other], override()))
    assert seen.exit is Exit.BLOCK


def test_an_override_of_what_blocks_leaves_what_is_unknown() -> None:
    seen = told(STALE, LOST, permissions=permitted([STALE, LOST], override()))
    assert seen.exit is Exit.INCONCLUSIVE


def test_an_unknown_may_be_overridden_by_name() -> None:
    seen = told(LOST, permissions=permitted([LOST], override(Code.UNREACHABLE)))
    assert (seen.exit, seen.verdict) == (Exit.PASS, Verdict.INCONCLUSIVE)


def test_overrides_say_who_wrote_them_and_whether_they_met_anything() -> None:
    expired = override(Code.ASSETS_GONE, YESTERDAY)
    used, unused, over = permitted([STALE], override(), override(Code.UNREACHABLE), expired)
    assert (used.who, used.used, used.expired) == ("Ada", True, False)
    assert (unused.used, unused.expired) == (False, False)
    assert (over.used, over.expired) == (False, True)


@pytest.mark.parametrize(
    ("until", "code"),
    [
        pytest.param("2026-11-23", Exit.PASS, id="on its last day"),
        pytest.param("2026-11-22", Exit.BLOCK, id="after its last day"),
    ],
)
def test_observe_mode_ends_by_itself(until: str, code: Exit) -> None:
    rules = manifest(policy={"enforce": {"mode": "observe", "until": until}})
    seen = report(survey(manifest=rules), Judgement(findings=(STALE,), matrix=()))
    assert (seen.exit, seen.verdict) == (code, Verdict.BLOCK)
    assert (seen.observing_until is None) is (code is Exit.BLOCK)


def test_block_mode_with_a_date_still_enforces() -> None:
    rules = manifest(policy={"enforce": {"mode": "block", "until": "2026-12-31"}})
    assert (
        report(survey(manifest=rules), Judgement(findings=(STALE,), matrix=())).exit is Exit.BLOCK
    )


@pytest.mark.parametrize(
    ("until", "code"),
    [
        pytest.param(TODAY, Exit.PASS, id="on its last day"),
        pytest.param(YESTERDAY, Exit.BLOCK, id="after its last day"),
    ],
)
def test_break_glass_lets_everything_past_until_it_ends(until: date, code: Exit) -> None:
    seen = told(STALE, LOST, break_glass=glass(until))
    assert (seen.exit, seen.verdict) == (code, Verdict.BLOCK)


@pytest.mark.parametrize("code", Code)
def test_nothing_that_softens_the_exit_changes_the_verdict(code: Code) -> None:
    judgement = WORLDS[code]()
    overrides = [override(each.code, subject=each.subject) for each in judgement.findings]
    rules = manifest(policy={"enforce": {"mode": "observe", "until": "2026-12-31"}})
    seen = report(
        survey(manifest=rules),
        judgement,
        permissions=permitted(judgement.findings, *overrides),
        break_glass=glass(),
    )
    assert seen.exit is Exit.PASS
    assert seen.verdict is judgement.verdict
    assert seen.findings == judgement.findings


def test_days_are_counted_in_utc() -> None:
    late = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    assert told(STALE, break_glass=glass(), at=late).exit is Exit.PASS
