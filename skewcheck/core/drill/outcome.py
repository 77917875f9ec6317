"""What the gate made of a world and of its twin, held against what it must be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skewcheck.core.drill.world import Exercise
from skewcheck.core.findings import Code
from skewcheck.core.question import Exit


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How the gate left one world; `exit` None, and `error`, where it came to no verdict."""

    exit: Exit | None
    codes: frozenset[Code] = frozenset()
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercised:
    exercise: Exercise
    bad: Seen
    twin: Seen

    @property
    def deviations(self) -> tuple[str, ...]:
        """Every way in which the gate did what it must not; empty where it can be trusted."""
        return (*_in_bad(self.exercise, self.bad), *_in_twin(self.exercise, self.twin))


def deviations_of(exercised: Sequence[Exercised]) -> tuple[str, ...]:
    """All of them; a drill without exercises has proved nothing."""
    if not exercised:
        return ("there is no bad world to drill with",)
    return tuple(told for each in exercised for told in each.deviations)


def _in_bad(exercise: Exercise, seen: Seen) -> Iterator[str]:
    if seen.exit is not exercise.exit:
        yield f"{exercise.name}: {_ended(seen)}, must be exit {int(exercise.exit)}"
        if seen.exit is None:
            return
    for code in exercise.must:
        if code not in seen.codes:
            yield f"{exercise.name}: {code} was not found"
    for code in exercise.never:
        if code in seen.codes:
            yield f"{exercise.name}: {code} was found, which it is not"


def _in_twin(exercise: Exercise, seen: Seen) -> Iterator[str]:
    if seen.exit is not Exit.PASS:
        found = ", ".join(sorted(seen.codes))
        told = f"healthy twin of {exercise.name}: {_ended(seen)}, must be exit 0"
        yield f"{told} ({found})" if found else told


def _ended(seen: Seen) -> str:
    return f"no verdict: {seen.error}" if seen.exit is None else f"exit {int(seen.exit)}"
