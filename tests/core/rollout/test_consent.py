"""How long a hold binds."""

from datetime import timedelta

from skewcheck.core.rollout.consent import Hold
from tests.builders import NOW

MINUTE = timedelta(minutes=1)


def test_a_hold_without_an_end_binds_for_ever() -> None:
    assert Hold(who="jo", why="the launch", at=NOW).binds(NOW + timedelta(days=3650))


def test_a_hold_binds_until_its_end_and_no_longer() -> None:
    hold = Hold(who="jo", why="the launch", at=NOW, until=NOW + MINUTE)
    assert hold.binds(NOW)
    assert not hold.binds(NOW + MINUTE)
