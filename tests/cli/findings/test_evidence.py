"""Findings on the tests that must have run for the builds under examination."""

from pathlib import Path

import pytest

from tests.cli.findings.looked import found
from tests.cli.findings.world import World
from tests.programs import Ended

RAN = '<testcase name="greets"/>'
ABOUT = "staging"


def report(file: Path, commit: str, *cases: str) -> str:
    named = f'<properties><property name="commit" value="{commit}"/></properties>'
    suite = f'<testsuite name="chat" tests="{len(cases)}">{named}{"".join(cases)}</testsuite>'
    file.write_text(suite)
    return str(file)


def gate(world: World, tmp_path: Path, *cases: str, commit: str = "") -> Ended:
    file = report(tmp_path / "junit.xml", commit or world.head, *cases)
    return world.ask("gate", "--evidence", file, "--require", "greets")


def test_a_required_test_that_failed_blocks(world: World, tmp_path: Path) -> None:
    case = '<testcase name="greets"><failure message="no welcome"/></testcase>'
    told = found(gate(world, tmp_path, case), "block", "evidence-failed", about=ABOUT, exits=10)
    assert "no welcome" in told["sentence"]


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("evidence-missing", '<testcase name="parts"/>'),
        ("evidence-skipped", '<testcase name="greets"><skipped/></testcase>'),
    ],
)
def test_a_required_test_that_did_not_run_is_unknown(
    world: World, tmp_path: Path, code: str, case: str
) -> None:
    assert found(gate(world, tmp_path, case), "unknown", code, about=ABOUT, exits=11)["fix"]


def test_a_report_of_another_commit_is_stale(world: World, tmp_path: Path) -> None:
    ended = gate(world, tmp_path, RAN, commit="5e" * 20)
    told = found(ended, "unknown", "evidence-stale", about=ABOUT, exits=11)
    assert "5e5e5e5" in told["sentence"]


def test_a_test_that_is_gone_is_a_notice(world: World, tmp_path: Path) -> None:
    before = report(tmp_path / "before.xml", world.head, RAN, '<testcase name="parts"/>')
    now = report(tmp_path / "now.xml", world.head, RAN)
    words = ("--evidence", now, "--require", "greets", "--previous-evidence", before)
    told = found(world.ask("gate", *words), "notice", "tests-gone", about=ABOUT, exits=0)
    assert "parts" in told["sentence"] + "".join(told["evidence"])
