"""Records of the audit trail read back. What another version wrote may lack keys or have more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from skewcheck.core.audit.records import Record
from skewcheck.core.findings import Verdict
from skewcheck.core.strict_json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class LetPast:
    """One person's permission, and what for: a finding of a subject, or everything."""

    who: str
    why: str
    what: str = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """One answer of a gate. `blocks` are codes and subjects; `passed` that the exit code let the
    build on, whatever the verdict."""

    at: datetime
    who: str
    verdict: Verdict
    passed: bool
    candidates: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[tuple[str, str], ...] = ()
    overrides: tuple[LetPast, ...] = ()


def moment_of(record: Record) -> datetime | None:
    try:
        return datetime.fromisoformat(str(record.get("at"))).astimezone(UTC)
    except ValueError:
        return None


def gates_in(records: Iterable[Record]) -> tuple[Gated, ...]:
    """The oldest first; records of other events, and what is none, are left out."""
    found = (_gated(each) for each in records if each.get("event") == "gate")
    return tuple(sorted((each for each in found if each), key=lambda each: each.at))


def glasses_in(records: Iterable[Record]) -> tuple[LetPast, ...]:
    return tuple(
        LetPast(who=_text(each, "who"), why=_text(each, "why"))
        for each in records
        if each.get("event") == "break-glass"
    )


def _gated(record: Record) -> Gated | None:
    at, verdict = moment_of(record), _text(record, "verdict")
    if at is None or verdict not in set(Verdict):
        return None
    candidates = record.get("candidates")
    return Gated(
        at=at,
        who=_text(record, "who"),
        verdict=Verdict(verdict),
        passed=record.get("exit") == 0,
        candidates={n: str(b) for n, b in candidates.items()}
        if isinstance(candidates, dict)
        else {},
        blocks=tuple((_text(e, "code"), _text(e, "subject")) for e in _objects(record, "blocks")),
        overrides=tuple(map(_override, _objects(record, "overrides"))),
    )


def _override(read: Record) -> LetPast:
    what = f"{_text(read, 'finding')} on {_text(read, 'subject')}"
    return LetPast(who=_text(read, "who"), why=_text(read, "why"), what=what)


def _objects(record: Record, key: str) -> Iterator[Record]:
    listed: Json = record.get(key)
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            yield each


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""
