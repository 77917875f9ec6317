"""When which environment is surveyed: once in an interval, over all replicas, one at a time."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from skewcheck.flows.watch import LOOK
from skewcheck.ports.service import Shared

_TURN = timedelta(minutes=1)
_LONGEST = timedelta(minutes=10)
_JITTER = 0.1


class Rounds:
    """`chance` is between 0 and 1: replicas that started together part.

    A turn is short and kept as long as the survey goes on, so that a replica which is killed
    leaves its environments unseen for a minute only.
    """

    def __init__(
        self,
        shared: Shared,
        survey: Callable[[str], None],
        *,
        interval: timedelta,
        chance: Callable[[], float],
    ) -> None:
        self._shared, self._survey = shared, survey
        self._interval, self._chance = interval, chance
        self._lock = threading.Lock()
        self._under_way: dict[str, datetime] = {}

    def once(self, environment: str) -> float:
        """Surveys it where it is time, and nobody else does; in how many seconds it is time
        again."""
        shared, turn = self._shared, f"survey {environment}"
        if not shared.shelf.take_turn(turn, shared.holder, now=shared.clock.now(), lasts=_TURN):
            return self._pause()
        try:
            age = self._age(environment)
            if age < self._interval / 2:
                return max(0.0, self._pause() - age.total_seconds())
            self._surveyed(environment)
        finally:
            shared.shelf.end_turn(turn, shared.holder)
        return self._pause()

    def keep_turns(self) -> None:
        """To be called several times a minute. A survey that never ends loses its turn."""
        shared, now = self._shared, self._shared.clock.now()
        with self._lock:
            kept = [name for name, at in self._under_way.items() if now - at < _LONGEST - _TURN]
        for name in kept:
            shared.shelf.take_turn(f"survey {name}", shared.holder, now=now, lasts=_TURN)

    def let_go(self) -> None:
        """Of what is under way and will not end, because the process does."""
        with self._lock:
            names = list(self._under_way)
        for name in names:
            self._shared.shelf.end_turn(f"survey {name}", self._shared.holder)

    def _surveyed(self, environment: str) -> None:
        with self._lock:
            self._under_way[environment] = self._shared.clock.now()
        try:
            self._survey(environment)
        finally:
            with self._lock:
                self._under_way.pop(environment, None)

    def _age(self, environment: str) -> timedelta:
        kept = self._shared.shelf.read(LOOK, environment)
        return timedelta.max if kept is None else self._shared.clock.now() - kept.at

    def _pause(self) -> float:
        return self._interval.total_seconds() * (1 + _JITTER * (2 * self._chance() - 1))
