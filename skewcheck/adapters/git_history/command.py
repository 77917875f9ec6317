"""Runs git commands through GitPython, in a steady environment.

Rules of this file: replace refs and grafts cannot rewrite history, nothing prompts, no transport
runs a command, and what git says is passed on without credentials.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from git import Git

from skewcheck.adapters.git_history.places import TRANSPORTS, redacted
from skewcheck.core.errors import SkewcheckError

NETWORK_TIMEOUT_S = 600.0
STEADY: Mapping[str, str] = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/no-grafts",  # cannot exist, and git does not mind
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": ":".join(TRANSPORTS),
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}
# A partial clone fetches what it lacks; with no transport allowed it says "missing" instead.
OFFLINE: Mapping[str, str] = {"GIT_ALLOW_PROTOCOL": "none"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one git command said; `problem` is the line that tells why it failed."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode(errors="replace").strip()

    @property
    def problem(self) -> str:
        lines = [line.strip() for line in self.err.splitlines() if line.strip()]
        blamed = [line for line in lines if line.startswith(("fatal:", "error:"))]
        line = (blamed or lines or ["git said nothing"])[0]
        return redacted(line.removeprefix("fatal:").removeprefix("error:").strip())


def ask(
    git: Git,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
    given: BinaryIO | None = None,
) -> Answer:
    """Runs one command to its end. Keeps nothing, so any thread may call it at any time.

    `given` is a real file that the command reads as its input.
    """
    status, out, err = git.execute(
        [str(git.GIT_PYTHON_GIT_EXECUTABLE), *arguments],
        istream=given,
        with_extended_output=True,
        with_exceptions=False,
        stdout_as_string=False,
        strip_newline_in_stdout=False,
        kill_after_timeout=timeout_s,
        env={**STEADY, **(environment or {})},
    )
    return Answer(status, out, err)


def failed(doing: str, answer: Answer, *, hint: str = "") -> SkewcheckError:
    return SkewcheckError(f"{doing}: {answer.problem}", hint=hint)
