"""`skewcheck next`: which services may move now, and what the others wait for."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import RenderableType

from skewcheck.core.plan.view import Movable
from skewcheck.render.machine.as_json import dumped
from skewcheck.render.machine.observations import rfc3339
from skewcheck.render.terminal.canvas import Hanging, paint, row, styled
from skewcheck.render.words import count, moment

_SCHEMA = 1
_WORDS = {True: "may move", False: "waits"}
_STYLES = {True: "bold green", False: "bold yellow"}
_TOLD_AT = 10
_BULLET = 2


def render_next(
    environment: str, at: datetime, movables: Sequence[Movable], *, width: int, colour: bool
) -> str:
    """Those that may move come first."""
    return paint(_all(environment, at, movables), width=width, colour=colour)


def render_next_json(environment: str, at: datetime, movables: Sequence[Movable]) -> str:
    """Schema 1: keys are added, never renamed or removed."""
    return dumped(
        {
            "schema": _SCHEMA,
            "question": "next",
            "environment": environment,
            "at": rfc3339(at),
            "services": [
                {"service": each.service, "may_move": each.may_move, "why": list(each.why)}
                for each in movables
            ],
        }
    )


def _all(environment: str, at: datetime, movables: Sequence[Movable]) -> Iterator[RenderableType]:
    yield Hanging(row(styled(environment, "bold"), _summary(movables), moment(at)))
    for each in sorted(movables, key=lambda each: not each.may_move):
        word = styled(f"{_WORDS[each.may_move]:<{_TOLD_AT - 2}}", _STYLES[each.may_move])
        yield Hanging(row(word, styled(each.service, "bold")), hang=_TOLD_AT)
        for why in each.why:
            yield Hanging(styled(f"- {why}", "dim"), start=_TOLD_AT, hang=_BULLET)


def _summary(movables: Sequence[Movable]) -> str:
    if not movables:
        return "nothing to do"
    free = sum(each.may_move for each in movables)
    waiting = len(movables) - free
    told = f"{count(free, 'service')} may move now" if free else "no service may move now"
    return f"{told}, {waiting} {'waits' if waiting == 1 else 'wait'}" if waiting else told
