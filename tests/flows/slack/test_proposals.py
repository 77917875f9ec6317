"""Proposals end by themselves, and a Slack that is away stops nobody."""

from dataclasses import replace
from datetime import timedelta

from skewcheck.core.slack.proposal import ProposalState
from skewcheck.flows.slack.carry_out import carry_out
from tests.flows.slack.world import (
    LIN,
    asked,
    started,
)
from tests.slack_fakes import buttons_of, click


def test_a_slack_that_takes_no_change_stops_nobody() -> None:
    workspace = asked()
    pressed = click("approve", workspace.proposed().rollout, user=LIN, key="9.9")
    workspace.slack.refuses = "internal_error"
    carry_out(workspace.desk, replace(pressed, response_url=""))
    assert started(workspace)


def test_those_whose_time_is_up_lose_their_buttons_by_themselves() -> None:
    workspace = asked()
    workspace.later(minutes=14)
    workspace.sweep()
    assert workspace.state() == "open"
    workspace.later(minutes=1)
    workspace.sweep()
    assert workspace.state() == ProposalState.EXPIRED
    assert buttons_of(workspace.message()) == []
    workspace.later(days=31)
    workspace.sweep()
    assert workspace.proposals() == []


def test_the_longest_life_of_a_proposal_is_the_policys() -> None:
    workspace = asked({"count": "1", "by": [LIN], "expire": "2h"})
    assert workspace.proposed().expires - workspace.proposed().at == timedelta(hours=2)
