"""Orders and journals as JSON and back, for the engine's database."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from skewcheck.core.rollout.journal import Entry
from skewcheck.core.rollout.order import Order
from skewcheck.core.strict_json import Json


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def order_to_json(order: Order) -> Json:
    written: Json = _adapter(Order).dump_python(order, mode="json")
    return written


def order_from_json(read: Json) -> Order:
    """Raises ValueError for what is none."""
    order: Order = _adapter(Order).validate_python(read)
    return order


def entry_to_json(entry: Entry) -> Json:
    written: Json = _adapter(Entry).dump_python(entry, mode="json")
    return written


def entry_from_json(read: Json) -> Entry:
    """Raises ValueError for what is none."""
    entry: Entry = _adapter(Entry).validate_python(read)
    return entry
