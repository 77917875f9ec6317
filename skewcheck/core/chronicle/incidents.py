"""Skew from the first look that saw it to the first that surely saw none.

Nobody sees the moment itself, so both times are bounds. Detection took at most as long as from the
last look that surely saw none; the mend at most as long as to the first look that saw none again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from skewcheck.core.chronicle.pieces import State, Window, is_skew, state_of
from skewcheck.core.chronicle.snapshot import Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """`first` and `last` are the looks that saw skew; `clear_before` is the last look before them
    that surely saw none, `mended` the first after them. `what` are the causes as code and subject.
    """

    first: datetime
    last: datetime
    clear_before: datetime | None = None
    mended: datetime | None = None
    what: tuple[tuple[str, str], ...] = ()

    @property
    def detected_within(self) -> timedelta | None:
        """None where nobody had looked before."""
        return None if self.clear_before is None else self.first - self.clear_before

    @property
    def mended_within(self) -> timedelta | None:
        """From the first look that saw it; None where it is still there."""
        return None if self.mended is None else self.mended - self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Of `of` incidents; `open` more have no such time."""

    of: int = 0
    open: int = 0
    median: timedelta | None = None
    worst: timedelta | None = None


def find_incidents(stretches: Iterable[Stretch]) -> Iterator[Incident]:
    """The oldest first. What is unknown neither begins nor ends one."""
    going_on: Incident | None = None
    clear: datetime | None = None
    for each in stretches:
        match state_of(each.snapshot):
            case State.SKEW:
                going_on = _seen(going_on, each, clear)
            case State.CLEAR:
                if going_on is not None:
                    yield replace(going_on, mended=each.first)
                going_on, clear = None, each.last
            case _:
                continue
    if going_on is not None:
        yield going_on


def _seen(before: Incident | None, stretch: Stretch, clear: datetime | None) -> Incident:
    incident = before or Incident(first=stretch.first, last=stretch.last, clear_before=clear)
    now = [(each.code, each.subject) for each in stretch.snapshot.causes if is_skew(each)]
    return replace(incident, last=stretch.last, what=tuple(dict.fromkeys((*incident.what, *now))))


def within(incidents: Iterable[Incident], window: Window) -> tuple[Incident, ...]:
    """Those of which some look in the window saw something."""
    return tuple(
        each
        for each in incidents
        if each.first < window.until
        and (each.last >= window.since or (each.mended is not None and each.mended > window.since))
    )


def times(lengths: Sequence[timedelta | None]) -> Times:
    known = [each for each in lengths if each is not None]
    if not known:
        return Times(open=len(lengths))
    middle: timedelta = median(known)  # type: ignore[type-var]  # it adds and halves, as lengths do
    return Times(of=len(known), open=len(lengths) - len(known), median=middle, worst=max(known))
