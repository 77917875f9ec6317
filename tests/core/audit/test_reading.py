"""Records read back: what another version wrote is read as far as it goes, and never guessed."""

from typing import Any

import pytest

from skewcheck.core.audit.gate import gate
from skewcheck.core.audit.reading import LetPast, gates_in, glasses_in, moment_of
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.judge import Judgement
from tests.builders import NEXT, NOW, YESTERDAY, candidate, finding, report, survey

ANSWER = gate(
    report(survey(candidates=[candidate()]), Judgement(findings=(finding(),), matrix=())), who="ci"
)


def test_a_gates_record_comes_back_as_it_was_meant() -> None:
    (read,) = gates_in([ANSWER])
    assert (read.at, read.who, read.verdict, read.passed) == (NOW, "ci", Verdict.BLOCK, False)
    assert read.candidates == {"backend": str(NEXT)}
    assert read.blocks == ((str(Code.STALE_EDGE), "frontend"),)


def test_gates_are_ordered_by_time_and_other_events_are_none() -> None:
    older = {**ANSWER, "at": YESTERDAY.isoformat()}
    assert [each.at for each in gates_in([ANSWER, {**ANSWER, "event": "hold"}, older])] == [
        YESTERDAY,
        NOW,
    ]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"at": "yesterday"}, id="no moment"),
        pytest.param({"at": None}, id="none at all"),
        pytest.param({"verdict": "maybe"}, id="no verdict"),
        pytest.param({"verdict": 1}, id="a number for a verdict"),
    ],
)
def test_what_is_no_answer_is_left_out(changed: dict[str, Any]) -> None:
    assert gates_in([{**ANSWER, **changed}]) == ()


@pytest.mark.parametrize("strange", [None, 1, "x", [], [1, "x", None]])
def test_what_is_not_understood_counts_for_nothing(strange: Any) -> None:
    keys = ("candidates", "blocks", "overrides", "who", "exit")
    (read,) = gates_in([{**ANSWER, **dict.fromkeys(keys, strange)}])
    assert (read.candidates, read.blocks, read.overrides, read.passed) == ({}, (), (), False)


def test_an_exit_that_let_it_on_is_told_whatever_the_verdict() -> None:
    (read,) = gates_in([{**ANSWER, "exit": 0}])
    assert (read.verdict, read.passed) == (Verdict.BLOCK, True)


def test_overrides_name_what_they_let_past() -> None:
    used: dict[str, Any] = {"finding": "x", "subject": "web", "who": "Ada", "why": "known"}
    (read,) = gates_in([{**ANSWER, "overrides": [used]}])
    assert read.overrides == (LetPast(who="Ada", why="known", what="x on web"),)


def test_broken_glass_lets_everything_past() -> None:
    glass: dict[str, Any] = {"event": "break-glass", "who": "ada", "why": "demo"}
    assert glasses_in([ANSWER, glass]) == (LetPast(who="ada", why="demo", what="everything"),)


def test_a_moment_is_in_utc() -> None:
    assert moment_of({"at": "2026-11-23T23:10:00+01:00"}) == NOW
    assert moment_of({}) is None
