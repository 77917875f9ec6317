"""How much traffic met a bad pair: only what is known is added up, the rest is told apart."""

from datetime import datetime

from hypothesis import given

from skewcheck.core.chronicle.exposure import Exposure, exposed_links, exposure_of
from skewcheck.core.chronicle.pieces import Window, cut
from skewcheck.core.chronicle.snapshot import Stretch
from tests.core.chronicle.looks import (
    CLEAR,
    SKEW,
    hours,
    moments,
    pair,
    pasts,
    snapshot,
    stretch,
    window,
)


def exposure(*stretches: Stretch) -> Exposure:
    return exposure_of(cut(stretches, window()), "chat")


def test_the_share_of_bad_meetings_is_multiplied_by_time() -> None:
    assert exposure(stretch(0, 5, SKEW)) == Exposure(link="chat", full=hours(0.5))


def test_bad_pairs_of_a_link_add_up_to_all_of_it_at_most() -> None:
    two = snapshot(pairs=(pair(percent=30), pair(percent=20), pair(percent=50, link="other")))
    assert exposure(stretch(0, 2, two)).full == hours(1)
    much = snapshot(pairs=(pair(percent=80), pair(percent=80)))
    assert exposure(stretch(0, 2, much)).full == hours(2)


def test_a_share_that_nobody_knows_is_told_apart() -> None:
    seen = snapshot(pairs=(pair(percent=None), pair(percent=10)))
    told = exposure(stretch(0, 10, seen))
    assert told == Exposure(link="chat", full=hours(1), unknown_share=hours(10))


def test_pairs_that_are_not_known_to_be_bad_expose_nobody() -> None:
    assert exposure(stretch(0, 10, snapshot(pairs=(pair("unknown"),)))) == Exposure(link="chat")


def test_while_the_share_changes_the_least_is_sure() -> None:
    more = snapshot(pairs=(pair(percent=50),))
    told = exposure(stretch(0, 1, SKEW), stretch(2, 3, more))
    assert told == Exposure(link="chat", full=hours(0.1 + 0.1 + 0.5), unknown_share=hours(1))


def test_only_links_with_a_bad_pair_are_exposed() -> None:
    seen = snapshot(pairs=(pair(link="b"), pair(link="a"), pair("unknown", link="c")))
    assert exposed_links(cut((stretch(0, 1, seen), stretch(1, 2, CLEAR)), window())) == ("a", "b")


@given(pasts, moments, moments)
def test_nobody_is_exposed_for_longer_than_anybody_looked(
    past: tuple[Stretch, ...], one: datetime, other: datetime
) -> None:
    pieces = cut(past, Window(since=min(one, other), until=max(one, other)))
    told = exposure_of(pieces, "chat")
    seen = sum((piece.length for piece in pieces if piece.before), hours(0))
    assert told.full <= seen
    assert told.unknown_share <= seen
