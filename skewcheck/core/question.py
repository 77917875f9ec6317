"""What is asked and where the rules come from: light, so that a usage error is told at once."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from skewcheck.core.build import BuildSha


class Exit(IntEnum):
    """API. No verdict uses 1 (a crash of Python) or 2 (what the user wrote)."""

    PASS = 0
    ERROR = 1
    USAGE = 2
    BLOCK = 10
    INCONCLUSIVE = 11
    ACTION_FAILED = 12


class Question(StrEnum):
    STATUS = "status"
    GATE = "gate"
    VERIFY = "verify"
    PROBE = "probe"
    DIAGNOSE = "diagnose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the promises and the rules came from; `commit` is None for a file outside git."""

    file: str
    ref: str
    commit: BuildSha | None
    policy_ref: str
    policy_commit: BuildSha | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """An override from the command line: it lets everything past through its last day."""

    why: str
    until: date
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateWanted:
    """What the user named: a service, a commit (or a ref of it), and where it already answers."""

    service: str
    named: str
    url: str = ""
