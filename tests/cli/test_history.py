"""`history`: what commands leave behind is told later, and what nobody saw is never made up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Live, told
from tests.cli.desk import Desk, document
from tests.cli.test_modules import ENGINE, FOR_ANSWERS, loaded
from tests.programs import Ended, run_here
from tests.servers import Reply


@pytest.fixture
def ask(live: Live, tmp_path: Path) -> Callable[..., Ended]:
    """With a state of its own."""

    def asked(*words: str, **env: str) -> Ended:
        own = {"SKEWCHECK_STATE_DIR": str(tmp_path / "state"), "USER": "ada"}
        return live.ask(*words, **{**own, **env})

    return asked


def stretches(ended: Ended) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(ended)["stretches"]
    return found


def test_an_empty_history_is_not_known_and_says_what_to_do(ask: Callable[..., Ended]) -> None:
    ended = ask("history")
    assert (ended.code, ended.err) == (11, "")
    assert "? not known: nobody looked" in ended.out
    assert "next: skewcheck status staging" in ended.out


@pytest.mark.parametrize("question", ["status", "verify", "gate"])
def test_a_look_is_told_later(ask: Callable[..., Ended], question: str) -> None:
    assert ask(question).code == 0
    ended = ask("history")
    assert (ended.code, ended.err) == (0, "")
    assert "PASS" in ended.out
    (seen,) = stretches(ask("history", "--format", "json"))
    assert (seen["verdict"], seen["pairs"], seen["causes"]) == ("pass", [], [])
    assert set(seen["services"]) == {"web", "api"}


def test_what_verify_saw_on_its_way_is_told_too(ask: Callable[..., Ended], live: Live) -> None:
    live.answer("api", Reply(status=500))
    assert ask("verify", "--until", "10ms", "--interval", "1ms").code == 11
    live.healthy()
    assert ask("verify").code == 0
    verdicts = [each["verdict"] for each in stretches(ask("history", "--format", "json"))]
    assert verdicts == ["inconclusive", "pass"]


def test_a_gate_with_a_candidate_is_no_look(ask: Callable[..., Ended], live: Live) -> None:
    ask("gate", "--candidate", f"api={live.head}")
    assert ask("history").code == 11


def test_a_manifest_outside_of_git_leaves_nothing_behind_and_has_no_past(
    ask: Callable[..., Ended], live: Live, tmp_path: Path
) -> None:
    draft = tmp_path / "staging.yaml"
    draft.write_text((live.repository.path / "manifests" / "staging.yaml").read_text())
    for question in ("status", "gate", "verify"):
        ask(
            question, "--manifest", str(draft), *(["--until", "0s"] if question == "verify" else [])
        )
    assert not list((tmp_path / "state").glob("chronicle*"))
    assert not list((tmp_path / "state").glob("audit*"))
    ended = ask("history", "--manifest", str(draft))
    assert ended.code == 2
    assert "not kept" in ended.err


def test_a_moment_is_known_only_if_somebody_looked_then(ask: Callable[..., Ended]) -> None:
    ask("status")
    (seen,) = stretches(ask("history", "--format", "json"))
    known = ask("history", "--at", seen["first"])
    assert (known.code, known.err) == (0, "")
    assert "PASS" in known.out
    unknown = ask("history", "--at", "2020-01-01T08:00")
    assert unknown.code == 11
    assert "staging  at 2020-01-01 08:00 UTC\n? not known: nobody looked then" in unknown.out
    read = document(ask("history", "--at", "2020-01-01", "--format", "json"))["at"]
    assert (read["moment"], read["seen"]) == ("2020-01-01T00:00:00Z", None)
    assert read["after"]["first"] == seen["first"]


@pytest.mark.parametrize(
    "words",
    [["--at", "tomorrow"], ["--at", ""], ["--since", "7"], ["--since", "0s"], ["--format", "xml"],
     ["--at", "0001-01-01T00:00+14:00"]],
)  # fmt: skip
def test_what_is_no_time_is_a_mistake(ask: Callable[..., Ended], words: list[str]) -> None:
    ended = ask("history", *words)
    assert (ended.code, ended.out) == (2, "")
    assert words[0] in ended.err


def test_an_environment_that_is_none_is_a_mistake(live: Live) -> None:
    where = ("--repo", str(live.repository.path))
    assert run_here("history", "stagin", *where, env=live.env).code == 2


def test_a_page_is_one_file(ask: Callable[..., Ended]) -> None:
    ask("status")
    ended = ask("history", "--format", "page")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("<!doctype html>")
    assert "<script" not in ended.out


@pytest.mark.parametrize("command", ["history", "report", "audit"])
def test_the_help_of_looking_back_loads_no_client(tmp_path: Path, command: str) -> None:
    code, modules = loaded([command, "--help"], tmp_path)
    assert code == 0
    assert not modules & (FOR_ANSWERS | {"git"})


def test_the_audit_trail_is_read_without_the_engine(live: Live, tmp_path: Path) -> None:
    code, modules = loaded(["audit", "--repo", str(live.repository.path)], tmp_path)
    assert code == 0
    assert not modules & ENGINE


def test_skew_and_its_mend_are_told_with_the_rollout(desk: Desk) -> None:
    desk.stage.stale_edge()
    assert desk.run("status", "staging").code == 10
    assert desk.installed("redeploy", "staging", "--yes", "--why", "stale edge").code == 0
    assert desk.run("status", "staging").code == 0
    read = document(desk.run("history", "staging", "--format", "json"))
    assert [each["verdict"] for each in read["stretches"]] == ["block", "pass"]
    assert "stale-edge" in [each["code"] for each in read["stretches"][0]["causes"]]
    (rollout,) = read["rollouts"]
    assert (rollout["outcome"], rollout["why"]) == ("succeeded", "stale edge")
    (account,) = document(desk.run("report", "staging", "--format", "json"))["environments"]
    (incident,) = account["incidents"]
    assert incident["mended_within_s"] > 0
    assert account["rollouts"] == {"succeeded": 1}
    events = desk.trail()
    assert [each["event"] for each in events] == ["rollout-started", "rollout-ended"]
    assert {each["rollout"] for each in events} == {rollout["rollout"]}
    assert events[1]["outcome"] == "succeeded"


def test_what_cannot_be_kept_changes_no_answer(ask: Callable[..., Ended], tmp_path: Path) -> None:
    state = tmp_path / "damaged"
    state.mkdir()
    for name in ("chronicle.db", "audit.db"):
        (state / name).write_text("no database, whatever its name says")
    for question in ("gate", "status"):
        ended = ask(question, "--format", "json", SKEWCHECK_STATE_DIR=str(state))
        assert (ended.code, told(ended)["verdict"]) == (0, "pass")
        assert "skewcheck: not kept for later: " in ended.err
        assert "next: " in ended.err
