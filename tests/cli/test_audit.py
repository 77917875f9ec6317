"""`audit`: JSON lines of all that was decided, and by whom."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Live
from tests.cli.desk import Desk
from tests.programs import Ended, run_here


@pytest.fixture
def env(live: Live, tmp_path: Path) -> dict[str, str]:
    return {**live.env, "SKEWCHECK_STATE_DIR": str(tmp_path / "state"), "USER": "ada"}


@pytest.fixture
def ask(live: Live, env: dict[str, str]) -> Callable[..., Ended]:
    def asked(command: str, *words: str) -> Ended:
        return run_here(command, *words, "--repo", str(live.repository.path), env=env)

    return asked


def records(ended: Ended) -> list[dict[str, Any]]:
    assert ended.code == 0
    return [json.loads(line) for line in ended.out.splitlines()]


def test_where_nothing_was_recorded_it_says_so_and_makes_nothing(
    ask: Callable[..., Ended], tmp_path: Path
) -> None:
    ended = ask("audit", "staging")
    assert (ended.code, ended.out) == (0, "")
    assert "no record of staging since then" in ended.err
    assert "no record since then" in ask("audit").err
    assert not (tmp_path / "state").exists()


def test_every_answer_of_a_gate_is_recorded(ask: Callable[..., Ended], live: Live) -> None:
    ask("gate", "staging", "--candidate", f"api={live.head[:7]}")
    ask("gate", "staging", "--candidate", f"api={'de' * 20}")
    ask("status", "staging")
    first, second = records(ask("audit", "staging"))
    assert (first["schema"], first["event"], first["environment"]) == (1, "gate", "staging")
    assert first["who"].startswith("ada@")
    assert (first["verdict"], first["candidates"]) == ("pass", {"api": live.head})
    assert (second["verdict"], second["exit"]) == ("inconclusive", 11)


def test_broken_glass_is_recorded_beside_the_answer(ask: Callable[..., Ended]) -> None:
    ask("gate", "staging", "--override", "the board demo; 2999-12-31")
    glass, answer = records(ask("audit"))
    assert (glass["event"], glass["why"]) == ("break-glass", "the board demo")
    assert (answer["event"], answer["glass"], answer["who"]) == ("gate", True, glass["who"])


def test_holds_and_their_release_are_recorded(ask: Callable[..., Ended]) -> None:
    ask("hold", "staging", "the board demo", "--until", "2999-12-01")
    ask("hold", "staging")
    ask("hold", "staging", "--release")
    held, released = records(ask("audit", "staging"))
    assert (held["event"], held["why"]) == ("hold", "the board demo")
    assert held["until"] == "2999-12-01T00:00:00Z"
    assert released["event"] == "released"
    assert records(ask("audit", "production")) == []


def test_consent_of_somebody_who_may_not_give_it_leaves_nothing(ask: Callable[..., Ended]) -> None:
    assert ask("rollouts", "approve", "staging", "0" * 16).code == 10
    assert records(ask("audit")) == []


def test_records_further_back_than_asked_for_are_left_out(ask: Callable[..., Ended]) -> None:
    ask("hold", "staging", "the board demo")
    assert records(ask("audit", "--since", "1ms")) == []
    assert ask("audit", "--since", "soon").code == 2


def test_a_hold_that_cannot_be_recorded_is_none(ask: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "audit.db").mkdir()
    assert ask("hold", "staging", "the board demo").code == 1
    assert ask("hold", "staging").out == "staging is not held\n"


def test_a_redeploy_that_did_not_start_by_itself_leaves_its_reasons(desk: Desk) -> None:
    desk.stage.stale_edge()
    desk.run("hold", "staging", "demo for the board")
    assert desk.installed("gate", "staging", "--on-skew", "redeploy").code == 10
    events = desk.trail()
    assert [each["event"] for each in events] == ["hold", "gate", "not-started"]
    assert events[2]["why"].startswith("staging is held by ada@")
    assert {"code": "stale-edge", "subject": "frontend"} in events[1]["blocks"]
