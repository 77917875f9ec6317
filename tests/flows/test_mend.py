"""Skew mends itself only where it is sure, allowed, announced beforehand, and never twice."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.judge import Judgement
from skewcheck.core.policy import Approvals, Policy
from skewcheck.core.report import Report
from skewcheck.core.rollout.as_json import order_from_json
from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.permission import Refusal
from skewcheck.flows.load import load_file, load_manifest
from skewcheck.flows.mend import Mending, Voice, is_due, mend, not_seen
from skewcheck.flows.propose import Proposal
from skewcheck.flows.redeploy import Asker
from skewcheck.flows.rooms import Room
from tests.builders import LONG_AGO, NOW, finding, manifest, report, survey
from tests.flows.rollout.world import Rollouts
from tests.flows.sharing import RolloutsRoom, sharing, trail
from tests.flows.worlds import CHAT, MANIFEST, contract


def skewed(on_skew: str = "redeploy") -> Report:
    rules = manifest(policy={"on_skew": on_skew})
    return report(survey(manifest=rules), Judgement(findings=(finding(),), matrix=()))


@dataclass
class Heard:
    """What people hear, in order; `deaf` is Slack's error."""

    said: list[tuple[str, Any]] = field(default_factory=list)
    deaf: str = ""
    before: list[int] = field(default_factory=list)

    def voice(self, rollouts: Rollouts) -> Voice:
        def say(what: str, told: Any) -> None:
            if self.deaf:
                raise ActionFailedError(f"Slack says {self.deaf}")
            self.before.append(len(rollouts.engine.runs()))
            self.said.append((what, told))

        def announce(_: Room, order: Order, why: str) -> None:
            say("announced", (order.rollout, why))

        def ask(_: Room, proposal: Proposal, asker: Asker) -> None:
            say("asked", (proposal.planned.digest, asker.triggered))

        def told(environment: str, refusals: tuple[Refusal, ...]) -> None:
            say("not started", (environment, *(each.why for each in refusals)))

        return Voice(announce=announce, ask=ask, not_started=told)

    def words(self) -> list[str]:
        return [what for what, _ in self.said]


@dataclass
class World:
    """The rollouts' world, with a service that may mend it; `speaks` where Slack is set up."""

    rollouts: Rollouts = field(default_factory=Rollouts)
    heard: Heard = field(default_factory=Heard)
    speaks: bool = True

    def __post_init__(self) -> None:
        self.shared = sharing(self.rollouts.world.clock)
        self.room = RolloutsRoom(self.rollouts)

    def mend(self) -> str:
        voice = self.heard.voice(self.rollouts) if self.speaks else None
        return mend(Mending(shared=self.shared, who="skewcheck@acme", voice=voice), self.room)

    def orders(self) -> list[Order]:
        return [order_from_json(run.order) for run in self.rollouts.engine.runs()]

    def events(self) -> list[str]:
        return [str(each["event"]) for each in trail(self.shared)]

    def wants(self, **approvals: Any) -> None:
        """The policy asks for consent."""
        loaded = self.rollouts.loaded
        policy = Policy(approvals=Approvals(**approvals))
        self.rollouts.loaded = type(loaded)(
            manifest=loaded.manifest.model_copy(update={"policy": policy}),
            rules=loaded.rules,
            sources=loaded.sources,
            overrides=loaded.overrides,
        )


def test_two_surveys_in_a_row_have_to_see_it() -> None:
    shared = sharing()
    assert [is_due(shared, skewed()) for _ in range(4)] == [False, True, True, True]


def test_a_survey_that_saw_none_or_failed_begins_the_row_anew() -> None:
    shared = sharing()
    for broken in (lambda: is_due(shared, report()), lambda: not_seen(shared, "staging")):
        is_due(shared, skewed())
        broken()
        assert not is_due(shared, skewed())


def test_where_the_policy_says_block_it_is_never_due() -> None:
    shared = sharing()
    assert not any(is_due(shared, skewed("block")) for _ in range(3))


def test_a_memory_of_another_make_is_as_none() -> None:
    shared = sharing()
    for value in (7, {"seen": "often", "told": "much"}):
        shared.shelf.put("mend", "staging", value, at=NOW)  # type: ignore[arg-type]
        assert not is_due(shared, skewed())
        not_seen(shared, "staging")


def test_the_redeploy_is_ordered_in_the_services_own_name_by_nobody() -> None:
    world = World()
    assert world.mend() == ""
    (order,) = world.orders()
    assert (order.who, order.why, order.triggered) == ("skewcheck@acme", "on_skew: redeploy", True)
    assert world.events() == ["rollout-started"]
    assert world.rollouts.follow(order.rollout) is Outcome.SUCCEEDED


def test_it_is_announced_before_it_stands_in_the_engine() -> None:
    world = World()
    world.mend()
    (order,) = world.orders()
    assert world.heard.said == [("announced", (order.rollout, "on_skew: redeploy"))]
    assert world.heard.before == [0]


def test_what_slack_refuses_to_announce_does_not_start_and_is_told() -> None:
    world = World(heard=Heard(deaf="channel_not_found"))
    told = world.mend()
    assert told == (
        "nothing was redeployed, because it could not be announced: Slack says channel_not_found"
    )
    assert (world.orders(), world.events()) == ([], [])


def test_once_slack_hears_again_it_starts() -> None:
    world = World(heard=Heard(deaf="channel_not_found"))
    world.mend()
    world.heard.deaf = ""
    assert world.mend() == ""
    assert len(world.orders()) == 1


def test_without_slack_it_starts_unannounced() -> None:
    world = World(speaks=False)
    world.mend()
    assert (len(world.orders()), world.heard.said) == (1, [])


def test_while_a_rollout_is_unfinished_no_other_starts() -> None:
    world = World()
    world.mend()
    assert world.mend() == ""
    assert (len(world.orders()), world.heard.words()) == (1, ["announced"])


def test_one_world_is_mended_at_most_once() -> None:
    """The first attempt fails and goes back, so the world is what it was."""
    world = World()
    world.mend()
    world.rollouts.notes.cancel(world.orders()[0].rollout, "ada", NOW)
    assert world.rollouts.follow(world.orders()[0].rollout) is Outcome.ROLLED_BACK
    assert [world.mend() for _ in range(3)] == ["", "", ""]
    assert len(world.orders()) == 1
    assert world.heard.words() == ["announced", "not started"]
    assert "already tried for this very world" in str(world.heard.said[1])
    assert world.events() == ["rollout-started", "not-started"]


def test_what_is_mended_already_is_left_alone() -> None:
    world = World()
    world.mend()
    world.rollouts.follow(world.orders()[0].rollout)
    assert world.mend() == ""
    assert (len(world.orders()), world.heard.words()) == (1, ["announced"])


def test_why_it_does_not_start_is_told_once_for_each_reason() -> None:
    world = World()
    for why in ("demo", "demo", "audit"):
        world.rollouts.notes.set_hold(Hold(who="ada", why=why, at=NOW))
        assert world.mend() == ""
    assert [told for _, told in world.heard.said] == [
        ("staging", "staging is held by ada: demo"),
        ("staging", "staging is held by ada: audit"),
    ]
    assert (world.events(), world.orders()) == (["not-started", "not-started"], [])


def test_without_slack_the_audit_trail_still_says_why() -> None:
    world = World(speaks=False)
    world.rollouts.notes.set_hold(Hold(who="ada", why="demo", at=NOW))
    assert (world.mend(), world.mend()) == ("", "")
    assert world.events() == ["not-started"]


def test_a_reason_that_slack_would_not_take_is_told_later() -> None:
    world = World(heard=Heard(deaf="ratelimited"))
    world.rollouts.notes.set_hold(Hold(who="ada", why="demo", at=NOW))
    assert "Slack cannot be told why: Slack says ratelimited" in world.mend()
    world.heard.deaf = ""
    assert world.mend() == ""
    assert world.heard.words() == ["not started"]


def test_what_only_needs_consent_is_asked_for_once() -> None:
    world = World()
    world.wants(count=1, by=("ada",))
    assert (world.mend(), world.mend()) == ("", "")
    assert world.heard.said == [("asked", (world.rollouts.planned().digest, True))]
    assert (world.orders(), world.events()) == ([], [])


def test_with_consent_it_starts() -> None:
    world = World()
    world.wants(count=1, by=("ada",))
    digest = world.rollouts.planned().digest
    world.rollouts.notes.approve(Approval(digest=digest, who="ada", at=NOW))
    world.mend()
    assert world.heard.words() == ["announced"]


def test_consent_is_not_asked_for_while_something_else_stands_against_it() -> None:
    world = World()
    world.wants(count=1, by=("ada",))
    world.rollouts.notes.set_hold(Hold(who="ada", why="demo", at=NOW))
    world.mend()
    assert world.heard.words() == ["not started"]


def test_where_nobody_can_be_asked_that_is_told() -> None:
    world = World(heard=Heard(deaf="not_in_channel"))
    world.wants(count=1, by=("ada",))
    assert "nobody can be asked for consent: Slack says not_in_channel" in world.mend()
    silent = World(speaks=False)
    silent.wants(count=1, by=("ada",))
    assert (silent.mend(), silent.events()) == ("", ["not-started"])


def test_what_no_redeploy_mends_is_told_once_with_the_plan_to_look_at() -> None:
    """Neither side of the newest commit speaks with the other side of what serves."""
    world = World(Rollouts("any order"))
    history = world.rollouts.world.history
    history.add({CHAT: contract("3.0", ">=3.0,<4")}, "Break it", at=LONG_AGO + timedelta(hours=1))
    world.rollouts.loaded = load_manifest(history, "staging", ref="HEAD", policy_ref=None)
    assert (world.mend(), world.mend()) == ("", "")
    assert world.heard.said == [
        ("not started", ("staging", "no redeploy mends it (no safe order)"))
    ]
    assert "skewcheck plan staging" in str(trail(world.shared))


def test_a_manifest_that_cannot_be_rolled_out_is_told_once() -> None:
    world = World()
    history = world.rollouts.world.history
    content = history.file_at(history.resolve("HEAD"), MANIFEST)
    assert isinstance(content, bytes)
    world.rollouts.loaded = load_file(content, "staging", file="here.yaml")
    assert (world.mend(), world.mend()) == ("", "")
    assert "needs a manifest in git" in str(world.heard.said)
    assert len(world.heard.said) == 1


def test_at_most_so_many_start_by_themselves_in_a_day() -> None:
    world = World(Rollouts(policy={"redeploys_per_day": "0"}))
    world.mend()
    assert "redeploys_per_day: 0" in str(world.heard.said)
    world.rollouts.world.clock.at += timedelta(days=1)
    assert world.orders() == []
