"""What is loaded when: help loads nothing heavy, and a mistake is told before the world is."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.programs import environment
from tests.repositories import Repository

HEAVY = {"requests", "git", "google", "rich", "pydantic", "dbos", "yaml", "packaging", "websockets"}
FOR_ANSWERS = {"requests", "google", "rich", "dbos", "websockets"}
_LOADED = """
import atexit, json, sys
def tell():
    with open("loaded.json", "w") as file:
        json.dump(sorted({name.partition(".")[0] for name in sys.modules}), file)
atexit.register(tell)
from skewcheck.__main__ import main
main()
"""


def loaded(words: Sequence[str], at: Path) -> tuple[int, set[str]]:
    """The exit code, and the top-level packages in memory at the end."""
    at.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *words],
        cwd=at,
        env=environment(at),
        capture_output=True,
        check=False,
    )
    return done.returncode, set(json.loads((at / "loaded.json").read_text()))


@pytest.mark.parametrize("words", [["--help"], []], ids=" ".join)
def test_help_loads_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    _, modules = loaded(words, tmp_path)
    assert not modules & HEAVY
    assert "skewcheck" in modules


@pytest.mark.parametrize("command", ["gate", "sandbox"])
def test_the_help_of_a_command_loads_no_client(tmp_path: Path, command: str) -> None:
    code, modules = loaded([command, "--help"], tmp_path)
    assert code == 0
    assert not modules & (FOR_ANSWERS | {"git"})


def test_a_manifest_mistake_is_told_before_any_client_is_loaded(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "acme")
    repository.commit({"manifests/staging.yaml": "schema: 1\nservces: {}\n"})
    code, modules = loaded(["status", "staging"], repository.path)
    assert code == 2
    assert not modules & FOR_ANSWERS


def test_a_mistake_in_a_manifest_file_loads_no_git_either(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text("schema: [")
    code, modules = loaded(["gate", "staging", "--manifest", "draft.yaml"], tmp_path)
    assert code == 2
    assert not modules & (FOR_ANSWERS | {"git"})


@pytest.mark.parametrize("words", [["--candidate", "api="], ["--nope"]], ids=" ".join)
def test_a_mistake_on_the_command_line_loads_no_client(tmp_path: Path, words: list[str]) -> None:
    code, modules = loaded(["gate", "staging", *words], tmp_path)
    assert code == 2
    assert not modules & (FOR_ANSWERS | {"git"})


def test_urls_without_a_manifest_need_neither_git_nor_google(tmp_path: Path) -> None:
    code, modules = loaded(["status", "--url", "api=http://127.0.0.1:1"], tmp_path)
    assert code == 11
    assert not modules & {"git", "google", "dbos"}
