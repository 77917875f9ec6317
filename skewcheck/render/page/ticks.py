"""The axis of a timeline: a handful of round moments, in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MOST = 6
_LATE = 90
_DAY = timedelta(days=1)
_STEPS = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 30, 90, 365)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`x` is in percent of the width; the label of one `at_end` stands before it."""

    x: float
    label: str
    at_end: bool


def ticks_of(since: datetime, until: datetime) -> tuple[Tick, ...]:
    """At midnight the day is told, at other moments the time."""
    whole = until - since
    step = next((each for each in _STEPS if whole / each <= _MOST), _STEPS[-1])
    midnight = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * -((midnight - since.astimezone(UTC)) // step)
    found = []
    while at < until:
        x = round(100 * ((at - since) / whole), 3)
        found.append(Tick(x=x, label=_label(at), at_end=x > _LATE))
        at += step
    return tuple(found)


def _label(at: datetime) -> str:
    return f"{at:%b} {at.day}" if at.hour == at.minute == 0 else f"{at:%H:%M}"
