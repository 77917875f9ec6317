"""Sees to it that every unfinished rollout is carried on: by a child for each, begun again, later
each time, where it fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from skewcheck.ports import Clock
from skewcheck.ports.service import Carriers
from skewcheck.render.printable import printable
from skewcheck.service.loop import Tell

_TICK_S = 2.0
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
_MOST_DOUBLINGS = 10
_ERROR = "skewcheck: "


@dataclass(frozen=True, slots=True)
class _Failed:
    times: int
    until: datetime
    why: str


class Carrying:
    """`unfinished` are rollouts by environment, as they stand now."""

    def __init__(
        self,
        carriers: Carriers,
        clock: Clock,
        unfinished: Callable[[], Mapping[str, str]],
        tell: Tell,
    ) -> None:
        self._carriers, self._clock = carriers, clock
        self._unfinished, self._tell = unfinished, tell
        self._failed: dict[str, _Failed] = {}

    def once(self) -> float:
        unfinished, now = self._unfinished(), self._clock.now()
        for environment, (code, words) in self._carriers.ended().items():
            if environment in unfinished and code not in {0, 12}:
                self._fail(environment, unfinished[environment], code, words, now)
        for done in self._failed.keys() - unfinished.keys():
            del self._failed[done]
        for environment in unfinished:
            failed = self._failed.get(environment)
            if failed is None or now >= failed.until:
                self._carriers.start(environment)
        return _TICK_S

    def hurdles(self) -> Mapping[str, str]:
        """Why what is unfinished is not carried on here, by environment."""
        running = self._carriers.running()
        return {name: each.why for name, each in self._failed.items() if name not in running}

    def _fail(self, environment: str, rollout: str, code: int, words: str, now: datetime) -> None:
        before = self._failed.get(environment)
        times = min((before.times if before else 0) + 1, _MOST_DOUBLINGS)
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (times - 1))
        said = _gist(words) or f"it ended with {code} and said nothing"
        why = printable(f"rollout {rollout} could not be carried on here: {said}")
        self._failed[environment] = _Failed(times, now + wait, why)
        self._tell(f"{environment}: {why}; tried again in {wait.total_seconds():.0f} s")


def _gist(words: str) -> str:
    """The line that tells the error, else the last."""
    lines = words.splitlines()
    errors = (line for line in lines if line.startswith(_ERROR))
    return next(errors, lines[-1] if lines else "").removeprefix(_ERROR)
