"""What a store tells the database of itself: its tables, and how to speak of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

Value: TypeAlias = str | int | None
Row: TypeAlias = tuple[Any, ...]
# SQL that both databases take, with `:name` where a value goes.
Change: TypeAlias = tuple[str, Mapping[str, Value]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One that tables made by former versions do not have."""

    table: str
    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`what` is kept there, in the words of messages. `both` makes the tables; then come the
    statements of one database, and the added columns. All may be made again where they stand.
    `damaged` tells what to do with a file that is, with `{file}` for its name.
    """

    what: str
    both: tuple[str, ...] = ()
    sqlite: tuple[str, ...] = ()
    postgres: tuple[str, ...] = ()
    added: tuple[Column, ...] = ()
    damaged: str = "it is damaged; put it aside: mv {file} {file}.damaged"


def micros(moment: datetime) -> int:
    """How times are kept: microseconds of UTC since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(kept: int) -> datetime:
    return _EPOCH + timedelta(microseconds=kept)
