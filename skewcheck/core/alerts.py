"""What people are told without asking: a cause once, when it is sure, and again when it is gone.

Rules of this file: two surveys in a row have to agree before anything is told; what a survey did
not see, it neither finds nor clears.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from pydantic import TypeAdapter

from skewcheck.core.alert_causes import (
    Cause,
    causes_of,
    may_be_there,
    nobody_knows,
    unknown_of,
)
from skewcheck.core.report import Report
from skewcheck.core.strict_json import Json

_AGREE = 2
_TOO_LONG = timedelta(minutes=30)


class AlertKind(StrEnum):
    FOUND = "found"
    CLEARED = "cleared"
    UNKNOWN_TOO_LONG = "unknown-too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """`channel` is the owner's in Slack, empty where none is named; `since` is when the first of
    the surveys that agree saw it."""

    environment: str
    kind: AlertKind
    code: str
    subject: str
    sentence: str
    since: datetime
    fix: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of an environment from one survey to the next; `unknown` is the verdict
    that nobody could give."""

    causes: tuple[Cause, ...] = ()
    unknown: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """The memory, with the alerts that could not be delivered yet."""

    memory: Memory = field(default_factory=Memory)
    unsent: tuple[Alert, ...] = ()


def next_alerts(
    memory: Memory, report: Report, *, now: datetime
) -> tuple[Memory, tuple[Alert, ...]]:
    """What to remember after this survey, and what to tell; an alert for each channel."""
    present = causes_of(report, now)
    earlier = {each.key for each in memory.causes}
    kept = (_after(each, present.get(each.key), report) for each in memory.causes)
    fresh = (each for key, each in present.items() if key not in earlier)
    causes = tuple(each for each in (*kept, *fresh) if each is not None)
    unknown = _still_unknown(memory.unknown, unknown_of(report, now), now)
    return _told(memory, Memory(causes=causes, unknown=unknown), report.environment)


def after_failure(
    memory: Memory, environment: str, why: str, *, now: datetime
) -> tuple[Memory, tuple[Alert, ...]]:
    """A survey that came to nothing is an unknown verdict, and clears nothing."""
    seen = nobody_knows(environment, f"the survey failed: {why}", now)
    unknown = _still_unknown(memory.unknown, seen, now)
    return _told(memory, replace(memory, unknown=unknown), environment)


def _after(cause: Cause, seen: Cause | None, report: Report) -> Cause | None:
    """As this survey leaves it; None where it was never told and is not there."""
    if seen is not None:
        count = cause.seen + 1
        return replace(seen, since=cause.since, seen=count, told=cause.told or count >= _AGREE)
    return cause if may_be_there(report, cause) else _missed(cause)


def _still_unknown(before: Cause | None, seen: Cause | None, now: datetime) -> Cause | None:
    if before is None:
        return seen
    if seen is None:
        return _missed(before)
    told = before.told or now - before.since > _TOO_LONG
    return replace(seen, since=before.since, seen=before.seen + 1, told=told)


def _missed(cause: Cause) -> Cause | None:
    return replace(cause, missed=cause.missed + 1) if cause.told else None


def _told(before: Memory, after: Memory, environment: str) -> tuple[Memory, tuple[Alert, ...]]:
    """What has just become sure, and what is gone now and need not be remembered."""
    known = {each.key for each in _all(before) if each.told}
    alerts: list[Alert] = []
    for cause in _all(after):
        if _is_gone(cause):
            alerts += _alerts(environment, cause, AlertKind.CLEARED)
        elif cause.told and cause.key not in known:
            unknown = cause is after.unknown
            kind = AlertKind.UNKNOWN_TOO_LONG if unknown else AlertKind.FOUND
            alerts += _alerts(environment, cause, kind)
    return _without_what_is_gone(after), tuple(alerts)


def _all(memory: Memory) -> Iterable[Cause]:
    return (*memory.causes, *((memory.unknown,) if memory.unknown else ()))


def _without_what_is_gone(memory: Memory) -> Memory:
    gone = memory.unknown is not None and _is_gone(memory.unknown)
    return Memory(
        causes=tuple(each for each in memory.causes if not _is_gone(each)),
        unknown=None if gone else memory.unknown,
    )


def _is_gone(cause: Cause) -> bool:
    return cause.missed >= _AGREE


def _alerts(environment: str, cause: Cause, kind: AlertKind) -> Iterator[Alert]:
    for channel in cause.channels or ("",):
        yield Alert(
            environment=environment,
            kind=kind,
            code=cause.code,
            subject=cause.subject,
            sentence=cause.sentence,
            since=cause.since,
            fix="" if kind is AlertKind.CLEARED else cause.fix,
            channel=channel,
        )


@cache
def _adapter() -> TypeAdapter[Notebook]:
    return TypeAdapter(Notebook)


def notebook_to_json(notebook: Notebook) -> Json:
    written: Json = _adapter().dump_python(notebook, mode="json")
    return written


def notebook_from_json(read: Json) -> Notebook:
    """Raises ValueError for what is none."""
    return _adapter().validate_python(read)
