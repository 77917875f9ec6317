"""The board: versions tell what is shown, and whoever waits for a change holds no thread."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from skewcheck.core.rollout.consent import Hold
from skewcheck.service.board import Board
from tests.builders import NOW
from tests.render.rollout.worlds import succeeded
from tests.render.worlds import incident
from tests.service.served import view


def test_environments_are_shown_by_name_and_the_newest_view_counts() -> None:
    board = Board()
    for shown in (view("staging"), view("production"), view("staging", trouble="late")):
        board.put(shown)
    assert [each.name for each in board.environments()] == ["production", "staging"]
    assert board.environment("staging") == view("staging", trouble="late")
    board.remove("staging")
    board.remove("staging")
    assert board.environment("staging") is None


def test_the_version_stays_while_the_same_is_shown() -> None:
    board, other = Board(), Board()
    board.put(view(rollouts=(succeeded(),)))
    before = board.version
    board.put(view(rollouts=(succeeded(),)))
    board.blocked = {"staging": 7}
    assert board.version == before
    other.put(view(rollouts=(succeeded(),)))
    assert other.version == before, "replicas that show the same agree"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"trouble": "late"}, id="trouble"),
        pytest.param({"of": incident()}, id="report"),
        pytest.param({"report": None}, id="no report"),
        pytest.param({"rollouts": (succeeded(),)}, id="rollouts"),
        pytest.param({"hold": Hold(who="ada", why="fair", at=NOW)}, id="hold"),
        pytest.param({"name": "production"}, id="another environment"),
    ],
)
def test_the_version_changes_with_everything_that_is_shown(change: dict[str, Any]) -> None:
    board = Board()
    board.put(view())
    before = board.version
    board.put(view(**change))
    assert board.version != before


def test_an_environment_has_a_version_of_its_own() -> None:
    board = Board()
    board.put(view("staging"))
    before = board.version_of("staging"), board.version
    board.put(view("production"))
    assert board.version_of("staging") == before[0]
    assert board.version != before[1]
    assert board.version_of("nowhere") == ""


def waited(board: Board, then: Callable[[], None], name: str | None = None) -> str:
    """The answer to one who waits, where `then` happens in another thread once they do."""

    async def wait() -> str:
        asking = asyncio.create_task(board.changed(board.version_of(name), timeout=20, name=name))
        await asyncio.sleep(0)
        thread = threading.Thread(target=then)
        thread.start()
        answer = await asking
        thread.join()
        return answer

    return asyncio.run(wait())


def test_whoever_waits_is_told_of_a_change_from_another_thread() -> None:
    board = Board()
    board.put(view())
    assert waited(board, lambda: board.put(view(trouble="late"))) == board.version


def test_a_change_of_another_environment_wakes_nobody() -> None:
    board = Board()
    board.put(view("staging"))

    def change() -> None:
        board.put(view("production"))
        board.put(view("staging", trouble="late"))

    assert waited(board, change, "staging") == board.version_of("staging")


def test_closing_the_board_ends_all_waiting() -> None:
    board = Board()
    board.put(view())
    assert waited(board, board.close) == board.version
    assert board.closed


def test_waiting_ends_after_the_time_given() -> None:
    board = Board()
    board.put(view())
    assert asyncio.run(board.changed(board.version, timeout=0.01)) == board.version


def test_a_change_that_has_happened_already_is_not_waited_for() -> None:
    board = Board()
    board.put(view())
    assert asyncio.run(board.changed("older", timeout=20)) == board.version


def test_hundreds_wait_without_a_thread_each_and_nobody_who_left_is_kept() -> None:
    board = Board()
    board.put(view())

    async def many() -> set[str]:
        since = board.version
        asking = [asyncio.create_task(board.changed(since, timeout=20)) for _ in range(300)]
        await asyncio.sleep(0)
        threads = threading.active_count()
        board.put(view(trouble="late"))
        answers = set(await asyncio.gather(*asking))
        assert threads < 50
        return answers

    assert asyncio.run(many()) == {board.version}
    board.put(view())  # the loop of those who waited is gone: nobody is told, nothing fails
