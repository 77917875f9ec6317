"""From the question to the outcome: what may start, what goes on, and how it is told."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError, SkewcheckError, UsageError
from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import RolloutKind
from skewcheck.flows.load import load_file
from skewcheck.flows.redeploy import (
    Asker,
    find_run,
    follow,
    order_from,
    outcome_of,
    past_rollouts,
    refusals,
    start,
    unfinished,
    waivers_of,
)
from tests.builders import NOW, unreadable
from tests.engine_fakes import PowerCut
from tests.flows.rollout.world import BUILT, ROLLOUT, Rollouts, on_cloud_run
from tests.flows.worlds import API, MANIFEST

ASKER = Asker(rollout=ROLLOUT, who="ada", why="the incident")
BUILT_API = on_cloud_run("api", API, deploy={"cloud_build_trigger": "deploy-api"})
SECOND = "20261123-2300-000002"


def without_deploy(service: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in service.items() if key != "deploy"}


def interrupted(rollouts: Rollouts) -> None:
    """A rollout that stopped half-way, and that nobody carries on."""
    rollouts.engine.dies_before = 5
    with pytest.raises(PowerCut):
        rollouts.redeploy()


def test_an_order_holds_all_that_another_machine_needs() -> None:
    rollouts = Rollouts(policy={"keep_candidates": "7"})
    order = rollouts.order(triggered=True)
    head = str(rollouts.world.history.resolve("HEAD"))
    assert (order.manifest_commit, order.policy_commit) == (head, head)
    assert (order.keep_candidates, order.triggered, order.at) == (7, True, NOW)
    assert (order.digest, order.world_digest) == (
        rollouts.planned().digest,
        rollouts.planned().world_digest,
    )


def test_a_manifest_that_is_not_in_git_cannot_be_rolled_out() -> None:
    rollouts = Rollouts()
    content = rollouts.world.history.file_at(rollouts.world.history.resolve("HEAD"), MANIFEST)
    assert isinstance(content, bytes)
    loaded = load_file(content, "staging", file="here.yaml")
    with pytest.raises(UsageError, match=r"here\.yaml: a rollout needs a manifest in git"):
        order_from(loaded, rollouts.planned(), ASKER)


@pytest.mark.parametrize(
    ("name", "service"),
    [
        pytest.param("web", without_deploy(BUILT), id="static"),
        pytest.param("api", without_deploy(on_cloud_run("api", API)), id="on Cloud Run"),
    ],
)
def test_a_service_of_which_nobody_says_how_it_is_deployed_cannot_move(
    name: str, service: dict[str, Any]
) -> None:
    rollouts = Rollouts(services={name: service})
    with pytest.raises(UsageError, match=rf"services\.{name}: nobody says how it is deployed"):
        rollouts.order()


def test_a_service_whose_control_plane_is_silent_cannot_be_changed() -> None:
    for api in (on_cloud_run("api", API), BUILT_API):
        rollouts = Rollouts("any order", services={"api": api})
        rollouts.cloud.unreadable["api"] = unreadable()
        with pytest.raises(UsageError, match="its control plane could not be read") as caught:
            rollouts.order()
        assert caught.value.hint == "skewcheck status staging"


def test_a_service_without_a_control_plane_can_be_changed_by_its_own_build_only() -> None:
    edge_only = {"witnesses": ["edge"]}
    rollouts = Rollouts("any order", services={"api": on_cloud_run("api", API, **edge_only)})
    with pytest.raises(UsageError, match="its witnesses name no control plane"):
        rollouts.order()
    rollouts = Rollouts("any order", services={"api": BUILT_API | edge_only})
    assert rollouts.redeploy() is Outcome.SUCCEEDED


def test_what_runs_already_somewhere_needs_nobody_to_deploy_it() -> None:
    """Of a split one half is the target: that revision gets all of the traffic."""
    rollouts = Rollouts("any order", services={"api": without_deploy(on_cloud_run("api", API))})
    rollouts.api.revisions[0] = replace(rollouts.api.revisions[0], name="api-00000")
    rollouts.api.revisions.append(
        replace(rollouts.api.revisions[0], name="api-00002", build=rollouts.new.value)
    )
    rollouts.api.give({"api-00000": 50, "api-00002": 50})
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    assert rollouts.api.split == {"api-00002": 100}


def why_not(rollouts: Rollouts, **changed: Any) -> list[str]:
    order = replace(rollouts.order(), **changed)
    past = past_rollouts(rollouts.engine)
    found = refusals(order, rollouts.loaded, rollouts.notes, NOW, past)
    return [each.why for each in found]


def test_without_reasons_against_it_a_rollout_may_start() -> None:
    assert why_not(Rollouts()) == []


def test_a_hold_is_a_reason_against_it() -> None:
    rollouts = Rollouts()
    rollouts.notes.set_hold(Hold(who="kim", why="the launch", at=NOW))
    assert why_not(rollouts) == ["staging is held by kim: the launch"]


def test_approvals_of_this_plan_are_counted() -> None:
    rollouts = Rollouts(policy={"approvals": {"count": "1", "by": ["jo"]}})
    assert len(why_not(rollouts)) == 1
    digest = rollouts.order().digest
    rollouts.notes.approve(Approval(digest=digest, who="jo", at=NOW))
    assert why_not(rollouts) == []


def test_the_cascade_guard_stands_over_what_no_person_asked_for() -> None:
    rollouts = Rollouts()
    rollouts.cloud.frozen = True
    rollouts.redeploy()
    assert why_not(rollouts) == []
    assert any("already tried for this very world" in why
               for why in why_not(rollouts, triggered=True))  # fmt: skip


def test_asking_twice_for_the_same_plan_follows_the_first() -> None:
    rollouts = Rollouts()
    again = rollouts.order(SECOND)
    interrupted(rollouts)
    assert start(rollouts.engine, again) == ROLLOUT
    assert rollouts.follow() is Outcome.SUCCEEDED
    assert [run.rollout for run in rollouts.engine.runs()] == [ROLLOUT]


def test_another_plan_has_to_wait() -> None:
    rollouts = Rollouts()
    other = replace(rollouts.order(SECOND), digest="another")
    interrupted(rollouts)
    with pytest.raises(ActionFailedError, match=f"rollout {ROLLOUT} of another plan") as caught:
        start(rollouts.engine, other)
    assert caught.value.hint == f"skewcheck rollouts show staging {ROLLOUT}"


def test_who_follows_sees_each_entry_as_it_comes() -> None:
    rollouts, seen = Rollouts(), list[tuple[Entry, ...]]()
    follow(rollouts.engine, start(rollouts.engine, rollouts.order()), rollouts.body, seen.append)
    assert [len(each) for each in seen] == list(range(1, len(seen) + 1))
    assert list(seen[-1]) == rollouts.journal()


def test_a_run_whose_body_broke_is_no_success() -> None:
    rollouts = Rollouts()
    rollout = start(rollouts.engine, rollouts.order())

    def breaks(*_: Any) -> Any:
        raise SkewcheckError("the manifest is gone")

    with pytest.raises(SkewcheckError, match="the manifest is gone"):
        follow(rollouts.engine, rollout, breaks, lambda _: None)
    assert past_rollouts(rollouts.engine)[0].outcome is None


@pytest.mark.parametrize("result", [None, "succeeded", {}, {"outcome": "great"}, {"outcome": []}])
def test_what_is_no_outcome_is_none(result: Any) -> None:
    assert outcome_of(result) is None


def test_a_result_without_an_outcome_is_stuck() -> None:
    rollouts = Rollouts()
    rollout = start(rollouts.engine, rollouts.order())
    assert follow(rollouts.engine, rollout, lambda *_: {}, lambda _: None) is Outcome.STUCK


def test_the_newest_run_is_found_or_the_one_that_is_named() -> None:
    rollouts = Rollouts("any order")
    rollouts.redeploy()
    rollouts.cloud.bucket = rollouts.old
    rollouts.cloud.edge = rollouts.old.value
    rollouts.redeploy(rollouts.order(SECOND))
    assert find_run(rollouts.engine, "staging", None).rollout == SECOND
    assert find_run(rollouts.engine, "staging", ROLLOUT).rollout == ROLLOUT
    with pytest.raises(UsageError, match="staging has no rollout r9"):
        find_run(rollouts.engine, "staging", "r9")


def test_where_nothing_was_rolled_out_there_is_nothing_to_find() -> None:
    with pytest.raises(UsageError, match="nothing was rolled out yet in staging"):
        find_run(Rollouts().engine, "staging", None)


def test_only_what_goes_on_is_unfinished() -> None:
    rollouts = Rollouts()
    assert unfinished(rollouts.engine) is None
    interrupted(rollouts)
    going_on = unfinished(rollouts.engine)
    assert going_on is not None
    assert going_on.rollout == ROLLOUT
    rollouts.follow()
    assert unfinished(rollouts.engine) is None


def test_the_past_is_told_with_how_it_ended() -> None:
    rollouts = Rollouts()
    interrupted(rollouts)
    assert [each.outcome for each in past_rollouts(rollouts.engine)] == [None]
    rollouts.follow()
    [past] = past_rollouts(rollouts.engine)
    assert (past.outcome, past.order.kind) == (Outcome.SUCCEEDED, RolloutKind.REDEPLOY)


def test_waivers_bear_the_name_of_who_gave_them() -> None:
    waiver = waivers_of({"web": "2 a.m."}, Rollouts().loaded, "jo")["web"]
    assert (waiver.service, waiver.who, waiver.reason) == ("web", "jo", "2 a.m.")
    with pytest.raises(UsageError, match="no service 'jobs' to waive the wait for") as caught:
        waivers_of({"jobs": "2 a.m."}, Rollouts().loaded, "jo")
    assert caught.value.hint == "it has web, api"
