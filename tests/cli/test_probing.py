"""The probing commands' own words: what is wrong with how they were called, before any probe."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Live, codes_of, told

REPORT = """\
<testsuite name="chat" tests="{tests}"><properties><property name="commit" value="{commit}"/>
</properties>{cases}</testsuite>
"""


def report(folder: Path, commit: str, cases: str = '<testcase name="greets"/>') -> str:
    file = folder / "junit.xml"
    file.write_text(REPORT.format(tests=cases.count("<testcase"), commit=commit, cases=cases))
    return str(file)


@pytest.mark.parametrize("command", ["probe", "diagnose"])
@pytest.mark.parametrize("words", [[], ["chat"], ["caht"]], ids=["all", "http", "typo"])
def test_without_a_websocket_there_is_nothing_to_probe(
    live: Live, command: str, words: list[str]
) -> None:
    ended = live.ask(command, *words)
    assert (ended.code, ended.out) == (2, "")
    assert "no WebSocket link" in ended.err


def test_a_folder_that_is_not_there_is_told_before_anything_is_probed(live: Live) -> None:
    ended = live.ask("probe", "--save", "/no/such/folder/transcript.json")
    assert ended.code == 2
    assert "'/no/such/folder'" in ended.err


def test_a_file_that_is_no_transcript_is_told_with_its_place(live: Live, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"schema": 1}')
    ended = live.run("explain", str(tmp_path / "other.json"))
    assert (ended.code, ended.out) == (2, "")
    assert "other.json" in ended.err
    gone = live.run("explain", str(tmp_path / "gone.json"))
    assert gone.code == 2
    assert "--save FILE" in gone.err
    code = live.run("explain", "format-skew")
    assert code.code == 2
    assert "docs/findings.md#format-skew" in code.err


def test_events_are_for_people_only(live: Live, tmp_path: Path) -> None:
    ended = live.run("explain", str(tmp_path / "any.json"), "--events", "--format", "json")
    assert ended.code == 2
    assert "--events" in ended.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["--require", "greets"], "--evidence FILE is missing", id="no report"),
        pytest.param(["--evidence", "junit.xml"], "--require NAME is missing", id="no name"),
        pytest.param(
            ["--previous-evidence", "junit.xml"], "--evidence FILE is missing", id="only before"
        ),
        pytest.param(
            ["--evidence", "junit.xml", "--require", " "], "is empty", id="an unset variable"
        ),
    ],
)
def test_half_a_demand_for_tests_is_an_error_and_never_a_pass(
    live: Live, words: list[str], says: str
) -> None:
    ended = live.ask("gate", *words)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


def test_tests_that_ran_for_this_commit_let_the_gate_pass(live: Live, tmp_path: Path) -> None:
    file = report(tmp_path, live.head)
    ended = live.ask("gate", "--evidence", file, "--require", "greets", "--format", "json")
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        pytest.param("", "evidence-missing", id="none ran"),
        pytest.param('<testcase name="other"/>', "evidence-missing", id="another ran"),
        pytest.param(
            '<testcase name="greets"><skipped/></testcase>', "evidence-skipped", id="skipped"
        ),
        pytest.param(
            '<testcase name="greets" assertions="0"/>', "evidence-missing", id="checked nothing"
        ),
    ],
)
def test_a_required_test_that_did_not_run_is_never_green(
    live: Live, tmp_path: Path, cases: str, code: str
) -> None:
    file = report(tmp_path, live.head, cases)
    ended = live.ask("gate", "--evidence", file, "--require", "greets", "--format", "json")
    assert ended.code == 11
    assert code in codes_of(ended, "unknown")


def test_a_report_of_another_commit_proves_nothing(live: Live, tmp_path: Path) -> None:
    file = report(tmp_path, "0123456789abcdef0123456789abcdef01234567")
    ended = live.ask("gate", "--evidence", file, "--require", "greets", "--format", "json")
    assert (ended.code, codes_of(ended, "unknown")) == (11, {"evidence-stale"})


def test_a_report_that_is_not_there_is_unknown_and_no_usage_error(live: Live) -> None:
    """The tests that should have written it did not run: that is the finding."""
    ended = live.ask("gate", "--evidence", "/no/junit.xml", "--require", "a", "--format", "json")
    assert ended.code == 11
    assert "evidence-missing" in codes_of(ended)


def test_tests_that_no_longer_run_are_named(live: Live, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    both = '<testcase name="greets"/><testcase name="parts"/>'
    before = report(tmp_path / "old", live.head, both)
    now = report(tmp_path, live.head)
    words = ("--evidence", now, "--require", "greets", "--previous-evidence", before)
    ended = live.ask("gate", *words, "--format", "json")
    assert ended.code == 0
    (gone,) = [each for each in told(ended)["findings"] if each["code"] == "tests-gone"]
    assert "parts" in json.dumps(gone)
