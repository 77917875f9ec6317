"""Reads values out of a report's JSON document; what is absent reads as empty, never as an error.

A document may come from another release of this program, which wrote fewer keys.
"""

from datetime import datetime
from typing import TypeAlias

from skewcheck.core.strict_json import Json

JsonObject: TypeAlias = dict[str, Json]


def value_in(of: Json, *path: str) -> Json:
    for key in path:
        of = of.get(key) if isinstance(of, dict) else None
    return of


def text_in(of: Json, *path: str) -> str:
    value = value_in(of, *path)
    return value if isinstance(value, str) else ""


def number_in(of: Json, *path: str) -> float | None:
    value = value_in(of, *path)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def texts_in(of: Json, *path: str) -> list[str]:
    value = value_in(of, *path)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def objects_in(of: Json, *path: str) -> list[JsonObject]:
    value = value_in(of, *path)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def named_in(of: Json, *path: str) -> dict[str, JsonObject]:
    """An object whose values are objects."""
    value = value_in(of, *path)
    pairs = value.items() if isinstance(value, dict) else ()
    return {name: each for name, each in pairs if isinstance(each, dict)}


def moment_in(of: Json, *path: str) -> datetime | None:
    """None for what is no RFC 3339 with a zone."""
    try:
        at = datetime.fromisoformat(text_in(of, *path))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
