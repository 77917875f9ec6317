"""One real shell, fed block by block as somebody pastes them, with a deadline over all of it."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_START = "trap 'FAILED=\"$FAILED $?\"' ERR\n"


class OutOfTimeError(Exception):
    """The whole took longer than it may."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a block printed, the exit codes of the commands in it that failed, and its time."""

    output: str
    failures: tuple[int, ...]
    seconds: float


class Shell:
    """A bash that reads its commands from us; what they print goes into a file of each block."""

    def __init__(self, folder: Path, scratch: Path, env: Mapping[str, str], within_s: float):
        self._scratch = scratch
        self._until = time.monotonic() + within_s
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._commands, self._told = self._bash.stdin, self._bash.stdout
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._tell(_START)

    def run(self, text: str) -> Ran:
        """The block's commands, in this shell: `cd` and `export` stay."""
        script, output = self._scratch / "block.sh", self._scratch / "output"
        # Or the failure of its last command would be one of sourcing it, too.
        script.write_text(f"{text}\ntrue\n", encoding="utf-8")
        started = time.monotonic()
        self._tell(f"FAILED=\n. '{script}' </dev/null >'{output}' 2>&1\necho \"ended $FAILED\"\n")
        answer = self._answer(output)
        failures = tuple(map(int, answer.split()[1:]))
        took = time.monotonic() - started
        return Ran(output.read_text(encoding="utf-8"), failures, took)

    def close(self) -> None:
        """End the shell and what it started in its own session."""
        with suppress(ProcessLookupError):
            os.killpg(self._bash.pid, signal.SIGKILL)
        self._bash.wait()
        self._reader.join()
        self._told.close()
        with suppress(BrokenPipeError):
            self._commands.close()

    def _tell(self, commands: str) -> None:
        self._commands.write(commands)
        self._commands.flush()

    def _answer(self, output: Path) -> str:
        try:
            return self._answers.get(timeout=max(0.0, self._until - time.monotonic()))
        except queue.Empty:
            raise OutOfTimeError(output.read_text(encoding="utf-8", errors="replace")) from None

    def _read(self) -> None:
        for line in self._told:
            self._answers.put(line)
        self._answers.put("ended -1")


@contextmanager
def shell(folder: Path, scratch: Path, env: Mapping[str, str], within_s: float) -> Iterator[Shell]:
    """The shell for the time of this block."""
    opened = Shell(folder, scratch, env, within_s)
    try:
        yield opened
    finally:
        opened.close()
