"""`gate --on-skew redeploy`: the gate's own answer stays whole, and a program can read it."""

import json

from tests.cli.conftest import Live
from tests.cli.desk import Desk


def test_only_block_and_redeploy_are_known(live: Live) -> None:
    ended = live.ask("gate", "--on-skew", "mend")
    assert (ended.code, ended.out) == (2, "")
    assert "'mend' is not one of 'block', 'redeploy'" in ended.err


def test_a_gate_that_passes_starts_nothing(desk: Desk) -> None:
    before = desk.changeable()
    ended = desk.installed("gate", "staging", "--on-skew", "redeploy")
    assert (ended.code, ended.err) == (0, "")
    assert desk.changeable() == before
    assert not list(desk.state.glob("rollouts*"))


def test_skew_starts_the_redeploy_that_mends_it_aside_of_the_verdict(desk: Desk) -> None:
    desk.stage.stale_edge()
    ended = desk.installed("gate", "staging", "--on-skew", "redeploy", "--format", "json")
    report = json.loads(ended.out)
    assert (ended.code, report["verdict"]) == (0, "block")
    assert "on_skew: redeploy: rollout " in ended.err
    assert "SUCCEEDED" in ended.err
    assert desk.run("status", "staging").code == 0


def test_the_policy_may_say_so_and_the_command_line_may_say_otherwise(desk: Desk) -> None:
    branch = desk.promise("mends", "policy:\n", "policy:\n  on_skew: redeploy\n")
    desk.stage.stale_edge()
    blocked = desk.installed("gate", "staging", "--ref", branch, "--on-skew", "block")
    assert (blocked.code, blocked.err) == (10, "")
    mended = desk.installed("gate", "staging", "--ref", branch)
    assert mended.code == 0
    assert "SUCCEEDED" in mended.err


def test_what_stands_against_it_is_told_and_the_verdict_stays(desk: Desk) -> None:
    desk.stage.stale_edge()
    desk.run("hold", "staging", "demo for the board")
    before = desk.changeable()
    ended = desk.installed("gate", "staging", "--on-skew", "redeploy")
    assert ended.code == 10
    assert ended.out.startswith("BLOCK  staging")
    assert "no redeploy was started: staging is held by ada@" in ended.err
    assert desk.changeable() == before


def test_what_no_redeploy_mends_blocks(desk: Desk) -> None:
    candidate = f"--candidate=backend={desk.stage.world.history.next_protocol}"
    before = desk.changeable()
    ended = desk.installed("gate", "staging", candidate, "--on-skew", "redeploy")
    assert ended.code == 10
    assert "no redeploy mends it (no safe order)" in ended.err
    assert "next: skewcheck plan staging" in ended.err
    assert desk.changeable() == before


def test_a_build_step_needs_a_database_that_outlives_it(desk: Desk) -> None:
    desk.stage.stale_edge()
    ended = desk.installed("gate", "staging", "--on-skew", "redeploy", BUILDER_OUTPUT="/x")
    assert ended.code == 2
    assert "SKEWCHECK_STATE_URL=postgresql://" in ended.err
