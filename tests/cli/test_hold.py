"""`hold`: a hold that was meant is one, and one that was not is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Live
from tests.programs import Ended


@pytest.fixture
def hold(live: Live, tmp_path: Path) -> Callable[..., Ended]:
    def asked(*words: str, **env: str) -> Ended:
        own = {"SKEWCHECK_STATE_DIR": str(tmp_path / "state"), "USER": "ada"}
        return live.ask("hold", *words, **{**own, **env})

    return asked


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param([""], "WHY is empty", id="a reason that was not set"),
        pytest.param(["  "], "WHY is empty", id="a blank one"),
        pytest.param(["--until", "2999-12-01"], "say why", id="no reason"),
        pytest.param(["why", "--release"], "--release goes without", id="both"),
        pytest.param(["--release", "--until", "2999-12-01"], "--release goes without", id="until"),
        pytest.param(["why", "--until", "2020-01-01"], "--until: '2020-01-01' is over", id="past"),
        pytest.param(["why", "--until", "tomorrow"], "--until: 'tomorrow'", id="no moment"),
    ],
)
def test_a_hold_that_would_be_none_is_a_mistake(
    hold: Callable[..., Ended], tmp_path: Path, words: list[str], says: str
) -> None:
    ended = hold(*words)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert not (tmp_path / "state").exists()


def test_asking_writes_nothing(hold: Callable[..., Ended], tmp_path: Path) -> None:
    ended = hold()
    assert (ended.code, ended.out) == (0, "staging is not held\n")
    assert not (tmp_path / "state").exists()


def test_a_hold_stands_until_it_is_released(hold: Callable[..., Ended]) -> None:
    held = hold("demo\x1b[2J for the board")
    assert held.code == 0
    assert held.out.startswith("staging is held by ada@")
    assert held.out.endswith("until it is released: demo\\x1b[2J for the board\n")
    assert hold().out == held.out
    until = hold("the other demo", "--until", "2999-12-01T18:00")
    assert until.out.endswith("until 2999-12-01 18:00 UTC: the other demo\n")
    assert hold("--release").out == hold().out == "staging is not held\n"


def test_a_hold_of_one_machine_says_so(hold: Callable[..., Ended]) -> None:
    assert "This machine only" in hold("why").err


def test_a_moment_is_in_utc_or_names_its_zone(hold: Callable[..., Ended]) -> None:
    assert "2999-12-01 16:00 UTC" in hold("why", "--until", "2999-12-01T18:00+02:00").out
