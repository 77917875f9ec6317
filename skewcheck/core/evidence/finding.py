"""One thing that test reports leave unproven, before it has a subject and a severity."""

from dataclasses import dataclass

from skewcheck.core.findings import Code

MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFinding:
    """What becomes a Finding once it is known about which environment it is."""

    code: Code
    sentence: str
    evidence: tuple[str, ...] = ()
    fix: str


def first_few(lines: list[str]) -> tuple[str, ...]:
    """The first ten, and how many more there are."""
    more = len(lines) - MOST_NAMED
    return (*lines[:MOST_NAMED], f"and {more} more") if more > 0 else tuple(lines)
