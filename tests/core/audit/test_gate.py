"""What is recorded of a gate's answer, and of broken glass."""

import json
from datetime import date
from typing import Any

from skewcheck.core.audit.gate import break_glass, gate
from skewcheck.core.audit.records import Record
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.history import NotInHistory
from skewcheck.core.judge import Judgement
from skewcheck.core.manifest import Override
from skewcheck.core.question import BreakGlass
from skewcheck.core.report import Permission
from tests.builders import NEXT, candidate, finding, manifest, report, survey

STALE = finding(Code.STALE_EDGE)
LOST = finding(Code.UNREACHABLE, severity=Severity.UNKNOWN)
GLASS = BreakGlass(why="the board demo", until=date(2026, 11, 24), who="ada@acme.example")


def recorded(*findings: Finding, **changed: Any) -> Record:
    told = report(judgement=Judgement(findings=findings, matrix=()), **changed)
    record = gate(told, who="ci@builder")
    assert json.loads(json.dumps(record)) == record
    return record


def permission(**changed: Any) -> Permission:
    override = Override(
        finding=Code.STALE_EDGE, subject="frontend", until=date(2026, 12, 1), reason="known"
    )
    said: dict[str, Any] = {"who": "Ada", "expired": False, "used": True}
    return Permission(override=override, **(said | changed))


def test_the_verdict_its_exit_and_what_blocks_are_recorded() -> None:
    record = recorded(STALE, LOST)
    assert (record["event"], record["environment"], record["who"]) == (
        "gate",
        "staging",
        "ci@builder",
    )
    assert (record["verdict"], record["exit"]) == ("block", 10)
    assert record["blocks"] == [{"code": "stale-edge", "subject": "frontend"}]
    assert (record["observing"], record["glass"], record["strict"]) == (False, False, False)


def test_candidates_are_full_commits_where_git_knows_them() -> None:
    known = candidate(named="main")
    gone = candidate("frontend", NotInHistory("gone", "fetch"), named="deadbee")
    told = gate(report(survey(candidates=[known, gone])), who="ci")
    assert told["candidates"] == {"backend": str(NEXT), "frontend": "deadbee"}


def test_only_overrides_that_let_something_past_are_recorded() -> None:
    idle, over = permission(used=False), permission(expired=True)
    record = recorded(STALE, permissions=(permission(), idle, over))
    assert (record["verdict"], record["exit"]) == ("block", 0)
    assert record["overrides"] == [
        {
            "finding": "stale-edge",
            "subject": "frontend",
            "who": "Ada",
            "why": "known",
            "until": "2026-12-01",
        }
    ]


def test_observing_and_broken_glass_are_told() -> None:
    rules = manifest(policy={"enforce": {"mode": "observe", "until": "2026-12-31"}})
    assert gate(report(survey(manifest=rules)), who="ci")["observing"] is True
    assert recorded(STALE, break_glass=GLASS)["glass"] is True


def test_broken_glass_names_who_why_and_until_when() -> None:
    told = report(survey(candidates=[candidate(named="main")]), break_glass=GLASS)
    record = break_glass(told, GLASS)
    assert json.loads(json.dumps(record)) == record
    assert (record["event"], record["who"], record["why"], record["until"]) == (
        "break-glass",
        "ada@acme.example",
        "the board demo",
        "2026-11-24",
    )
    assert record["candidates"] == {"backend": "main"}
