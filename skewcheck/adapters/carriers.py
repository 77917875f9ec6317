"""The `Carriers` port: each environment's rollout is carried out by a child process, as a person
would at a terminal: `skewcheck rollouts resume ENVIRONMENT`.

A child stays in our process group, so what ends the group ends it too; it is given no Slack
secret. To stop is to kill, which rollouts are made for.
"""

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from skewcheck.render.printable import printable

# -P: what lies in the current directory, a checkout perhaps, is not imported.
_PROGRAM = (sys.executable, "-P", "-m", "skewcheck")
_SECRETS = "SKEWCHECK_SLACK_"
_LAST_WORDS = 2000
_LINES = 5
_HEARD_WITHIN_S = 1.0


class ChildCarriers:
    """`words` come after the environment; `variables` are the service's own."""

    def __init__(
        self,
        words: Sequence[str],
        variables: Mapping[str, str],
        *,
        program: Sequence[str] = _PROGRAM,
    ) -> None:
        self._words, self._program = tuple(words), tuple(program)
        self._variables = {
            name: value for name, value in variables.items() if not name.startswith(_SECRETS)
        }
        self._lock = threading.Lock()
        self._children: dict[str, _Child] = {}
        self._is_over = False

    def start(self, environment: str) -> None:
        with self._lock:
            if environment not in self._children and not self._is_over:
                self._children[environment] = self._started(environment)

    def running(self) -> frozenset[str]:
        with self._lock:
            return frozenset(
                name for name, child in self._children.items() if child.process.poll() is None
            )

    def ended(self) -> Mapping[str, tuple[int, str]]:
        with self._lock:
            over = {
                name: child
                for name, child in self._children.items()
                if child.process.poll() is not None
            }
            for name in over:
                del self._children[name]
        return {name: child.end() for name, child in over.items()}

    def stop(self) -> None:
        """For good: nothing is started any more."""
        with self._lock:
            self._is_over = True
            children = list(self._children.values())
            self._children.clear()
        for child in children:
            child.process.kill()
        for child in children:
            child.end()

    def _started(self, environment: str) -> "_Child":
        process = subprocess.Popen(
            (*self._program, "rollouts", "resume", environment, *self._words),
            env=self._variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        child = _Child(process)
        child.listener.start()
        return child


@dataclass(eq=False)  # no slots: the thread is made when it is first asked for
class _Child:
    """Its stderr is read all the time, or it would block; only the end is kept."""

    process: "subprocess.Popen[bytes]"
    said: bytes = b""
    listener: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.listener = threading.Thread(target=self._listen, daemon=True)

    def end(self) -> tuple[int, str]:
        """Of a process that is over, or about to be."""
        code = self.process.wait()
        # A grandchild that outlived it may hold the pipe.
        self.listener.join(_HEARD_WITHIN_S)
        lines = self.said.decode(errors="replace").strip().splitlines()[-_LINES:]
        return code, "\n".join(printable(line) for line in lines)

    def _listen(self) -> None:
        stream: IO[bytes] | None = self.process.stderr
        if stream is not None:
            with stream:
                while piece := stream.read1(_LAST_WORDS):  # type: ignore[attr-defined]
                    self.said = (self.said + piece)[-_LAST_WORDS:]
