"""Runs one command to its end and says how long it took and how much memory it had at most."""

import os
import subprocess
import sys
import tempfile
import time
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
    """`peak_bytes` is at least what this process had when it started the command."""

    seconds: float
    peak_bytes: int


def inherited() -> dict[str, str]:
    """Our environment without what changes how an interpreter starts, for both sides."""
    everything = os.environ  # noqa: TID251 - handed on to child processes
    return {name: value for name, value in everything.items() if not name.startswith("PYTHON")}


def measure(command: Command) -> Run:
    """Raises RuntimeError where the command did not do its work."""
    with tempfile.TemporaryFile() as out, (command.reads or Path(os.devnull)).open("rb") as given:
        started = time.perf_counter()
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            env=command.variables,
            stdin=given,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        _check(command, process.returncode, out.read().decode(errors="replace"))
    return Run(seconds, used.ru_maxrss * _KIB)


def _check(command: Command, code: int, said: str) -> None:
    if code != command.exits or command.says not in said:
        wanted = f"exit {command.exits} and {command.says!r}"
        words = " ".join(command.words)
        raise RuntimeError(f"{words}: exit {code}, expected {wanted}\n{said[-_TOLD:]}")
