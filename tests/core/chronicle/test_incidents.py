"""How long it took to see skew and to mend it: bounds, never guesses."""

from itertools import pairwise

from hypothesis import given

from skewcheck.core.chronicle.incidents import Incident, Times, find_incidents, times, within
from skewcheck.core.chronicle.snapshot import Stretch
from tests.core.chronicle.looks import (
    CLEAR,
    DOUBT,
    DOWN,
    SKEW,
    after,
    cause,
    hours,
    pasts,
    snapshot,
    stretch,
    window,
)


def incidents(*stretches: Stretch) -> list[Incident]:
    return list(find_incidents(stretches))


def test_skew_is_seen_within_the_time_since_the_last_clear_look() -> None:
    (found,) = incidents(stretch(0, 1), stretch(1.5, 3, SKEW), stretch(4, 5))
    assert (found.first, found.last, found.mended) == (after(1.5), after(3), after(4))
    assert (found.detected_within, found.mended_within) == (hours(0.5), hours(2.5))


def test_without_a_look_before_nobody_knows_how_long_it_had_been_there() -> None:
    (found,) = incidents(stretch(1, 3, SKEW))
    assert found.detected_within is None
    assert found.mended_within is None


def test_what_is_unknown_neither_begins_nor_ends_it() -> None:
    (found,) = incidents(
        stretch(0, 1), stretch(2, 3, DOUBT), stretch(3, 4, SKEW), stretch(4, 5, DOUBT),
        stretch(5, 6, SKEW), stretch(6, 7, DOUBT), stretch(7, 8, DOWN),
    )  # fmt: skip
    assert (found.detected_within, found.mended, found.last) == (hours(2), after(7), after(6))


def test_causes_that_join_on_the_way_belong_to_it() -> None:
    stale = snapshot(causes=(cause("stale-edge", "frontend"), cause("not-deployed", "backend")))
    (found,) = incidents(stretch(0, 1, SKEW), stretch(1, 2, stale), stretch(2, 3, SKEW))
    assert found.what == (("format-skew", "chat"), ("stale-edge", "frontend"))


def test_once_it_was_clear_the_next_is_another() -> None:
    first, second = incidents(stretch(0, 1, SKEW), stretch(1, 2), stretch(3, 4, SKEW))
    assert (first.mended, second.clear_before) == (after(1), after(2))


@given(pasts)
def test_incidents_follow_one_another_and_lie_between_clear_looks(
    past: tuple[Stretch, ...],
) -> None:
    found = incidents(*past)
    for one, other in pairwise(found):
        assert one.mended is not None
        assert other.clear_before is not None
        assert one.last <= one.mended <= other.clear_before <= other.first
    assert bool(found) == any(each.snapshot not in (CLEAR, DOUBT, DOWN) for each in past)


def test_a_window_has_the_incidents_that_reach_into_it() -> None:
    before = Incident(first=after(-5), last=after(-4), mended=after(-3))
    into = Incident(first=after(-5), last=after(-1), mended=after(1))
    still = Incident(first=after(23), last=after(24))
    later = Incident(first=after(24), last=after(25))
    assert within((before, into, still, later), window()) == (into, still)
    assert within((Incident(first=after(-5), last=after(-1)),), window()) == ()


def test_median_and_worst_are_of_those_that_have_a_time() -> None:
    assert times([]) == Times()
    assert times([None]) == Times(open=1)
    told = times([hours(1), None, hours(4), hours(2), hours(3)])
    assert told == Times(of=4, open=1, median=hours(2.5), worst=hours(4))
