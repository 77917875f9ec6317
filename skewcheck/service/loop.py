"""A thread that does one thing again and again until the service stops.

What goes wrong in it is told in one line and waited out: it ends neither the process nor, unheard,
the thread.
"""

import threading
from collections.abc import Callable
from typing import TypeAlias

from skewcheck.core.errors import SkewcheckError
from skewcheck.render.printable import printable

# One line for whoever runs the service.
Tell: TypeAlias = Callable[[str], None]

_FIRST_WAIT_S = 1.0
_MOST_DOUBLINGS = 10


class Loop:
    """`act` returns after how many seconds it wants to be called again, None for never."""

    def __init__(
        self,
        name: str,
        act: Callable[[], float | None],
        *,
        stop: threading.Event,
        tell: Tell,
        longest_wait_s: float = 60.0,
    ) -> None:
        self._name, self._act, self._stop, self._tell = name, act, stop, tell
        self._longest_wait_s = longest_wait_s
        self._failures, self._told = 0, ""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def is_over(self, within_s: float) -> bool:
        """Waits for its end."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        wait: float | None = 0.0
        while wait is not None and not self._stop.wait(wait):
            wait = self._once()

    def _once(self) -> float | None:
        try:
            wait = self._act()
        except Exception as error:
            return self._failed(told(error))
        if self._failures:
            self._tell(f"{self._name}: works again")
        self._failures, self._told = 0, ""
        return wait

    def _failed(self, why: str) -> float:
        """The same is told once, however long it lasts."""
        if why != self._told:
            self._tell(f"{self._name}: {why}")
        self._failures, self._told = self._failures + 1, why
        doublings = min(self._failures - 1, _MOST_DOUBLINGS)
        return min(self._longest_wait_s, _FIRST_WAIT_S * (1 << doublings))


def told(error: Exception) -> str:
    """In one line: ours with the next command, a bug by its name."""
    if isinstance(error, SkewcheckError):
        text = f"{error} (next: {error.hint})" if error.hint else str(error)
    else:
        text = f"a bug of skewcheck: {type(error).__name__}: {error}"
    return printable(" ".join(text.split()))
