"""Whole rollouts, from the first look to the last lease."""

from collections.abc import Callable
from typing import Any

import pytest

from skewcheck.core.rollout.as_json import order_to_json
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.steps import forward_steps
from tests.flows.rollout.world import SHAPES, Rollouts, Shape, on_cloud_run
from tests.flows.worlds import API, APP

WEB = on_cloud_run("web", APP, lingers="1h", edge={"cloud_cdn": {"url_map": "m", "project": "p"}})
BUILT_API = on_cloud_run("api", API, deploy={"cloud_build_trigger": "deploy-api"})


@pytest.mark.parametrize("shape", SHAPES)
def test_a_rollout_leads_everything_to_its_target_and_leaves_nothing_behind(shape: Shape) -> None:
    rollouts = Rollouts(shape)
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    assert rollouts.state() == {
        "splits": {"api@us-central1": {f"api-{rollouts.new.value[:6]}-7f3a1b": 100}},
        "latest": [shape != "narrowing"],
        "leases": [None],
        "tags": [],
        "bucket": rollouts.new,
        "edge": rollouts.new.value,
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_the_journal_holds_the_steps_of_the_order_and_nothing_else(shape: Shape) -> None:
    rollouts = Rollouts(shape)
    order = rollouts.order()
    rollouts.redeploy(order)
    assert rollouts.steps() == [step.key for step in forward_steps(order)]
    assert all(entry.ok and entry.told for entry in rollouts.journal())


def test_services_on_cloud_run_behind_an_edge_are_led_there_too() -> None:
    rollouts = Rollouts(services={"web": WEB})
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    assert rollouts.cloud.behind("web") == rollouts.cloud.edge == rollouts.new.value
    assert rollouts.web.follows_latest


def test_a_service_in_two_regions_is_moved_in_both() -> None:
    two = on_cloud_run(
        "api", API, cloud_run={"service": "api", "regions": ["us-east1", "us-west1"]}
    )
    rollouts = Rollouts(services={"api": two})
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    assert len(rollouts.writes.services) == 2
    assert not any(service.split.get("api-00001") for service in rollouts.writes.services.values())


def test_a_service_that_its_own_build_deploys_goes_there_and_back_by_it() -> None:
    rollouts = Rollouts(services={"api": BUILT_API})
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    assert rollouts.cloud.behind("api") == rollouts.new.value
    rollouts = Rollouts(services={"api": BUILT_API})
    rollouts.cloud.frozen = True
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    assert rollouts.cloud.behind("api") == rollouts.old.value
    assert [commit for _, commit, _ in rollouts.builds.started.values()] == [
        each.value for each in (rollouts.new, rollouts.new, rollouts.old, rollouts.old)
    ]


def test_what_is_only_stale_at_its_edge_is_mended_without_moving_anything() -> None:
    rollouts = Rollouts("any order", services={"web": WEB})
    rollouts.redeploy()
    rollouts.cloud.edge = rollouts.old.value
    again = rollouts.order("20261123-2300-000002")
    assert rollouts.redeploy(again) is Outcome.SUCCEEDED
    assert rollouts.cloud.edge == rollouts.new.value
    assert rollouts.steps(again.rollout) == [
        "observe in wave 1",
        "claim web/0",
        "confirm web in wave 1",
        "invalidate web in wave 1",
        "see-edge web in wave 1",
        "probe",
        "release web/0",
        "clean web/0",
    ]


def test_a_body_is_given_nothing_but_its_order_and_its_records() -> None:
    """So any machine can carry it on."""
    rollouts = Rollouts()
    seen: list[str] = []

    def record(key: str, act: Callable[[], Any]) -> Any:
        seen.append(key)
        return act()

    assert rollouts.body(order_to_json(rollouts.order()), record) == {"outcome": "succeeded"}
    assert seen[0] == "observe in wave 1"
