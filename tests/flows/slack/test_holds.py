"""Holding and releasing from Slack: only for those listed, and everybody is told."""

import pytest

from tests.flows.slack.world import KIM, LIN, MALLORY, Workspace
from tests.slack_fakes import read


def test_who_is_listed_holds_and_releases_and_all_are_told() -> None:
    space = Workspace()
    space.says(KIM, "hold staging demo for the board until 2026-12-01T18:00")
    hold = space.rollouts.notes.hold()
    assert hold is not None
    assert (hold.who, hold.why, str(hold.until)) == (
        "slack:U0KIM", "demo for the board", "2026-12-01 18:00:00+00:00",
    )  # fmt: skip
    assert "held until 2026-12-01 18:00 UTC, by <@U0KIM>: demo for the board" in read(
        space.message()
    )
    space.says(LIN, "release staging")
    assert space.rollouts.notes.hold() is None
    assert space.events("who") == [("hold", "slack:U0KIM"), ("released", "slack:U0LIN")]


@pytest.mark.parametrize("text", ["hold staging because", "release staging"])
def test_who_is_not_listed_holds_and_releases_nothing(text: str) -> None:
    space = Workspace()
    assert "only those whom policy.approvals.by lists may" in space.says(MALLORY, text)
    assert (space.rollouts.notes.hold(), space.events()) == (None, [])


def test_a_hold_until_yesterday_is_refused() -> None:
    space = Workspace()
    assert "is over" in space.says(KIM, "hold staging why until 2026-11-22")
    assert space.rollouts.notes.hold() is None


def test_where_we_are_not_in_the_channel_a_hold_is_told_to_who_asked() -> None:
    space = Workspace()
    assert "staging is held" in space.says(KIM, "hold staging why", channel="D0DIRECT")
