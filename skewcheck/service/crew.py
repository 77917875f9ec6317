"""The threads of the service: one surveys each environment, one watches, one sees to rollouts, one
to Slack. They start together and are let go together.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from skewcheck.ports import Clock
from skewcheck.ports.service import Carriers
from skewcheck.service.blocks import Blocks
from skewcheck.service.board import Board
from skewcheck.service.carrying import Carrying
from skewcheck.service.endings import Endings
from skewcheck.service.loop import Loop, Tell
from skewcheck.service.roster import Roster
from skewcheck.service.rounds import Rounds
from skewcheck.service.watcher import Watcher

_KEEPS_TURNS_EVERY_S = 10.0
_COUNTS_EVERY_S = 30.0
_SWEEPS_EVERY_S = 1.0
# What is shown, and what goes on, must not stand still for long after a hiccup.
_IMPATIENT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """All that is done besides answering requests. `carrying` and `sweep` are None where nothing
    may roll out, or nobody is answered in Slack."""

    clock: Clock
    board: Board
    roster: Roster
    rounds: Rounds
    watcher: Watcher
    blocks: Blocks
    endings: Endings
    carrying: Carrying | None = None
    carriers: Carriers | None = None
    sweep: Callable[[], None] | None = None


class Crew:
    def __init__(self, duties: Duties, *, interval: timedelta, tell: Tell) -> None:
        self._duties, self._interval_s, self._tell = duties, interval.total_seconds(), tell
        self._lock = threading.Lock()
        self._loops: list[Loop] = []
        self._surveyed: set[str] = set()
        self.stop = threading.Event()

    def start(self) -> None:
        duties = self._duties
        self._begin("environments", self._find)
        self._begin("watching", duties.watcher.once, longest_wait_s=_IMPATIENT_S)
        self._begin("turns", self._keep_turns, longest_wait_s=_IMPATIENT_S)
        self._begin("audit trail", self._count)
        if duties.carrying is not None:
            self._begin("rollouts", duties.carrying.once, longest_wait_s=_IMPATIENT_S)
        if duties.sweep is not None:
            self._begin("slack", self._sweep, longest_wait_s=_IMPATIENT_S)

    def hand_over(self) -> None:
        """No further work begins; who carries out a rollout is gone now, for the next to go on."""
        self.stop.set()
        if self._duties.carriers is not None:
            self._duties.carriers.stop()

    def let_go(self, within_s: float) -> bool:
        """Whether all have ended in that time; surveys that have not lose their turn."""
        self.hand_over()
        with self._lock:
            loops = tuple(self._loops)
        clock = self._duties.clock
        until = clock.now() + timedelta(seconds=within_s)
        ended = [each.is_over(_left(until, clock)) for each in loops]
        self._duties.rounds.let_go()
        return all(ended)

    def _begin(
        self, name: str, act: Callable[[], float | None], *, longest_wait_s: float = 60.0
    ) -> None:
        loop = Loop(name, act, stop=self.stop, tell=self._tell, longest_wait_s=longest_wait_s)
        with self._lock:
            self._loops.append(loop)
        loop.start()

    def _find(self) -> float:
        for name in self._duties.roster.refresh():
            if name not in self._surveyed:
                self._surveyed.add(name)
                self._begin(f"survey of {name}", partial(self._survey, name))
        return self._interval_s

    def _survey(self, name: str) -> float | None:
        """Ends where the environment is gone; should it come back, it is surveyed anew."""
        if name in self._duties.roster.names():
            return self._duties.rounds.once(name)
        self._surveyed.discard(name)
        return None

    def _keep_turns(self) -> float:
        self._duties.rounds.keep_turns()
        return _KEEPS_TURNS_EVERY_S

    def _count(self) -> float:
        duties = self._duties
        duties.board.blocked = duties.blocks.counted(duties.clock.now())
        duties.endings.look_after(duties.watcher.ended())
        return _COUNTS_EVERY_S

    def _sweep(self) -> float:
        if self._duties.sweep is not None:
            self._duties.sweep()
        return _SWEEPS_EVERY_S


def _left(until: datetime, clock: Clock) -> float:
    return max(0.0, (until - clock.now()).total_seconds())
