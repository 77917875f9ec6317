"""The axis of a timeline."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from skewcheck.render.page.ticks import ticks_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (timedelta(minutes=5), ["12:00", "12:01", "12:02", "12:03", "12:04"]),
        (timedelta(hours=5), ["12:00", "13:00", "14:00", "15:00", "16:00"]),
        (timedelta(hours=30), ["12:00", "18:00", "Nov 24", "06:00", "12:00"]),
        (timedelta(days=7), ["Nov 25", "Nov 27", "Nov 29"]),
    ],
)
def test_moments_are_round_and_few(length: timedelta, labels: list[str]) -> None:
    assert [each.label for each in ticks_of(NOON, NOON + length)] == labels


def test_years_are_told_year_by_year() -> None:
    found = ticks_of(NOON, NOON + timedelta(days=4000))
    assert len({each.x for each in found}) == len(found) == 10


def test_places_are_shares_and_the_last_label_turns_round_at_the_edge() -> None:
    found = ticks_of(NOON, NOON + timedelta(hours=2, minutes=8))
    assert (found[0].x, found[0].at_end) == (0.0, False)
    assert found[-1].at_end
    assert found[-1].x < 100


def test_another_zone_is_told_in_utc() -> None:
    berlin = NOON.astimezone(timezone(timedelta(hours=1)))
    assert ticks_of(berlin, berlin + timedelta(hours=5)) == ticks_of(
        NOON, NOON + timedelta(hours=5)
    )


def test_no_time_has_no_axis() -> None:
    assert ticks_of(NOON, NOON) == ()
