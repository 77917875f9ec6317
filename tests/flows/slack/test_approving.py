"""Consent in Slack: who may give it, what it binds to, and that nothing starts twice."""

from dataclasses import replace

import pytest

from skewcheck.core.policy import Policy
from skewcheck.core.rollout.consent import Hold
from skewcheck.core.slack.as_json import from_json, to_json
from skewcheck.core.slack.post import Post
from tests.flows.slack.world import (
    ADA,
    KIM,
    LIN,
    MALLORY,
    NONE_NEEDED,
    TWO,
    asked,
    started,
)
from tests.slack_fakes import buttons_of, read


def test_one_listed_person_who_did_not_ask_starts_it() -> None:
    workspace = asked()
    assert workspace.presses(LIN, "approve") == ""
    [order] = workspace.orders()
    assert (order.rollout, order.who, order.why) == (
        workspace.proposed().rollout, "slack:U0ADA", "the incident",
    )  # fmt: skip
    assert workspace.state() == "started"


def test_who_is_in_a_listed_group_may_too_and_is_noted_by_it() -> None:
    workspace = asked()
    workspace.presses(KIM, "approve")
    [approval] = workspace.rollouts.notes.approvals(workspace.proposed().digest)
    assert (approval.who, approval.via) == ("slack:U0KIM", "S0OPS")
    assert started(workspace)


def test_who_is_not_listed_may_not() -> None:
    workspace = asked()
    told = workspace.presses(MALLORY, "approve")
    assert "only those whom policy.approvals.by lists may: S0OPS, U0LIN" in told
    assert not started(workspace)
    assert workspace.state() == "open"


@pytest.mark.parametrize("count", ["0", "1"])
def test_an_empty_list_allows_nobody_however_few_are_needed(count: str) -> None:
    workspace = asked({"count": count})
    assert "nobody may decide this in Slack" in workspace.presses(LIN, "approve")
    assert not started(workspace)


def test_who_asked_cannot_approve_though_listed() -> None:
    workspace = asked({"count": "1", "by": [ADA, KIM]})
    assert "who asked for it cannot approve it" in workspace.presses(ADA, "approve")
    assert not started(workspace)
    workspace.presses(KIM, "approve")
    assert started(workspace)


def test_who_asked_may_where_the_policy_lets_them() -> None:
    workspace = asked({"count": "1", "by": [ADA], "not_requester": "false"})
    workspace.presses(ADA, "approve")
    assert started(workspace)


def test_where_no_approval_is_needed_a_listed_person_confirms_their_own() -> None:
    workspace = asked(NONE_NEEDED)
    assert workspace.presses(LIN, "approve") != ""
    assert not started(workspace)
    workspace.presses(ADA, "approve")
    assert started(workspace)
    assert workspace.rollouts.notes.approvals(workspace.proposed().digest) == ()


def test_two_are_two_people() -> None:
    workspace = asked(TWO)
    for _ in range(2):
        workspace.presses(KIM, "approve")
        assert not started(workspace)
        assert "1 of 2 approvals" in read(workspace.message())
    workspace.presses(LIN, "approve")
    assert started(workspace)
    assert "Started, approved by <@U0KIM>, <@U0LIN>" in read(workspace.message())


def test_consent_grows_old_and_may_be_renewed() -> None:
    workspace = asked(TWO | {"expire": "15m"})
    workspace.presses(KIM, "approve")
    workspace.later(minutes=16)
    workspace.says(ADA, "redeploy staging")
    workspace.presses(LIN, "approve")
    assert not started(workspace)
    workspace.presses(KIM, "approve")
    assert started(workspace)


def test_a_changed_world_is_another_plan_and_nothing_starts() -> None:
    workspace = asked()
    digest = workspace.proposed().digest
    stranger = workspace.rollouts.stranger()
    workspace.rollouts.cloud.edge = stranger.value
    told = workspace.presses(LIN, "approve")
    assert f"the world has changed since plan {digest}: it would be plan " in told
    assert not started(workspace)
    became = workspace.proposed().became
    assert became != digest
    assert became in read(workspace.message())
    assert buttons_of(workspace.message()) == []
    assert workspace.rollouts.notes.approvals(digest) == ()
    assert "the world has changed since" in workspace.presses(KIM, "approve")


def test_where_nothing_is_left_to_do_nothing_starts() -> None:
    workspace = asked()
    workspace.rollouts.redeploy()
    workspace.presses(LIN, "approve")
    assert workspace.state() == "changed"
    assert len(workspace.orders()) == 1


def test_held_it_does_not_start_but_consent_is_kept_until_it_may() -> None:
    workspace = asked()
    workspace.rollouts.notes.set_hold(Hold(who="kim", why="the launch", at=workspace.clock.at))
    told = workspace.presses(LIN, "approve")
    assert "staging is held by kim: the launch" in told
    assert not started(workspace)
    workspace.rollouts.notes.set_hold(None)
    workspace.presses(LIN, "approve")
    assert started(workspace)


def test_while_another_rollout_is_under_way_it_does_not_start() -> None:
    workspace = asked()
    workspace.rollouts.engine.submit("another", to_json(workspace.proposed()))
    told = workspace.presses(LIN, "approve")
    assert "rollout another is unfinished: it goes on first" in told
    assert workspace.state() == "open"


def test_a_policy_that_became_stricter_binds_what_stands_there() -> None:
    workspace = asked()
    loaded = workspace.rollouts.loaded
    policy = Policy.model_validate({"approvals": {"count": "1", "by": [KIM]}})
    manifest = loaded.manifest.model_copy(update={"policy": policy})
    workspace.rollouts.loaded = replace(loaded, manifest=manifest)
    assert "only those whom policy.approvals.by lists may: U0KIM" in workspace.presses(
        LIN, "approve"
    )
    assert not started(workspace)


def test_a_group_that_cannot_be_asked_about_lets_nobody_in() -> None:
    workspace = asked()
    workspace.slack.groups.clear()
    assert "no_such_subteam" in workspace.presses(KIM, "approve")
    assert not started(workspace)
    workspace.presses(LIN, "approve")
    assert started(workspace)


def test_everything_is_in_the_audit_trail_with_slacks_ids() -> None:
    workspace = asked(TWO)
    workspace.presses(KIM, "approve")
    workspace.presses(LIN, "approve")
    rollout = workspace.proposed().rollout
    assert workspace.events("who", "rollout") == [
        ("proposed", "slack:U0ADA", rollout),
        ("approved", "slack:U0KIM", rollout),
        ("approved", "slack:U0LIN", rollout),
        ("rollout-started", "slack:U0ADA", rollout),
    ]


def test_the_message_of_the_proposal_tells_of_the_rollout_from_then_on() -> None:
    workspace = asked()
    workspace.presses(LIN, "approve")
    proposed = workspace.proposed()
    kept = workspace.shared.shelf.read("post", proposed.rollout)
    assert kept is not None
    post = from_json(Post, kept.value)
    assert (post.channel, post.ts) == (proposed.channel, proposed.ts)
    workspace.carried_out()
    workspace.sweep()
    assert len(workspace.slack.messages) == 1
    assert "SUCCEEDED: redeploy of staging" in read(workspace.message())
