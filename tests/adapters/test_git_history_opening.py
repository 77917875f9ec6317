"""What stops a run at the door: in processes of their own, because the environment decides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import Repository

OPEN = """
import sys
from pathlib import Path
from skewcheck.adapters.git_history import open_history
from skewcheck.core.errors import SkewcheckError
try:
    with open_history(sys.argv[1], base=Path(sys.argv[2]), cache=Path(sys.argv[2])) as history:
        print(history.resolve("HEAD"))
except SkewcheckError as error:
    print(error, error.hint, sep="\\n")
"""


def _open(place: str, base: Path, environment: dict[str, str]) -> list[str]:
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", OPEN, place, str(base)],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stderr == ""
    return said.stdout.splitlines()


def test_a_machine_without_git_is_told_to_install_it(tmp_path: Path) -> None:
    Repository(tmp_path / "app").commit()
    assert _open("app", tmp_path, {"PATH": str(tmp_path)}) == [
        "the git command was not found",
        "install git, e.g. apt-get install git",
    ]


@pytest.mark.parametrize("place", ["app", "bare.git"])
def test_a_repository_of_another_user_comes_with_the_command_that_trusts_it(
    tmp_path: Path, place: str
) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    repository.clone(tmp_path / "bare.git", "--bare")
    environment = {"PATH": os.defpath, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    assert _open(place, tmp_path, environment) == [
        f"{place} belongs to another user, so git does not read it",
        f"git config --global --add safe.directory {tmp_path / place}",
    ]


def test_the_environment_of_a_git_hook_does_not_lead_to_another_repository(tmp_path: Path) -> None:
    hooked = Repository(tmp_path / "hooked")
    hooked.commit({"a": "hooked"})
    wanted = Repository(tmp_path / "wanted")
    build = wanted.commit({"a": "wanted"})
    environment = {
        "PATH": os.defpath,
        "GIT_DIR": str(hooked.path / ".git"),
        "GIT_LITERAL_PATHSPECS": "1",
    }
    assert _open(str(wanted.path), tmp_path, environment) == [build.value]
    assert _open(wanted.url, tmp_path, environment) == [build.value]
