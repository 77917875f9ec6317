"""`skewcheck sandbox`: kept in the background, found through a file, gone without a trace."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.processes import waited_for
from tests.programs import environment, run_here, run_installed


def exported(file: Path) -> dict[str, str]:
    words = (line.removeprefix("export ").partition("=") for line in file.read_text().splitlines())
    return {name: value for name, _, value in words}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (tmp_path / "cloud.sh").exists():
        os.kill(int(exported(tmp_path / "cloud.sh")["SANDBOX_PID"]), signal.SIGTERM)


def test_a_detached_sandbox_is_ready_when_the_command_returns_and_goes_when_told(
    home: Path,
) -> None:
    words = ("--world", "chat", "--into", "acme-chat", "--exports", "cloud.sh", "--detach")
    env = environment(home, TMPDIR=str(home))
    ended = run_installed("sandbox", *words, at=home, env=env)

    assert (ended.code, ended.out) == (0, "")
    assert f"{home}/acme-chat\n" in ended.err
    variables = exported(home / "cloud.sh")
    assert "Acme Chat" in requests.get(variables["WEB_URL"], timeout=10).text
    log = subprocess.check_output(["git", "log", "--format=%an"], cwd=home / "acme-chat", text=True)
    assert log == "Ada\n"

    os.kill(int(variables["SANDBOX_PID"]), signal.SIGTERM)
    assert waited_for(lambda: [path.name for path in home.iterdir()] == ["acme-chat"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--world", "chat"], "needs a folder", id="no folder"),
        pytest.param(["--into", "x"], "goes with --world chat only", id="another world"),
        pytest.param(["--world", "chat", "--into", "."], ". is not empty", id="a full folder"),
        pytest.param(["--detach"], "needs --exports FILE", id="nothing to find it by"),
        pytest.param(["--exports", "no/where.sh"], "there is no folder", id="no place for it"),
    ],
)
def test_what_cannot_be_is_told_before_anything_starts(
    tmp_path: Path, words: list[str], told: str
) -> None:
    (tmp_path / "mine").write_text("here")
    ended = run_installed("sandbox", *words, at=tmp_path, env=environment(tmp_path))

    assert ended.code == 2
    assert told in ended.err
    assert "\nnext: " in ended.err


def test_without_git_it_says_what_is_missing(tmp_path: Path) -> None:
    env = environment(tmp_path, PATH=str(tmp_path))
    words = ("--world", "chat", "--into", "chat", "--exports", "cloud.sh", "--detach")
    ended = run_installed("sandbox", *words, at=tmp_path, env=env)

    assert (ended.code, ended.err) == (
        1,
        "skewcheck: git is not installed\nnext: install git, and run this again\n",
    )
    assert not (tmp_path / "cloud.sh").exists()


def test_help_names_the_worlds(tmp_path: Path) -> None:
    ended = run_here("sandbox", "--help", env=environment(tmp_path))
    assert "chat" in ended.out
