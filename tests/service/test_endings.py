"""What ended is on record once, whoever was to record it."""

from dataclasses import replace
from datetime import timedelta

from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.view import RolloutView
from skewcheck.flows.note import record_end
from skewcheck.service.endings import Endings
from tests.fakes import FakeClock
from tests.flows.rollout.world import Rollouts
from tests.flows.sharing import sharing, trail

ORDER = Rollouts().order()
ENDED = RolloutView(order=ORDER, outcome=Outcome.SUCCEEDED, status="succeeded")


class Looked:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.shared = sharing(self.clock)
        self.endings = Endings(self.shared)

    def after(self, seconds: float, view: RolloutView = ENDED) -> int:
        self.clock.wait(seconds)
        self.endings.look_after([view])
        return len(trail(self.shared))


def test_who_carried_it_out_has_half_a_minute_to_record_it() -> None:
    looked = Looked()
    assert [looked.after(0), looked.after(29), looked.after(1), looked.after(60)] == [0, 0, 1, 1]
    (record,) = trail(looked.shared)
    assert (record["event"], record["outcome"]) == ("rollout-ended", "succeeded")


def test_what_is_on_record_already_is_not_recorded_again() -> None:
    looked = Looked()
    looked.after(0)
    record_end(looked.shared.audit, ORDER, Outcome.SUCCEEDED, at=looked.clock.now())
    assert looked.after(30) == 1


def test_of_two_replicas_one_records_it() -> None:
    looked = Looked()
    other = Endings(replace(looked.shared, holder="replica-2"))
    other.look_after([ENDED])
    looked.after(0)
    looked.after(30)
    other.look_after([ENDED])
    assert len(trail(looked.shared)) == 1


def test_what_broke_off_has_no_outcome_to_record() -> None:
    looked = Looked()
    broken = replace(ENDED, outcome=None, status="broken")
    assert [looked.after(0, broken), looked.after(30, broken)] == [0, 0]


def test_what_is_long_over_is_left_alone() -> None:
    looked = Looked()
    old = replace(ENDED, order=replace(ORDER, at=ORDER.at - timedelta(days=8)))
    assert [looked.after(0, old), looked.after(30, old)] == [0, 0]
