"""Do more than a given share of connections succeed? What `probe --rate` may conclude, and when.

Asked at fixed looks, after 35, 70, 140, 280 and 500 connections, each time with exact binomial
tails at the target: so many successes were unlikely if no more than the target succeeded: ABOVE;
so few were unlikely if more than the target did: NOT_ABOVE; neither: GO_ON, and after the last
look UNDECIDED. "Unlikely" is what the look may spend, 0.026, 0.004, 0.005, 0.005 and 0.010 for
each side, 0.05 in all.

Whatever the true share is, a wrong answer has a chance of at most 5 %: only one side can be wrong
for a given truth, and by the union bound its chance is at most the sum of what the looks spend.
The first look spends enough for 35 of 35 to decide at once at the default target
(0.9^35 = 0.0250), the last one for 500 of 500 to decide at a target of 0.99 (0.99^500 = 0.0066).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from math import ceil, exp, floor, fsum, lgamma, log, log1p

LOOKS: tuple[int, ...] = (35, 70, 140, 280, 500)
SPEND: tuple[float, ...] = (0.026, 0.004, 0.005, 0.005, 0.010)
_HALVINGS = 30  # of an interval of length 1: finer than 1e-9


class Answer(StrEnum):
    ABOVE = "above"
    NOT_ABOVE = "not-above"
    GO_ON = "go-on"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of `tried` connections held; `tried` is one of the looks.

    `failures` says how many failed with which finding code. `answer` follows from the rest.
    """

    target: float
    successes: int
    tried: int
    failures: tuple[tuple[str, int], ...] = ()
    answer: Answer = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "answer", look(self.successes, self.tried, self.target))

    @property
    def sentence(self) -> str:
        """The bounds are rounded away from each other, so that rounding promises nothing."""
        low, high = interval(self.successes, self.tried)
        return (
            f"{self.successes} of {self.tried} handshakes held"
            f" ({100 * self.successes / self.tried:.1f} %), {self._conclusion()}:"
            f" between {floor(1000 * low) / 10:.1f} % and {ceil(1000 * high) / 10:.1f} %"
        )

    def _conclusion(self) -> str:
        target = f"{100 * self.target:g} %"
        told = {
            Answer.ABOVE: f"surely more than {target}",
            Answer.NOT_ABOVE: f"surely not more than {target}",
            Answer.GO_ON: f"not yet surely more than {target}",
            Answer.UNDECIDED: f"too near {target} to be sure",
        }
        return told[self.answer]


def look(successes: int, tried: int, target: float) -> Answer:
    """What may be concluded at the look after `tried` connections."""
    spend = _spend(successes, tried)
    if not 0 < target < 1:
        raise ValueError(f"not a share strictly between 0 and 1: {target!r}")
    if _at_least(successes, tried, target) <= spend:
        return Answer.ABOVE
    if _at_most(successes, tried, target) <= spend:
        return Answer.NOT_ABOVE
    return Answer.UNDECIDED if tried == LOOKS[-1] else Answer.GO_ON


def interval(successes: int, tried: int) -> tuple[float, float]:
    """Clopper and Pearson's bounds of the true share, with what the look spends on each side.

    The lower bound lies above a target exactly where `look` answers ABOVE, the upper one at or
    below it exactly where the answer is NOT_ABOVE.
    """
    spend = _spend(successes, tried)
    low, high = 0.0, 1.0
    if successes > 0:
        low = _halve(lambda share: _at_least(successes, tried, share) <= spend)
    if successes < tried:
        high = _halve(lambda share: _at_most(successes, tried, share) > spend)
    return low, high


def _spend(successes: int, tried: int) -> float:
    if tried not in LOOKS:
        raise ValueError(f"no look after {tried} connections, only after {LOOKS}")
    if not 0 <= successes <= tried:
        raise ValueError(f"{successes} successes of {tried} connections")
    return SPEND[LOOKS.index(tried)]


def _halve(is_below: Callable[[float], bool]) -> float:
    """Where `is_below` turns from true to false."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _at_least(successes: int, tried: int, share: float) -> float:
    return fsum(_chance(each, tried, share) for each in range(successes, tried + 1))


def _at_most(successes: int, tried: int, share: float) -> float:
    return fsum(_chance(each, tried, share) for each in range(successes + 1))


def _chance(successes: int, tried: int, share: float) -> float:
    """Of exactly so many successes; by logarithms, as the powers alone would vanish."""
    failures = tried - successes
    return exp(_log_ways(successes, tried) + successes * log(share) + failures * log1p(-share))


@cache
def _log_ways(successes: int, tried: int) -> float:
    return lgamma(tried + 1) - lgamma(successes + 1) - lgamma(tried - successes + 1)
