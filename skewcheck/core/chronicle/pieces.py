"""Time, cut where what is known of it changes, and how long each state of the world lasted.

Rule of this file: every moment of a window is in exactly one piece, so hours add up to the window,
and the sums of two windows side by side are those of both together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from skewcheck.core.chronicle.snapshot import SeenCause, Snapshot, Stretch
from skewcheck.core.findings import SKEW, Severity

# Two looks further apart than this say nothing about the time between them.
GAP = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    since: datetime
    until: datetime


class State(StrEnum):
    """What is known of skew: `changing` is the time between two looks that differ about it,
    `unseen` that in which nobody looked."""

    CLEAR = "clear"
    SKEW = "skew"
    UNKNOWN = "unknown"
    CHANGING = "changing"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """From one moment to another: what the look before it saw, and what the look after it saw.
    They are the same within a stretch, and None where nobody looked."""

    start: datetime
    end: datetime
    before: Snapshot | None = None
    after: Snapshot | None = None

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def state(self, subject: str = "") -> State:
        if self.before is None or self.after is None:
            return State.UNSEEN
        before, after = state_of(self.before, subject), state_of(self.after, subject)
        return before if before is after else State.CHANGING


def cut(stretches: Iterable[Stretch], window: Window) -> tuple[Piece, ...]:
    """The window in pieces, the oldest first. `stretches` are the oldest first, and do not end at
    the window: what the looks around it saw counts within it."""
    clipped = (
        replace(piece, start=max(piece.start, window.since), end=min(piece.end, window.until))
        for piece in _pieces(stretches, window)
    )
    return tuple(piece for piece in clipped if piece.start < piece.end)


def _pieces(stretches: Iterable[Stretch], window: Window) -> Iterator[Piece]:
    last: Stretch | None = None
    for each in stretches:
        yield _between(last, each, window)
        yield Piece(start=each.first, end=each.last, before=each.snapshot, after=each.snapshot)
        last = each
    yield Piece(start=last.last if last else window.since, end=window.until)


def _between(one: Stretch | None, other: Stretch, window: Window) -> Piece:
    if one is None:
        return Piece(start=window.since, end=other.first)
    if other.first - one.last > GAP:
        return Piece(start=one.last, end=other.first)
    return Piece(start=one.last, end=other.first, before=one.snapshot, after=other.snapshot)


def state_of(snapshot: Snapshot, subject: str = "") -> State:
    """Of one link or service, or of the whole environment where none is named."""
    about = [each for each in snapshot.causes if subject in {"", each.subject}]
    if any(map(is_skew, about)):
        return State.SKEW
    unknown = any(each.severity is Severity.UNKNOWN for each in about)
    pairs = any(each.fit == "unknown" and subject in {"", each.link} for each in snapshot.pairs)
    return State.UNKNOWN if unknown or pairs else State.CLEAR


def is_skew(cause: SeenCause) -> bool:
    return cause.severity is Severity.BLOCK and cause.code in SKEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """How long each state lasted; together they are as long as the window."""

    skew: timedelta = timedelta()
    changing: timedelta = timedelta()
    unknown: timedelta = timedelta()
    clear: timedelta = timedelta()
    unseen: timedelta = timedelta()

    @property
    def length(self) -> timedelta:
        return self.skew + self.changing + self.unknown + self.clear + self.unseen


def hours_of(pieces: Iterable[Piece], subject: str = "") -> Hours:
    lasted = {str(state): timedelta() for state in State}
    for piece in pieces:
        lasted[str(piece.state(subject))] += piece.length
    return Hours(**lasted)


def subjects_of(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Every link and service that had skew, or of which it was unknown, in order of their names."""
    seen = [look for piece in pieces for look in (piece.before, piece.after) if look]
    named = {each.subject for look in seen for each in look.causes if _counts(each)}
    return tuple(sorted(named | {pair.link for look in seen for pair in look.pairs}))


def _counts(cause: SeenCause) -> bool:
    return is_skew(cause) or cause.severity is Severity.UNKNOWN
