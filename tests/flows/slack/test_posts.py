"""The one message of a rollout, from before it moves anything to its end; and other news."""

from dataclasses import replace
from datetime import timedelta

import pytest

from skewcheck.core.errors import ActionFailedError, SkewcheckError
from skewcheck.core.slack.as_json import from_json, to_json
from skewcheck.core.slack.post import Post
from skewcheck.flows.redeploy import start
from skewcheck.flows.slack.posts import announce, follow_posts
from tests.builders import NOW
from tests.engine_fakes import PowerCut
from tests.flows.rollout.world import BUILT, ROLLOUT, on_cloud_run
from tests.flows.slack.world import Workspace
from tests.flows.worlds import API
from tests.slack_fakes import buttons_of, read
from tests.slack_server import CHANNEL


def announced() -> Workspace:
    space = Workspace()
    space.shared = replace(space.shared, channel=CHANNEL)
    order = space.rollouts.order(triggered=True)
    announce(space.shared, space.room, order, "protocol-skew on chat")
    start(space.rollouts.engine, order)
    return space


def post(space: Workspace, rollout: str = ROLLOUT) -> Post:
    kept = space.shared.shelf.read("post", rollout)
    assert kept is not None
    return from_json(Post, kept.value)


def test_what_starts_by_itself_is_told_with_why_and_how_to_stop_it() -> None:
    told = read(announced().message())
    assert "Redeploy of staging starts by itself" in told
    assert "Why: protocol-skew on chat" in told
    assert f"skewcheck rollouts cancel staging {ROLLOUT}" in told


def test_where_slack_refuses_the_announcement_nothing_is_registered() -> None:
    space = Workspace()
    space.shared = replace(space.shared, channel=CHANNEL)
    space.slack.refuses = "internal_error"
    with pytest.raises(ActionFailedError, match="internal_error"):
        announce(space.shared, space.room, space.rollouts.order(), "why")
    assert space.shared.shelf.all("post") == ()


def test_without_any_channel_it_cannot_be_announced() -> None:
    space = Workspace()
    with pytest.raises(ActionFailedError, match="no channel of Slack is named") as caught:
        announce(space.shared, space.room, space.rollouts.order(), "why")
    assert "SKEWCHECK_SLACK_CHANNEL" in caught.value.hint


def test_one_message_is_changed_as_the_rollout_advances() -> None:
    space = announced()
    space.sweep()
    assert "is under way" in read(space.message())
    assert "no step yet" in read(space.message())
    space.rollouts.engine.dies_before = 6
    with pytest.raises(PowerCut):
        space.carried_out()
    space.sweep()
    assert "5 steps" in read(space.message())
    changes = len(space.slack.updates)
    space.sweep()
    assert len(space.slack.updates) == changes
    space.carried_out()
    space.sweep()
    assert "SUCCEEDED: redeploy of staging" in read(space.message())
    assert len(space.slack.messages) == 1


def test_the_end_is_told_and_recorded_once_with_evidence_and_the_way_back() -> None:
    space = announced()
    space.carried_out()
    for _ in range(3):
        space.sweep()
    assert len(space.slack.updates) == 1
    assert buttons_of(space.message()) == ["undo"]
    assert "Evidence" in read(space.message())
    assert f"skewcheck rollouts show staging {ROLLOUT}" in read(space.message())
    assert space.events("rollout", "outcome") == [("rollout-ended", ROLLOUT, "succeeded")]
    assert post(space).final


def test_an_end_that_somebody_else_recorded_is_not_recorded_again() -> None:
    space = announced()
    space.carried_out()
    space.sweep()
    record = space.shared.audit.records(since=NOW - timedelta(days=9))[0]
    other = announced()
    other.shared.audit.append(record)
    other.carried_out()
    other.sweep()
    assert len(other.events()) == 1


def test_what_was_rolled_back_has_nothing_to_undo() -> None:
    space = announced()
    space.rollouts.cloud.frozen = True
    space.carried_out()
    space.sweep()
    assert "ROLLED BACK: redeploy of staging" in read(space.message())
    assert buttons_of(space.message()) == []


def test_what_broke_off_is_told_with_why() -> None:
    space = announced()

    def breaks(*_: object) -> None:
        raise SkewcheckError("the manifest is gone")

    with pytest.raises(SkewcheckError):
        space.rollouts.engine.drive(ROLLOUT, breaks, watch=lambda _: None)
    space.sweep()
    assert "BROKE OFF: redeploy of staging" in read(space.message())
    assert "it broke off: the manifest is gone" in read(space.message())


def test_what_was_announced_and_never_started_says_so_after_a_while() -> None:
    space = Workspace()
    space.shared = replace(space.shared, channel=CHANNEL)
    announce(space.shared, space.room, space.rollouts.order(), "why")
    space.sweep()
    assert not post(space).final
    assert space.slack.updates == []
    space.later(minutes=11)
    space.sweep()
    assert post(space).final
    assert f"rollout {ROLLOUT} of staging did not start after all" in read(space.message())


def test_one_replica_at_a_time_changes_a_message() -> None:
    space = announced()
    turn = {"now": space.clock.at, "lasts": timedelta(seconds=60)}
    assert space.shared.shelf.take_turn(f"post {ROLLOUT}", "replica-2", **turn)  # type: ignore[arg-type]
    space.sweep()
    assert space.slack.updates == []
    space.later(seconds=61)
    space.sweep()
    assert len(space.slack.updates) == 1


def test_what_slack_refuses_is_tried_again_ever_more_rarely_and_then_given_up() -> None:
    space = announced()
    space.slack.refuses = "internal_error"
    [trouble] = space.sweep()
    assert trouble.startswith(f"rollout {ROLLOUT} in Slack: Slack refused chat.update")
    assert space.sweep() == ()
    space.later(seconds=2)
    assert len(space.sweep()) == 1
    space.later(seconds=2)
    assert space.sweep() == ()
    for _ in range(18):
        space.later(minutes=5)
        assert len(space.sweep()) == 1
    space.later(minutes=5)
    assert (space.sweep(), post(space).final) == ((), True)


def test_after_a_refusal_it_goes_on_as_before() -> None:
    space = announced()
    space.slack.refuses = "internal_error"
    space.sweep()
    space.slack.refuses = ""
    space.later(seconds=2)
    assert space.sweep() == ()
    assert (post(space).failures, post(space).retry_at) == (0, None)


def test_an_environment_that_cannot_be_opened_keeps_no_other_waiting() -> None:
    space = announced()
    gone = Post(environment="gone", channel=CHANNEL, ts="1.1")
    space.shared.shelf.add("post", "20200101-0000-000000", to_json(gone), at=NOW)
    [trouble] = follow_posts(space.shared, space.open_room)
    assert "manifests/gone.yaml" in trouble
    assert len(space.slack.updates) == 1


def test_what_is_long_over_is_forgotten() -> None:
    space = announced()
    space.carried_out()
    space.sweep()
    space.later(days=61)
    space.sweep()
    assert space.shared.shelf.all("post") == ()


def owned(channel: str) -> dict[str, str]:
    return {"team": "web", "slack": channel}


@pytest.mark.parametrize(
    ("web", "api", "own", "told_in"),
    [
        pytest.param("C0WEB", "C0WEB", CHANNEL, "C0WEB", id="one owner's"),
        pytest.param("C0WEB", "C0API", CHANNEL, CHANNEL, id="two owners': the service's own"),
        pytest.param("C0WEB", "C0API", "", "C0WEB", id="two owners', and none of its own"),
        pytest.param("C0GONE", "C0GONE", CHANNEL, CHANNEL, id="an owner's that refuses us"),
    ],
)
def test_it_is_told_where_those_who_own_it_are(web: str, api: str, own: str, told_in: str) -> None:
    space = Workspace(
        services={
            "web": BUILT | {"owner": owned(web)},
            "api": on_cloud_run("api", API, owner=owned(api)),
        }
    )
    space.slack.channels |= {"C0WEB", "C0API"}
    space.shared = replace(space.shared, channel=own)
    posted = announce(space.shared, space.room, space.rollouts.order(), "why")
    assert posted.channel == told_in
