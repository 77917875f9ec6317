"""Types a command of a document into a real shell, and judges how it ended."""

import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.docs.bench import Bench
from tests.docs.blocks import Block, Command
from tests.processes import end, waited_for

# 1 and 2 say that it was not understood, 126 and 127 that it is no command.
UNDERSTOOD = frozenset({0, 10, 11, 12})
_INTERRUPTED = 130
_WITHIN_S = 90.0
# Those that go on until they are told to end: how to see that they are ready, and what ends them.
_GOES_ON = {
    r"\bskewcheck serve\b": (r"listening on http", signal.SIGTERM),
    r"\bskewcheck sandbox\b": (r"export SKEWCHECK_GCP_ENDPOINT=", signal.SIGINT),
    r"\bskewcheck status\b.* --watch\b": (r"PASS|BLOCK|INCONCLUSIVE", signal.SIGINT),
}


def type_in(bench: Bench, block: Block, scratch: Path) -> None:
    """Every command of the block, in order."""
    for program in ("gcloud", "jq", "curl"):
        if re.search(rf"\b{program} ", block.text) and shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    for command in block.commands():
        if command.text in bench.typed:
            continue  # as written, in this very world, and well
        with bench.set_for(command.text):
            _type(bench, command, scratch)
        bench.typed.add(command.text)


def _type(bench: Bench, command: Command, scratch: Path) -> None:
    line = bench.spelt(command.text)
    for told, (ready, by) in _GOES_ON.items():
        if re.search(told, line) and "--help" not in line:
            code, output = _watched(bench, line, scratch / "output", ready, by)
            break
    else:
        code, output = _run(bench, line, scratch / "output")
    judge(command, code, f"{line}\n{output}")


def judge(command: Command, code: int, told: str) -> None:
    """As the document says, or else as one of the codes that say that it was understood."""
    assert "Traceback" not in told, told
    allowed = UNDERSTOOD if command.exit is None else {command.exit}
    assert code in allowed, f"exit {code}, not of {sorted(allowed)}: {told}"


def _run(bench: Bench, line: str, log: Path) -> tuple[int, str]:
    with log.open("w") as output:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=bench.at,
            env=bench.env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=_WITHIN_S,
            check=False,
        )
    return done.returncode, log.read_text()


def _watched(bench: Bench, line: str, log: Path, ready: str, by: signal.Signals) -> tuple[int, str]:
    """It is seen to be ready, and ended as people end it."""
    with log.open("w") as output:
        program = subprocess.Popen(
            ["bash", "-c", f"exec {line}" if line.startswith("skewcheck") else line],
            cwd=bench.at,
            env=bench.env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        waited_for(lambda: bool(re.search(ready, log.read_text())) or program.poll() is not None)
        assert re.search(ready, log.read_text()), f"{line}\n{log.read_text()}"
        program.send_signal(by)
        code = program.wait(timeout=30)
    finally:
        end(program)
    ended_as_told = {0, _INTERRUPTED, -by}
    return (0 if code in ended_as_told else code), log.read_text()
