"""Snapshots as JSON and back, for the chronicle."""

from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from skewcheck.core.chronicle.snapshot import Snapshot, Stretch
from skewcheck.core.strict_json import Json


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(Snapshot)


def snapshot_to_json(snapshot: Snapshot) -> Json:
    written: Json = _adapter().dump_python(snapshot, mode="json")
    return written


def snapshot_from_json(read: Json) -> Snapshot:
    """Raises ValueError for what is none."""
    snapshot: Snapshot = _adapter().validate_python(read)
    return snapshot


def stretch_from(first: datetime, last: datetime, read: Json) -> Stretch:
    """From what a chronicle keeps. Raises ValueError for what is no snapshot."""
    return Stretch(first=first, last=last, snapshot=snapshot_from_json(read))
