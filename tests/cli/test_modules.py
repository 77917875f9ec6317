"""What is loaded when: help loads nothing heavy, and a mistake is told before the world is."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.conftest import Live
from tests.cli.desk import Desk
from tests.programs import environment, run_here
from tests.repositories import Repository

ENGINE = {"dbos", "sqlalchemy", "psycopg"}
HEAVY = {
    "requests",
    "git",
    "google",
    "rich",
    "pydantic",
    "yaml",
    "packaging",
    "websockets",
} | ENGINE
FOR_ANSWERS = {"requests", "google", "rich", "websockets"} | ENGINE
ROLLOUTS = ("redeploy", "rollback", "rollouts", "hold", "invalidate", "unpin")
_LOADED = """
import atexit, json, sys
def tell():
    with open("loaded.json", "w") as file:
        json.dump(sorted(sys.modules), file)
atexit.register(tell)
from skewcheck.__main__ import main
main()
"""


def loaded(
    words: Sequence[str], at: Path, env: Mapping[str, str] | None = None, *, deep: bool = False
) -> tuple[int, set[str]]:
    """The exit code, and the top-level packages in memory at the end; `deep`: all modules."""
    at.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *words],
        cwd=at,
        env=environment(at) if env is None else env,
        capture_output=True,
        check=False,
    )
    names = set(json.loads((at / "loaded.json").read_text()))
    return done.returncode, names if deep else {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("words", [["--help"], []], ids=" ".join)
def test_help_loads_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    _, modules = loaded(words, tmp_path)
    assert not modules & HEAVY
    assert "skewcheck" in modules


def test_plugins_of_other_packages_do_not_run_in_the_gate(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "acme")
    installed = tmp_path / "other-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[pydantic]\nother = other_plugin:plugin\n")
    (tmp_path / "other_plugin.py").write_text("plugin = None\n")
    repository.commit({"manifests/staging.yaml": "schema: 1"})
    env = {**environment(tmp_path), "PYTHONPATH": str(tmp_path)}
    code, modules = loaded(["status", "staging"], repository.path, env)
    assert code == 2
    assert "pydantic" in modules
    assert "other_plugin" not in modules


@pytest.mark.parametrize("command", ["gate", "sandbox", "plan", "next", *ROLLOUTS])
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


@pytest.mark.parametrize("command", ["plan", "next", "status", "gate", "hold"])
def test_only_rollouts_load_the_engine(live: Live, tmp_path: Path, command: str) -> None:
    code, modules = loaded([command, "staging", "--repo", str(live.repository.path)], tmp_path)
    assert code == 0
    assert "requests" in modules
    assert not modules & ENGINE


def test_what_was_rolled_out_is_asked_of_the_engine_alone(live: Live, tmp_path: Path) -> None:
    words = ["rollouts", "list", "staging", "--repo", str(live.repository.path)]
    code, modules = loaded(words, tmp_path, deep=True)
    assert code == 0
    assert "dbos" in modules
    assert "google.cloud.run_v2" not in modules


def test_a_plan_reads_cloud_run_without_its_typed_client(desk: Desk) -> None:
    """The client of writes takes a quarter of a second to import."""
    desk.stage.stale_edge()
    code, modules = loaded(["plan", "staging"], desk.stage.world.repository, desk.env, deep=True)
    assert code == 0
    assert "skewcheck.adapters.cloud_run" in modules
    assert not modules & ENGINE
    assert "google.cloud.run_v2" not in modules


def test_a_command_called_like_a_builtin_takes_none_away() -> None:
    """An imported submodule becomes a name of its package: `next` did so to near misses."""
    import_module("skewcheck.cli.next")
    ended = run_here("statu", env={})
    assert ended.code == 2
    assert "Did you mean 'status'?" in ended.err
