"""Whatever is unfinished has somebody who carries it on; who fails is begun again, ever later."""

from datetime import timedelta

from skewcheck.service.carrying import Carrying
from tests.builders import NOW
from tests.carrier_fakes import FakeCarriers
from tests.fakes import FakeClock

ROLLOUT = "20261123-2210-7f3a1b"


class Carried:
    def __init__(self) -> None:
        self.carriers, self.clock = FakeCarriers(), FakeClock()
        self.unfinished = {"staging": ROLLOUT}
        self.lines: list[str] = []
        self.carrying = Carrying(
            self.carriers, self.clock, lambda: self.unfinished, self.lines.append
        )

    def fail(self, code: int = 1, words: str = "skewcheck: no database") -> None:
        self.carriers.end("staging", code, words)
        self.carrying.once()

    def starts(self, after_s: float) -> bool:
        """Whether it is started again so many seconds later, and not before."""
        before = len(self.carriers.started)
        self.clock.wait(after_s - 0.1)
        self.carrying.once()
        early = len(self.carriers.started) - before
        self.clock.wait(0.1)
        self.carrying.once()
        return (early, len(self.carriers.started) - before) == (0, 1)


def test_what_is_unfinished_gets_a_carrier_and_nothing_else() -> None:
    carried = Carried()
    carried.carrying.once()
    carried.carrying.once()
    assert carried.carriers.started == ["staging"]
    assert carried.carrying.once() == 2.0


def test_where_nothing_is_unfinished_nobody_is_started() -> None:
    carried = Carried()
    carried.unfinished = {}
    carried.carrying.once()
    assert carried.carriers.started == []


def test_one_that_fails_is_begun_again_later_each_time() -> None:
    carried = Carried()
    carried.carrying.once()
    for wait in (5, 10, 20, 40, 80, 160, 300, 300):
        carried.fail()
        assert carried.starts(wait)


def test_why_it_failed_is_told_with_the_line_that_says_so() -> None:
    carried = Carried()
    carried.carrying.once()
    carried.fail(1, "rollout goes on first\nskewcheck: no \x1b[2Jdatabase\nnext: look")
    why = f"rollout {ROLLOUT} could not be carried on here: no \\x1b[2Jdatabase"
    assert carried.lines == [f"staging: {why}; tried again in 5 s"]
    assert carried.carrying.hurdles() == {"staging": why}


def test_one_that_says_nothing_is_told_by_its_code_and_a_stranger_by_its_last_line() -> None:
    carried = Carried()
    carried.carrying.once()
    carried.fail(-9, "")
    assert "it ended with -9 and said nothing" in carried.lines[0]
    carried.clock.wait(5)
    carried.carrying.once()
    carried.fail(1, "Traceback\nMemoryError")
    assert "carried on here: MemoryError" in carried.lines[1]


def test_while_somebody_carries_it_again_there_is_no_hurdle() -> None:
    carried = Carried()
    carried.carrying.once()
    carried.fail()
    carried.starts(5)
    assert carried.carrying.hurdles() == {}


def test_one_that_ends_with_an_outcome_has_not_failed() -> None:
    """What stands on the board may be a second old."""
    for code in (0, 12):
        carried = Carried()
        carried.carrying.once()
        carried.fail(code, "rolled back")
        assert (carried.lines, carried.carrying.hurdles()) == ([], {})


def test_what_is_finished_by_somebody_else_is_forgotten() -> None:
    carried = Carried()
    carried.carrying.once()
    carried.fail()
    carried.unfinished = {}
    carried.carrying.once()
    assert carried.carrying.hurdles() == {}
    carried.unfinished = {"staging": "20261123-2300-000002"}
    carried.carrying.once()
    assert len(carried.carriers.started) == 2


def test_an_end_that_no_longer_matters_is_no_failure() -> None:
    carried = Carried()
    carried.carrying.once()
    carried.unfinished = {}
    carried.fail()
    assert carried.lines == []
    assert carried.clock.now() - NOW < timedelta(seconds=1)
