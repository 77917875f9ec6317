"""Where `make software` put other people's software; without it a test is skipped."""

import os
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parents[2]


def node_packages() -> Path:
    """The folder that holds node_modules."""
    named = os.environ.get("SKEWCHECK_TEST_NODE")  # noqa: TID251 - where CI keeps them
    folder = Path(named).resolve() if named else _PROJECT / ".ci" / "node"
    return _present(folder, folder / "node_modules" / "graphql-ws")


def axe_core() -> Path:
    """The script that looks for what keeps people out of a page."""
    script = node_packages() / "node_modules" / "axe-core" / "axe.min.js"
    return _present(script, script)


def typescript() -> Path:
    """The compiler, as a program for Node.js."""
    script = node_packages() / "node_modules" / "typescript" / "lib" / "tsc.js"
    return _present(script, script)


def websockify_package(version: str) -> Path:
    """The folder to import that version from."""
    folder = _PROJECT / ".ci" / "websockify" / version
    return _present(folder, folder / "websockify")


def _present(folder: Path, inside: Path) -> Path:
    if not inside.exists():
        pytest.skip(f"{inside.name} is not installed in {folder}: run make software")
    return folder
