"""What a gate made of one exercise, built by hand."""

from typing import Any

from skewcheck.core.drill.exercises import EXERCISES
from skewcheck.core.drill.outcome import Exercised, Seen
from skewcheck.core.findings import Code
from skewcheck.core.question import Exit

CLEAN_CLOSE = next(each for each in EXERCISES if each.name == "clean close before the welcome")
STOPPED = Seen(exit=Exit.BLOCK, codes=frozenset({Code.CLOSED_BEFORE_WELCOME}))
PASSED = Seen(exit=Exit.PASS)


def seen(exit_: Exit | None, *codes: Code, error: str = "") -> Seen:
    return Seen(exit=exit_, codes=frozenset(codes), error=error)


def exercised(**changed: Any) -> Exercised:
    """As it must be, unless changed."""
    said: dict[str, Any] = {"exercise": CLEAN_CLOSE, "bad": STOPPED, "twin": PASSED}
    return Exercised(**(said | changed))
