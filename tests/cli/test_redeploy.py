"""`redeploy` and `rollback`: who is asked, what is refused, and what a program reads."""

import json

import pytest

from tests.cli.desk import Desk, document

WHY = "stale \x1b[2Jedge"


def mended(desk: Desk) -> bool:
    """Whether users get the page that git promises."""
    seen = desk.run("status", "staging", "--format", "json")
    return seen.code == 0


def test_a_pipe_cannot_consent(desk: Desk) -> None:
    desk.stage.stale_edge()
    before = desk.changeable()
    ended = desk.installed("redeploy", "staging")
    assert ended.code == 2
    assert ended.out.startswith("SAFE  staging")
    assert "add --yes to mean it" in ended.err
    assert desk.changeable() == before
    assert not mended(desk)


@pytest.mark.parametrize("says", ["n\n", "\n"], ids=["no", "just enter"])
def test_a_person_who_says_no_changes_nothing(desk: Desk, says: str) -> None:
    desk.stage.stale_edge()
    before = desk.changeable()
    code, seen = desk.on_a_terminal("redeploy", "staging", says=says)
    assert code == 10
    assert "nothing was rolled out, as you said" in seen
    assert desk.changeable() == before


def test_a_person_who_says_yes_has_it_mended(desk: Desk) -> None:
    desk.stage.stale_edge()
    code, seen = desk.on_a_terminal("redeploy", "staging", says="y\n")
    assert code == 0
    assert "SUCCEEDED" in seen
    assert "survives Ctrl-C: skewcheck rollouts resume staging" in seen
    assert mended(desk)


def test_a_dry_run_changes_nothing_and_remembers_nothing(desk: Desk) -> None:
    desk.stage.stale_edge()
    before = desk.changeable()
    ended = desk.installed("redeploy", "staging", "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert desk.changeable() == before
    assert not list(desk.state.glob("rollouts*"))
    assert not mended(desk)


@pytest.mark.parametrize("words", [["--dry-run"], ["--yes"]], ids=" ".join)
def test_where_no_rollout_starts_a_program_reads_the_plan(desk: Desk, words: list[str]) -> None:
    """The world is as promised, so --yes has nothing to do either."""
    ended = desk.installed("redeploy", "staging", *words, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    assert (document(ended)["question"], document(ended)["waves"]) == ("plan", [])
    assert not list(desk.state.glob("rollouts*"))


def test_a_program_reads_one_rollout_and_people_follow_it_on_stderr(desk: Desk) -> None:
    desk.stage.stale_edge()
    words = ("redeploy", "staging", "--yes", "--why", WHY, "--format", "json")
    ended = desk.installed(*words)
    rollout = document(ended)
    assert (ended.code, rollout["question"], rollout["outcome"]) == (0, "rollout", "succeeded")
    assert (rollout["why"], rollout["exit"], rollout["kind"]) == (WHY, 0, "redeploy")
    assert all(step["ok"] for step in rollout["steps"])
    assert ended.err.startswith("SAFE  staging")
    assert "the origin of frontend serves" in ended.err
    assert mended(desk)


def test_what_people_wrote_is_shown_without_its_escape_codes(desk: Desk) -> None:
    desk.stage.stale_edge()
    ended = desk.installed("redeploy", "staging", "--yes", "--why", WHY)
    shown = desk.installed("rollouts", "show", "staging")
    assert (ended.code, shown.code) == (0, 0)
    assert "stale \\x1b[2Jedge" in shown.out
    assert "\x1b" not in ended.out + ended.err + shown.out + shown.err


def test_a_plan_without_a_safe_order_is_not_carried_out(desk: Desk) -> None:
    before = desk.changeable()
    candidate = f"--candidate=backend={desk.stage.world.history.next_protocol}"
    ended = desk.installed("redeploy", "staging", candidate, "--yes")
    assert (ended.code, ended.err) == (10, "")
    assert desk.changeable() == before


def test_a_manifest_outside_of_git_is_not_rolled_out(desk: Desk) -> None:
    """No other machine could carry it on."""
    desk.stage.stale_edge()
    before = desk.changeable()
    file = str(desk.stage.world.manifest)
    ended = desk.installed("redeploy", "staging", "--manifest", file, "--yes")
    assert ended.code == 2
    assert "needs a manifest in git" in ended.err
    assert "next: commit it" in ended.err
    assert desk.changeable() == before


def test_a_service_that_nobody_knows_how_to_deploy_is_named(desk: Desk) -> None:
    image = "us-docker.pkg.dev/acme/api/backend"
    deploy = f'deploy:\n      image: "{image}:{{build}}"'
    branch = desk.promise("no-deploy", deploy, "x-deploy: by hand")
    candidate = f"--candidate=backend={desk.stage.world.history.unfit}"
    ended = desk.installed("redeploy", "staging", "--ref", branch, candidate, "--yes")
    assert ended.code == 2
    assert "services.backend: nobody says how it is deployed" in ended.err
    assert "deploy: {image:" in ended.err


@pytest.mark.parametrize("step", ["BUILDER_OUTPUT", "CI"])
def test_a_build_step_that_would_wait_for_hours_needs_a_database_that_outlives_it(
    desk: Desk, step: str
) -> None:
    before = desk.changeable()
    build = desk.stage.world.history.bridge
    both = (f"--candidate=frontend={build}", f"--candidate=backend={build}")
    ended = desk.run("redeploy", "staging", *both, "--yes", **{step: "true"})
    assert ended.code == 2
    assert "until no client of frontend" in ended.out
    assert "SKEWCHECK_STATE_URL=postgresql://" in ended.err
    assert desk.changeable() == before


def test_a_build_step_may_mend_what_takes_no_time(desk: Desk) -> None:
    desk.stage.stale_edge()
    assert desk.installed("redeploy", "staging", "--yes", BUILDER_OUTPUT="/out").code == 0
    assert mended(desk)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://", "mysql://root:secret@db/x"])
def test_a_database_that_is_none_is_told_without_its_password(desk: Desk, url: str) -> None:
    ended = desk.run("redeploy", "staging", "--yes", SKEWCHECK_STATE_URL=url)
    assert (ended.code, ended.out) == (2, "")
    assert "SKEWCHECK_STATE_URL" in ended.err
    assert "secret" not in ended.err


def test_while_it_is_held_nothing_rolls_out(desk: Desk) -> None:
    desk.stage.stale_edge()
    before = desk.changeable()
    desk.run("hold", "staging", "demo for\x1b[2J the board")
    for words in (["--yes"], ["--dry-run"]):
        ended = desk.installed("redeploy", "staging", *words)
        assert ended.code == 10
        assert "staging is held by ada@" in ended.err
        assert "demo for\\x1b[2J the board" in ended.err
        assert "next: skewcheck hold staging --release" in ended.err
    assert desk.changeable() == before


def test_a_candidate_that_does_not_hold_goes_back_and_is_12(desk: Desk) -> None:
    before = desk.stage.world.cloud.serving("acme-api")
    candidate = f"--candidate=backend={desk.stage.world.history.unfit}"
    ended = desk.installed("redeploy", "staging", candidate, "--yes", "--format", "json")
    rollout = document(ended)
    assert (ended.code, rollout["outcome"], rollout["exit"]) == (12, "rolled-back", 12)
    (failed,) = (step for step in rollout["steps"] if not step["ok"])
    assert failed["step"] == "probe in wave 1"
    assert "closed-before-welcome" in failed["told"]
    assert desk.stage.world.cloud.serving("acme-api") == before
    shown = desk.installed("rollouts", "show", "staging", "--format", "json")
    assert (shown.code, document(shown)["outcome"]) == (12, "rolled-back")


def test_without_a_rollout_there_is_nothing_to_go_back_from(desk: Desk) -> None:
    ended = desk.installed("rollback", "staging", "--yes")
    assert (ended.code, ended.out) == (2, "")
    assert "--candidate SERVICE=SHA" in ended.err
    named = desk.installed("rollback", "staging", "20261124-2222-a1604b", "--yes")
    assert (named.code, named.out) == (2, "")
    assert "has no rollout 20261124-2222-a1604b" in named.err


def test_a_rollout_that_only_mended_an_edge_has_nothing_to_go_back_to(desk: Desk) -> None:
    desk.stage.stale_edge()
    rollout = json.loads(desk.installed("redeploy", "staging", "--yes", "--format", "json").out)
    ended = desk.installed("rollback", "staging", rollout["rollout"], "--dry-run")
    assert (ended.code, ended.out) == (2, "")
    assert "moved no traffic" in ended.err
