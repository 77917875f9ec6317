"""Names that something gives its own build, and which of them to believe.

Rules of this file: a git commit outranks any other id; two names agree only if they may be the
same commit; where they do not agree, none of them is believed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.core.build import BuildName, BuildSha, OpaqueId, ShortSha, read_build_name
from skewcheck.core.remote_text import shorten


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that claims to name the build, where it stood, and what it names, if anything."""

    field: str
    value: str
    name: BuildName | None

    def told(self, limit: int) -> str:
        return f"{self.field} is {shorten(self.value, limit=limit)!r}"


@dataclass(frozen=True, slots=True)
class NoBuild:
    """Nothing to believe: `why` names the fields and values."""

    why: str
    contradictory: bool = False


Choice: TypeAlias = BuildName | NoBuild | None


def candidate(field: str, value: str, *, sha_only: bool = False) -> Candidate:
    """`sha_only` for fields that hold other things too, such as the name of a revision."""
    name = read_build_name(value)
    if sha_only and name is not None and isinstance(name.build, OpaqueId):
        name = None
    return Candidate(field, value, name)


def choose_build(candidates: Sequence[Candidate]) -> Choice:
    """The one build that all candidates agree on; None where there are no candidates at all."""
    if not candidates:
        return None
    named = [(each, each.name) for each in candidates if each.name is not None]
    commits = [pair for pair in named if not isinstance(pair[1].build, OpaqueId)]
    believed = commits or named
    if not believed:
        told = " and ".join(each.told(60) for each in candidates)
        return NoBuild(f"{told}, which names no build")
    best_field, best = max(believed, key=lambda pair: _digits(pair[1]))
    for other_field, other in believed:
        if not _agree(best, other):
            why = f"{best_field.told(16)} but {other_field.told(16)}"
            return NoBuild(why, contradictory=True)
    return BuildName(best.build, any(name.dirty for _, name in believed))


def without_repeats(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(dict.fromkeys(candidates))


def _digits(name: BuildName) -> int:
    return 0 if isinstance(name.build, OpaqueId) else len(name.build.value)


def _agree(longest: BuildName, other: BuildName) -> bool:
    if isinstance(longest.build, BuildSha | ShortSha) and isinstance(other.build, ShortSha):
        return longest.build.value.startswith(other.build.value)
    return longest.build == other.build
