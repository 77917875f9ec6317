"""The checkup, told: a line for each check and the mend under it, or all of it as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from skewcheck.core.checkup.check import Check, Group, State, exit_of
from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled

_SCHEMA = 1
_STYLES = {
    State.OK: "green",
    State.BAD: "bold red",
    State.UNKNOWN: "yellow",
    State.NOT_NEEDED: "dim",
}
_WIDEST = max(map(len, State))
_HERE = "this machine"


def render_checkup(groups: Sequence[Group], *, width: int, colour: bool) -> str:
    return paint(_items(groups), width=width, colour=colour)


def _items(groups: Sequence[Group]) -> Iterator[RenderableType]:
    told: dict[str, tuple[Group, Check]] = {}
    for group in groups:
        yield styled(group.environment or _HERE, "bold")
        for check in group.checks:
            yield from _lines(group, check, told)
        yield styled("")
    yield styled(_summary(groups))


def _lines(
    group: Group, check: Check, told: dict[str, tuple[Group, Check]]
) -> Iterator[RenderableType]:
    """A fix that mends several is told once, and then referred to."""
    own = check.subject in {group.environment, _HERE}
    line = row(
        styled(f"{check.state:<{_WIDEST}}", _STYLES[check.state]),
        str(check.name) if own else f"{check.name} {check.subject}",
    )
    yield Hanging(line.append(styled(f": {check.told}")), 2, _WIDEST + 2)
    if check.state in {State.OK, State.NOT_NEEDED}:
        return
    before, first = told.setdefault(check.fix, (group, check))
    start = 4 + _WIDEST
    if first is check:
        yield Command("fix:", check.fix, start)
    else:
        subject = "" if first.subject == _HERE else f" {first.subject}"
        elsewhere = before is not group and before.environment
        place = f" in {before.environment}" if elsewhere else ""
        yield Hanging(styled(f"fix: as for {first.name}{subject}{place}"), start)


def _summary(groups: Sequence[Group]) -> str:
    number = Counter(check.state for group in groups for check in group.checks)
    parts = [f"{number[state]} {state}" for state in State if number[state]]
    return f"{', '.join(parts) or 'nothing to check'}: exit {int(exit_of(groups))}"


def render_checkup_json(groups: Sequence[Group]) -> str:
    """Schema 1: keys are added, never renamed or removed."""
    value = {
        "schema": _SCHEMA,
        "question": "doctor",
        "exit": int(exit_of(groups)),
        "checks": [_object(group, check) for group in groups for check in group.checks],
    }
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _object(group: Group, check: Check) -> dict[str, object]:
    """`environment` is empty for what is this machine's."""
    return {
        "environment": group.environment,
        "name": str(check.name),
        "subject": check.subject,
        "state": str(check.state),
        "told": check.told,
        "fix": check.fix,
    }
