"""Values of this package as JSON and back, for what is kept between two replicas."""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from skewcheck.core.strict_json import Json

_T = TypeVar("_T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: object) -> Json:
    kind: Any = type(value)
    written: Json = _adapter(kind).dump_python(value, mode="json")
    return written


def from_json(kind: type[_T], read: Json) -> _T:
    """Raises ValueError for what is none; keys that a later version added are left alone."""
    named: Any = kind
    value: _T = _adapter(named).validate_python(read)
    return value
