"""How one change bears what goes wrong on the way: it waits, tries again, or says why it ends."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.findings import Code
from skewcheck.google_api.refusal import Refusal, Trouble
from skewcheck.ports import Clock

_FIRST_LOOK = 1 / 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Endurance:
    """`seconds` is how long a change is waited for in all, `tries` how often another writer may
    be faster. Pauses double from `pause_s` up to `longest_pause_s` while refusals pass."""

    seconds: float
    pause_s: float = 2
    longest_pause_s: float = 30
    tries: int = 3


class Patience:
    """For one change to `subject`. `doubt` is what is known of a request that was sent; it is told
    with any failure."""

    def __init__(self, subject: str, clock: Clock, endurance: Endurance) -> None:
        self.doubt = ""
        self._subject = subject
        self._clock = clock
        self._endurance = endurance
        self._began = clock.now()
        self._borne = 0
        self._looks = 0
        self._conflicts = 0
        self._internal = False

    @property
    def is_over(self) -> bool:
        return self.waited(self._endurance.seconds)

    @property
    def limit(self) -> str:
        return f"{self._endurance.seconds:g} s"

    def waited(self, seconds: float) -> bool:
        """Whether that long has passed since the change began."""
        return self._clock.now() - self._began >= timedelta(seconds=seconds)

    def pause(self) -> None:
        """Between two looks at something that takes its time; the first come soon."""
        usual_s = self._endurance.pause_s
        self._clock.wait(min(usual_s, usual_s * _FIRST_LOOK * 2.0**self._looks))
        self._looks += 1

    def bear(self, refused: Refusal, *, sent: bool = False) -> None:
        """Returns when it is time to read, or ask, again; `sent` where a change may have come
        about although the answer was no answer of Google's."""
        match refused.trouble:
            case Trouble.PASSING if not self.is_over:
                self._back_off()
            case Trouble.CONFLICT if self._conflicts < self._endurance.tries:
                self._conflicts += 1
            case Trouble.INTERNAL if not self._internal:
                self._internal = True
                self._back_off()
            case _ if sent and refused.cause is Code.NOT_JSON and not self.is_over:
                self._back_off()
            case _:
                self.give_up(refused.detail, hint=refused.fix)

    def give_up(self, why: str, *, hint: str) -> NoReturn:
        raise ActionFailedError(f"{self._subject}: {why}{self.doubt}", hint=hint)

    def _back_off(self) -> None:
        wanted_s = self._endurance.pause_s * 2.0**self._borne
        self._borne += 1
        self._clock.wait(min(wanted_s, self._endurance.longest_pause_s))
