"""The system's clock: the only reader of the time, the only one who waits."""

import threading
from datetime import UTC, datetime


class SystemClock:
    """Waits on an event, so that an interrupt ends the wait at once."""

    def __init__(self) -> None:
        self._never = threading.Event()

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one reader of the time

    def wait(self, seconds: float) -> None:
        self._never.wait(seconds)
