"""The one place of the sandbox that reads the wall clock; everything else takes a `Now`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Now: TypeAlias = Callable[[], datetime]


def system_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the sandbox's own door for time


def stamp(moment: datetime) -> str:
    """RFC 3339 with microseconds, as Google prints it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
