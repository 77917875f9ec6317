"""What is wrong in a file that people wrote: one problem per line, each with its place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.core.errors import UsageError

Path: TypeAlias = tuple[str | int, ...]
_BARE_KEY = re.compile(r"[\w-]+")
_USER_IN_URL = re.compile(r"//[^/@\s]*@")
_LONGEST_GOT = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is dotted and empty where the whole file is meant; lines and columns start at 1."""

    file: str
    line: int
    column: int
    path: str
    problem: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}:{self.column}: {where}{self.problem}"


class DocumentError(UsageError):
    """A manifest or a contract that cannot be used, with everything that is wrong in it."""

    def __init__(self, problems: Iterable[Problem], *, hint: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems), hint=hint)


def dotted(path: Path) -> str:
    """`services.api.witnesses.0`; a key that has dots or blanks of its own is quoted."""
    return ".".join(
        key if isinstance(key, str) and _BARE_KEY.fullmatch(key) else _quoted(key) for key in path
    )


def _quoted(key: str | int) -> str:
    return shown(key) if isinstance(key, str) else str(key)


def shown(written: str) -> str:
    """What was written, fit for one line of a log: short, escaped, without a URL's password."""
    safe = _USER_IN_URL.sub("//…@", written)
    return repr(safe if len(safe) <= _LONGEST_GOT else safe[: _LONGEST_GOT - 1] + "…")
