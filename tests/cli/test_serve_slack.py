"""The whole way through Slack: signed requests to a running service, a rollout, its last words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.adapters.clock import SystemClock
from tests.cli.desk import Desk
from tests.people import Workspace, actions, slack_variables
from tests.processes import waited_for
from tests.serving import passes, serving
from tests.slack_server import APP_TOKEN, SECRET, TOKEN, command, form, signed, slack_server

ASKS, MAY, ALSO_MAY, MAY_NOT = "U0ASKS", "U0MAY", "U0ALSO", "U0NOT"
ADA = ("policy:\n", f"policy:\n  approvals: {{count: 1, by: [{MAY}, {ASKS}, S0RELEASE]}}\n")


@contextmanager
def workspace(desk: Desk, *words: str, **env: str) -> Iterator[Workspace]:
    with slack_server() as slack:
        slack.groups["S0RELEASE"] = [ALSO_MAY]
        with serving(desk, *words, **{**slack_variables(slack), **env}) as served:
            assert served.sees(lambda _: True)
            yield Workspace(slack, served)
        assert not [line for line in served.lines if SECRET in line or TOKEN in line]


def test_asked_planned_approved_by_another_rolled_out_and_told(desk: Desk) -> None:
    branch = desk.promise("slack-approved", *ADA)
    desk.stage.stale_edge()
    with workspace(desk, "--ref", branch) as people:
        assert people.say("redeploy staging", ASKS) == 200
        rollout = people.proposal()
        assert people.outcomes() == []

        for user, why in (
            (ASKS, "who asked for it cannot approve it"),
            (MAY_NOT, "only those whom policy.approvals.by lists may"),
        ):
            assert people.press("approve", rollout, user) == 200
            assert people.answered(why)
        assert people.outcomes() == []

        assert people.press("approve", rollout, MAY) == 200
        assert people.ended()
        assert people.outcomes() == ["succeeded"]
        assert people.shown("SUCCEEDED")
        assert {"undo": rollout} in [actions(e) for e in people.slack.messages.values()]
        assert people.served.sees(passes)

        assert people.press("approve", rollout, MAY) == 200
        assert people.answered("it is decided already: started")
        assert people.outcomes() == ["succeeded"]
    (carried,) = _kept(desk, branch)
    assert (carried["rollout"], carried["who"]) == (rollout, f"slack:{ASKS}")


def test_a_member_of_a_listed_group_may_and_what_was_undone_is_planned_like_the_rest(
    desk: Desk,
) -> None:
    branch = desk.promise("slack-undone", *ADA)
    desk.stage.stale_edge()
    with workspace(desk, "--ref", branch) as people:
        people.say("redeploy staging", ASKS)
        rollout = people.proposal()
        people.press("approve", rollout, ALSO_MAY)
        assert people.shown("SUCCEEDED")
        people.press("undo", rollout, MAY)
        assert people.answered("moved no traffic, so there is nothing to go back to")
        assert people.ended()
        assert people.outcomes() == ["succeeded"]


def test_a_plan_that_is_not_that_of_the_message_any_more_starts_nothing(desk: Desk) -> None:
    branch = desk.promise("slack-changed", *ADA)
    desk.stage.stale_edge()
    with workspace(desk, "--ref", branch) as people:
        people.say("redeploy staging", ASKS)
        rollout = people.proposal()
        desk.stage.world.deploy_backend(desk.stage.world.history.old)
        assert people.press("approve", rollout, MAY) == 200
        assert people.shown("so nothing started")
        people.press("approve", rollout, MAY)
        assert people.answered("the world has changed since")
        assert people.outcomes() == []


def test_a_proposal_dies_with_its_time(desk: Desk) -> None:
    terms = f"policy:\n  approvals: {{count: 1, by: [{MAY}], expire: 2s}}\n"
    branch = desk.promise("slack-expired", "policy:\n", terms)
    desk.stage.stale_edge()
    with workspace(desk, "--ref", branch) as people:
        people.say("redeploy staging", ASKS)
        rollout = people.proposal()
        assert people.shown("(expired)")
        people.press("approve", rollout, MAY)
        assert people.answered("it has expired")
        assert people.outcomes() == []


def test_where_the_list_is_empty_nobody_may(desk: Desk) -> None:
    desk.stage.stale_edge()
    with workspace(desk) as people:
        people.say("redeploy staging", ASKS)
        people.press("approve", people.proposal(), MAY)
        assert people.answered("policy.approvals.by is empty")
        people.say('hold staging "the board looks"', MAY)
        assert people.answered("policy.approvals.by is empty", times=2)
        assert people.outcomes() == []


def test_what_is_not_slacks_own_or_not_fresh_is_refused_and_starts_nothing(desk: Desk) -> None:
    branch = desk.promise("slack-refused", *ADA)
    with workspace(desk, "--ref", branch) as people:
        now = SystemClock().now()
        body = form(command("redeploy staging", user=ASKS, trigger="9.1"))
        assert people.send(body, {"Content-Type": "application/x-www-form-urlencoded"}) == 401
        assert people.send(body, signed(body, "another secret", now)) == 401
        assert people.send(body, signed(body, SECRET, now - timedelta(minutes=5, seconds=1))) == 401
        assert people.send(body, signed(body, SECRET, now + timedelta(minutes=6))) == 401
        assert people.slack.said == []

        fresh = form(command("help", trigger="9.2", response_url=people.slack.response_url()))
        headers = signed(fresh, SECRET, now)
        assert people.send(fresh, headers) == 200
        people.slack.wait_for("response_url")
        assert people.send(fresh, headers) == 401  # replayed to the byte
        retried = signed(fresh, SECRET, now + timedelta(seconds=1))
        assert people.send(fresh, retried) == 200  # Slack's own retry
        people.say("help", ASKS)
        assert waited_for(lambda: len(people.slack.told("response_url")) == 2)


@pytest.mark.parametrize(
    "asked", ["status", "status staging", "diagnose staging chat", "plan staging"]
)
def test_questions_are_answered_to_everybody(desk: Desk, asked: str) -> None:
    desk.stage.stale_edge()
    with workspace(desk) as people:
        assert people.say(asked, MAY_NOT) == 200
        assert people.answered("staging")


def test_socket_mode_needs_no_public_address(desk: Desk) -> None:
    with workspace(
        desk, SKEWCHECK_SLACK_SIGNING_SECRET="", SKEWCHECK_SLACK_APP_TOKEN=APP_TOKEN
    ) as people:
        slack = people.slack
        payload = command("status staging", response_url=slack.response_url())
        slack.send({"type": "slash_commands", "envelope_id": "e1", "payload": payload})
        slack.wait_for_acknowledged(1)
        assert people.answered("staging")


def _kept(desk: Desk, branch: str) -> list[dict[str, Any]]:
    listed = desk.run("rollouts", "list", "staging", "--ref", branch, "--format", "json")
    rollouts: list[dict[str, Any]] = json.loads(listed.out)["rollouts"]
    return rollouts
