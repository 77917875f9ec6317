"""Runs one command to its end and says how long it took and how much memory it had at most."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = Path(sys.executable)
SKEWCHECK = PYTHON.with_name("skewcheck")
_KIB = 1 if sys.platform == "darwin" else 1024
_TOLD = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that ends with `exits` and prints `says`: one that fails is quick and no peer."""

    words: tuple[str, ...]
    folder: Path
    variables: Mapping[str, str]
    exits: int = 0
    says: str = ""
    reads: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """`peak_bytes` is the most it had resident; `cpu_seconds` is its own and the system's on its
    behalf."""

    seconds: float
    peak_bytes: int
    cpu_seconds: float


def inherited() -> dict[str, str]:
    """Our environment without what changes how an interpreter starts, for both sides."""
    everything = os.environ  # noqa: TID251 - handed on to child processes
    return {name: value for name, value in everything.items() if not name.startswith("PYTHON")}


def measure(command: Command) -> Run:
    """Raises RuntimeError where the command did not do its work."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        asked = {
            "words": command.words,
            "folder": str(command.folder),
            "variables": dict(command.variables),
            "reads": str(command.reads or ""),
            "out": str(out),
        }
        runner = [str(PYTHON), "-I", "-S", str(HERE / "runner.py")]
        done = subprocess.run(
            runner, input=json.dumps(asked), capture_output=True, check=True, text=True
        )
        used = json.loads(done.stdout)
        _check(command, used["code"], out.read_text(errors="replace"))
    return Run(used["seconds"], used["maxrss"] * _KIB, used["cpu_seconds"])


def _check(command: Command, code: int, said: str) -> None:
    if code != command.exits or command.says not in said:
        wanted = f"exit {command.exits} and {command.says!r}"
        words = " ".join(command.words)
        raise RuntimeError(f"{words}: exit {code}, expected {wanted}\n{said[-_TOLD:]}")
