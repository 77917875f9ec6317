"""What one rung of the ladder saw."""

from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.core.findings import Code


@dataclass(frozen=True, slots=True)
class Passed:
    """Something happened that proves it."""

    told: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """Nothing failed here, and nothing proves that it works."""

    told: str


@dataclass(frozen=True, slots=True)
class Failed:
    code: Code
    told: str
    evidence: tuple[str, ...] = ()


Seen: TypeAlias = Passed | Unproven | Failed
