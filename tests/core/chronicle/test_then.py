"""What was live at a moment: a look says so, or nobody did."""

from datetime import datetime

from hypothesis import given

from skewcheck.core.chronicle.snapshot import Stretch
from skewcheck.core.chronicle.then import NobodyLooked, live_at
from tests.core.chronicle.looks import SKEW, after, moments, pasts, stretch

ONE, OTHER = stretch(1, 2), stretch(5, 6, SKEW)


def test_a_moment_within_a_stretch_is_known() -> None:
    for hour in (1, 1.5, 2):
        assert live_at((ONE, OTHER), after(hour)) == ONE


def test_between_two_nobody_looked_and_both_neighbours_are_told() -> None:
    assert live_at((ONE, OTHER), after(3)) == NobodyLooked(before=ONE, after=OTHER)


def test_before_the_first_and_after_the_last_there_is_one_neighbour() -> None:
    assert live_at((ONE, OTHER), after(0)) == NobodyLooked(before=None, after=ONE)
    assert live_at((ONE, OTHER), after(7)) == NobodyLooked(before=OTHER, after=None)
    assert live_at((), after(7)) == NobodyLooked(before=None, after=None)


def test_where_two_meet_the_later_tells() -> None:
    later = stretch(2, 3, SKEW)
    assert live_at((ONE, later), after(2)) == later


@given(pasts, moments)
def test_an_answer_is_a_look_at_that_very_moment_or_none(
    past: tuple[Stretch, ...], moment: datetime
) -> None:
    then = live_at(past, moment)
    if isinstance(then, Stretch):
        assert then.first <= moment <= then.last
    else:
        assert not any(each.first <= moment <= each.last for each in past)
        assert then.before is None or then.before.last < moment
        assert then.after is None or then.after.first > moment
