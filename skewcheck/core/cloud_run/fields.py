"""Typed looks into Cloud Run's JSON, where an absent or null field means its default.

Rules of this file: absent is never an error and a field of the wrong type always is, because a
guess here would name the wrong build as live (proto3 JSON mapping: "missing = default value").
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

Document: TypeAlias = Mapping[str, object]

_INT64 = re.compile(r"-?[0-9]{1,19}")
_DURATION = re.compile(r"([0-9]{1,12}(\.[0-9]{1,9})?)s")


class MalformedError(ValueError):
    """Says which field is not what the API's schema promises; caught within the core."""


def document(value: object, where: str) -> Document:
    if not isinstance(value, dict):
        raise MalformedError(f"{where} is not an object")
    return value


def text(fields: Document, key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedError(f"{key} is not text")
    return value


def flag(fields: Document, key: str) -> bool:
    value = fields.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise MalformedError(f"{key} is not true or false")
    return value


def number(fields: Document, key: str) -> int:
    """An integer, also as a string: the proto3 JSON mapping prints int64 so."""
    value = fields.get(key)
    if value is None:
        return 0
    if isinstance(value, str) and _INT64.fullmatch(value):
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedError(f"{key} is not an integer")
    return value


def seconds(fields: Document, key: str) -> float | None:
    """A Duration (the proto3 JSON mapping prints `300s`); None where it is absent."""
    if not (value := text(fields, key)):
        return None
    if not (found := _DURATION.fullmatch(value)):
        raise MalformedError(f"{key} is not a duration")
    return float(found.group(1))


def choice(fields: Document, key: str, names: tuple[str, ...]) -> str:
    """An enum's name, also where the number was sent; a newer API's unknown name is kept."""
    value = fields.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return names[value] if 0 <= value < len(names) else str(value)
    return text(fields, key) or names[0]


def inner(fields: Document, key: str) -> Document:
    value = fields.get(key)
    return {} if value is None else document(value, key)


def documents(fields: Document, key: str) -> tuple[Document, ...]:
    return tuple(document(each, f"an entry of {key}") for each in _entries(fields, key))


def texts(fields: Document, key: str) -> tuple[str, ...]:
    entries = _entries(fields, key)
    if not all(isinstance(each, str) for each in entries):
        raise MalformedError(f"an entry of {key} is not text")
    return tuple(str(each) for each in entries)


def moment(fields: Document, key: str) -> datetime:
    """RFC 3339 in UTC; digits beyond microseconds are dropped, a missing zone is refused."""
    value = text(fields, key)
    try:
        read = datetime.fromisoformat(value).astimezone(UTC) if _has_zone(value) else None
    except (ValueError, OverflowError):
        read = None
    if read is None:
        raise MalformedError(f"{key} is not an RFC 3339 time")
    return read


def last_segment(resource: str) -> str:
    """`backend-00002` of `projects/p/locations/r/services/backend/revisions/backend-00002`."""
    return resource.rpartition("/")[2]


def _entries(fields: Document, key: str) -> list[object]:
    value = fields.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedError(f"{key} is not a list")
    return value


def _has_zone(value: str) -> bool:
    return datetime.fromisoformat(value).tzinfo is not None
