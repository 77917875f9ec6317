"""A rollout without a cloud, as a process of its own: five steps whose effects are lines in a
ledger, and a way back. It can be told to die, to wait or to fail at a step.

python -m conformance.toy_saga '{"state": …, "scope": …, "rollout": …, "ledger": …}'
"""

import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.durable_engine import open_engine
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.strict_json import Json
from skewcheck.ports.rollout import Record

STEPS = ("deploy", "probe", "shift", "invalidate", "verify")
BACK = ("undo shift", "undo deploy")
_BULK = "x" * 100_000  # as long as a log can be


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """`dies` is "step phase", with the phases before, after (the effect) and recorded; `waits` is
    a step that goes on once the file `go` is there; `takes_s` is how long each effect takes."""

    state: str
    scope: str
    rollout: str
    ledger: str
    url: str | None = None
    dies: str = ""
    waits: str = ""
    go: str = ""
    fails: str = ""
    takes_s: float = 0.0
    file_limit: int = 0
    only_submits: bool = False


class TalkingClock(SystemClock):
    """Says when it waits for another process."""

    def wait(self, seconds: float) -> None:
        _say("waits")
        super().wait(seconds)


@dataclass(frozen=True)
class Saga:
    wishes: Wishes

    def __call__(self, order: Json, record: Record) -> Json:
        for step in STEPS:
            outcome = record(step, partial(self._effect, str(order), step))
            self._dies(step, "recorded")
            if outcome == "failed":
                return self._back(str(order), record)
        return "succeeded"

    def _back(self, order: str, record: Record) -> Json:
        for step in BACK:
            record(step, partial(self._effect, order, step))
            self._dies(step, "recorded")
        return "rolled back"

    def _effect(self, order: str, step: str) -> Json:
        self._dies(step, "before")
        self._write(order, "begin", step)
        if self.wishes.waits == step:
            _say("holds")
            _until(Path(self.wishes.go).exists)
        threading.Event().wait(self.wishes.takes_s)
        self._write(order, "end", step)
        self._dies(step, "after")
        if self.wishes.fails == step:
            return "failed"
        return _BULK if self.wishes.file_limit else step

    def _write(self, order: str, event: str, step: str) -> None:
        """One line at once, and on the disk before anything else happens."""
        line = {"at": time.monotonic_ns(), "pid": os.getpid(), "event": event}
        text = json.dumps({**line, "scope": self.wishes.scope, "order": order, "step": step})
        file = os.open(self.wishes.ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{text}\n".encode())
        os.fsync(file)
        os.close(file)

    def _dies(self, step: str, phase: str) -> None:
        if self.wishes.dies == f"{step} {phase}":
            os.kill(os.getpid(), signal.SIGKILL)


def _until(what: Callable[[], bool]) -> None:
    never = threading.Event()
    while not what():
        never.wait(0.01)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(wishes: Wishes) -> int:
    if wishes.file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (wishes.file_limit, wishes.file_limit))
    try:
        engine = open_engine(wishes.url, Path(wishes.state), wishes.scope, TalkingClock())
        rollout = engine.submit(wishes.rollout, wishes.rollout)
        _say(f"rollout {rollout}")
        if not wishes.only_submits:
            result = engine.drive(rollout, Saga(wishes), watch=lambda recorded: None)
            _say(f"result {result}")
    except SkewcheckError as error:
        sys.stderr.write(f"{error}\nHint: {error.hint}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Wishes(**json.loads(sys.argv[1]))))
