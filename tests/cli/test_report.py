"""`report`: sums over what was left behind; of nothing, nothing is known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Live
from tests.cli.desk import document
from tests.programs import Ended, run_here
from tests.repositories import Repository


@pytest.fixture
def ask(live: Live, tmp_path: Path) -> Callable[..., Ended]:
    def asked(*words: str, **env: str) -> Ended:
        own = {"SKEWCHECK_STATE_DIR": str(tmp_path / "state"), "USER": "ada"}
        return live.ask(*words, **{**own, **env})

    return asked


def test_of_nothing_nothing_is_known(ask: Callable[..., Ended]) -> None:
    ended = ask("report")
    assert (ended.code, ended.err) == (11, "")
    assert "? not known: nobody looked, and no gate was asked" in ended.out


def test_gates_and_who_let_what_past_add_up(ask: Callable[..., Ended], live: Live) -> None:
    unknown = f"api={'de' * 20}"
    ask("gate", "--candidate", f"api={live.head}")
    ask("gate", "--candidate", unknown)
    ask("gate", "--candidate", unknown, "--override", "the board demo; 2999-12-31")
    ended = ask("report", "--format", "json")
    (account,) = document(ended)["environments"]
    assert (ended.code, ended.err) == (0, "")
    assert account["gates"] == {"pass": 1, "block": 0, "inconclusive": 2}
    (past,) = account["let_past"]
    assert past["who"].startswith("ada@")
    assert (past["what"], past["why"], past["times"]) == ("everything", "the board demo", 1)
    assert "3 asked: 1 pass, 2 inconclusive" in ask("report").out


def test_without_a_name_it_is_about_all_environments(
    ask: Callable[..., Ended], live: Live, tmp_path: Path
) -> None:
    ask("status")
    where = ("--repo", str(live.repository.path))
    env = {**live.env, "SKEWCHECK_STATE_DIR": str(tmp_path / "state")}
    ended = run_here("report", *where, env=env)
    assert ended.code == 0
    assert ended.out.startswith("staging  ")
    empty = Repository(tmp_path / "empty")
    empty.commit({"README.md": "nothing"})
    assert run_here("report", "--repo", str(empty.path), env=env).code == 2


def test_a_page_is_one_file(ask: Callable[..., Ended]) -> None:
    ask("gate")
    ended = ask("report", "--format", "page")
    assert (ended.code, ended.err) == (0, "")
    assert "What it adds up to" in ended.out
    assert "<script" not in ended.out
