"""Which environments there are: those that were named, or all that have a manifest."""

import threading
from collections.abc import Callable


class Roster:
    """`find` is asked again and again; None where the names are given once and for all."""

    def __init__(
        self, names: tuple[str, ...], find: Callable[[], tuple[str, ...]] | None = None
    ) -> None:
        self._names, self._find = names, find
        self._lock = threading.Lock()

    def names(self) -> tuple[str, ...]:
        with self._lock:
            return self._names

    def refresh(self) -> tuple[str, ...]:
        """Raises SkewcheckError where nobody knows; then they stay as they were."""
        if self._find is not None:
            found = self._find()
            with self._lock:
                self._names = found
        return self.names()
