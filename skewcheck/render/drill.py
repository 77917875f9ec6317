"""The drill, told: a line for each bad world, or all of it as JSON for machines."""

import json
from collections.abc import Iterator, Sequence

from skewcheck.core.drill.outcome import Exercised, deviations_of
from skewcheck.core.drill.world import Exercise
from skewcheck.core.question import Exit
from skewcheck.render.printable import printable

_BROKEN = "BROKEN"
_SAYS = {Exit.BLOCK: "blocks", Exit.INCONCLUSIVE: "stays unknown"}
_SCHEMA = 1
_MOST_TOLD = 3


def render_drill(exercised: Sequence[Exercised]) -> str:
    """As plain text; a world that the gate lets past stands there with every deviation."""
    lines = [*_rows(exercised), "", _summary(exercised)]
    return "\n".join(printable(line) for line in lines) + "\n"


def _rows(exercised: Sequence[Exercised]) -> Iterator[str]:
    names = max((len(each.exercise.name) for each in exercised), default=0)
    words = max(len(word) for word in _SAYS.values())
    for each in exercised:
        word = _BROKEN if each.deviations else _SAYS[each.exercise.exit]
        yield f"{word:<{words}}  {each.exercise.name:<{names}}  {', '.join(each.exercise.must)}"
        yield from (f"{'':<{words}}  {told}" for told in each.deviations)


def _summary(exercised: Sequence[Exercised]) -> str:
    twins = {each.exercise.twin for each in exercised}
    passing = {each.exercise.twin for each in exercised if each.twin.exit is Exit.PASS}
    held = sum(not each.deviations for each in exercised)
    told = f"{held} of {len(exercised)} bad worlds are stopped as they must be,"
    told += f" {len(passing)} of {len(twins)} healthy twins pass"
    broken = bool(deviations_of(exercised))
    return f"{told}: the gate {'is broken' if broken else 'can still block'}"


def describe_breakage(exercised: Sequence[Exercised]) -> str:
    """One line with the first deviations; empty where the gate holds."""
    told = deviations_of(exercised)
    if not told:
        return ""
    more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    return f"THE GATE IS BROKEN: {'; '.join(told[:_MOST_TOLD])}{more}"


def render_drill_json(exercised: Sequence[Exercised]) -> str:
    """Schema 1: keys are added, never renamed or removed."""
    deviations = deviations_of(exercised)
    value = {
        "schema": _SCHEMA,
        "question": "drill",
        "holds": not deviations,
        "worlds": [_world(each) for each in exercised],
        "deviations": list(deviations),
    }
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _world(each: Exercised) -> dict[str, object]:
    """`exit` and `twin_exit` are null where the gate came to no verdict at all."""
    return {
        "name": each.exercise.name,
        "expected": _expected(each.exercise),
        "exit": None if each.bad.exit is None else int(each.bad.exit),
        "found": sorted(each.bad.codes),
        "twin_exit": None if each.twin.exit is None else int(each.twin.exit),
        "deviations": list(each.deviations),
    }


def _expected(exercise: Exercise) -> dict[str, object]:
    return {
        "exit": int(exercise.exit),
        "found": list(exercise.must),
        "not_found": list(exercise.never),
    }
