"""Buttons that are dead, and those that decline."""

import pytest

from tests.flows.slack.world import (
    KIM,
    LIN,
    MALLORY,
    asked,
    started,
)
from tests.slack_fakes import buttons_of, read


def test_what_has_expired_is_dead_and_says_so() -> None:
    workspace = asked()
    workspace.later(minutes=15)
    assert "it has expired" in workspace.presses(LIN, "approve")
    assert not started(workspace)
    assert workspace.state() == "expired"
    assert buttons_of(workspace.message()) == []


@pytest.mark.parametrize("second", ["approve", "decline"])
def test_what_is_decided_is_decided(second: str) -> None:
    workspace = asked()
    workspace.presses(LIN, "approve")
    assert "it is decided already: started" in workspace.presses(KIM, second)
    assert len(workspace.orders()) == 1
    assert workspace.state() == "started"


def test_declined_it_is_dead() -> None:
    workspace = asked()
    workspace.presses(KIM, "decline")
    assert "Declined by <@U0KIM>" in read(workspace.message())
    assert buttons_of(workspace.message()) == []
    assert "it is decided already: declined" in workspace.presses(LIN, "approve")
    assert not started(workspace)
    assert workspace.events("who", "rollout")[-1] == (
        "declined", "slack:U0KIM", workspace.proposed().rollout,
    )  # fmt: skip


def test_who_is_not_listed_cannot_decline() -> None:
    workspace = asked()
    assert "only those" in workspace.presses(MALLORY, "decline")
    assert workspace.state() == "open"


def test_a_button_of_a_proposal_that_nobody_knows_says_so() -> None:
    workspace = asked()
    assert "not known here" in workspace.presses(LIN, "approve", "20200101-0000-000000")


def test_a_click_that_overtakes_its_proposal_waits_for_it() -> None:
    workspace = asked()
    shelf, rollout = workspace.shared.shelf, workspace.proposed().rollout
    kept = shelf.read("proposal", rollout)
    assert kept is not None
    shelf.remove("proposal", rollout)

    def comes() -> None:
        shelf.add("proposal", rollout, kept.value, at=workspace.clock.at)

    workspace.clock.then = comes
    workspace.presses(KIM, "decline", rollout)
    assert workspace.state() == "declined"
