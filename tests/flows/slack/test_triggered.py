"""What nobody asked for, put to those who may approve it."""

from dataclasses import replace

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.flows.propose import propose
from skewcheck.flows.redeploy import Asker
from skewcheck.flows.slack.proposals import post_proposal
from tests.flows.rollout.world import ROLLOUT
from tests.flows.slack.world import ADA, KIM, LIN, Workspace
from tests.slack_fakes import read
from tests.slack_server import CHANNEL


def test_what_nobody_asked_for_may_be_put_to_those_who_may_approve() -> None:
    space = Workspace()
    space.shared = replace(space.shared, channel=CHANNEL)
    asker = Asker(rollout=ROLLOUT, who="skewcheck@acme", why="on_skew: redeploy", triggered=True)
    post_proposal(space.shared, space.room, propose(space.room, asker), asker)
    assert "nobody asked" in read(space.message())
    assert "by skewcheck@acme: on_skew: redeploy" in read(space.message())
    space.presses(KIM, "approve")
    [order] = space.orders()
    assert (order.triggered, order.rollout) == (True, ROLLOUT)


def test_the_cascade_guard_stands_over_it_once_more_when_it_is_approved() -> None:
    space = Workspace(policy={"redeploys_per_day": "0"})
    asker = Asker(rollout=ROLLOUT, who="skewcheck@acme", why="on_skew", triggered=True)
    post_proposal(space.shared, space.room, propose(space.room, asker), asker, channel=CHANNEL)
    assert "redeploys_per_day: 0" in space.presses(LIN, "approve")
    assert space.orders() == []


def test_without_an_order_there_is_nothing_to_propose() -> None:
    space = Workspace()
    asker = Asker(rollout=ROLLOUT, who=ADA, why="")
    proposal = replace(propose(space.room, asker), order=None)
    with pytest.raises(UsageError, match="nothing to propose"):
        post_proposal(space.shared, space.room, proposal, asker)
