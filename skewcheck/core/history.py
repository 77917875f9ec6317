"""What git tells about builds: commits, how two builds relate, and what was promised when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from skewcheck.core.build import BuildSha


@dataclass(frozen=True, slots=True)
class Commit:
    """`at` is the committer's date, aware, in UTC: when it became part of the history."""

    sha: BuildSha
    subject: str
    author: str
    at: datetime


class RelationKind(StrEnum):
    SAME = "same"
    BEHIND = "behind"
    AHEAD = "ahead"
    DIVERGED = "diverged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Relation:
    """How one build stands to another: `behind` commits are missing from it, `ahead` are its own.

    UNKNOWN says in `why` what git lacks and in `fix` the exact command that cures it.
    """

    kind: RelationKind
    behind: int = 0
    ahead: int = 0
    why: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One committed state of a file; `content` is None where that commit removed it."""

    commit: Commit
    content: bytes | None


@dataclass(frozen=True, slots=True)
class NotInHistory:
    """Git cannot answer: the object is absent, or this clone is too shallow to hold it."""

    why: str
    fix: str
