"""Is the world as planned, and does the origin serve what it should?"""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.build import BuildName, OpaqueId
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.flows.rollout.looking import confirm, observe, targets_of
from tests.builders import unreadable
from tests.flows.rollout.world import Rollouts, on_cloud_run
from tests.flows.worlds import API
from tests.rollout_fakes import FakeRevision

OBSERVE = Step(kind=StepKind.OBSERVE, wave=1)
BACK = Step(kind=StepKind.CONFIRM, service="api", wave=1, back=True)
NO_ORIGIN = on_cloud_run("api", API, witnesses=["control-plane", "edge"])


def confirming(rollouts: Rollouts, step: Step | None = None, order: Order | None = None) -> str:
    """The api at its target, unless another step is given."""
    wanted = Step(kind=StepKind.CONFIRM, service="api", wave=1, build=rollouts.new.value)
    return confirm(rollouts.work(order), step or wanted).told


def at_new(**services: Any) -> Rollouts:
    """A rollout whose api is already where it should be."""
    rollouts = Rollouts(services=services)
    rollouts.planned_order = rollouts.order()
    rollouts.api.revisions.append(FakeRevision(name="api-00002", build=rollouts.new.value))
    rollouts.api.give({"api-00002": 100})
    return rollouts


def test_a_world_that_stayed_as_it_was_is_as_planned() -> None:
    assert observe(Rollouts().work(), OBSERVE).told == "the world is as planned before wave 1"


def test_a_world_that_changed_is_told_with_what_to_do() -> None:
    rollouts = Rollouts()
    work = rollouts.work()
    rollouts.api.revisions.append(FakeRevision(name="api-00002", build=rollouts.new.value))
    rollouts.api.give({"api-00002": 100})
    with pytest.raises(ActionFailedError, match="the world changed since the plan") as caught:
        observe(work, OBSERVE)
    assert caught.value.hint == "skewcheck plan staging, and decide anew"


def test_another_promise_since_then_does_not_move_the_goal() -> None:
    """The order says where each service goes, whatever git promises by now."""
    rollouts = Rollouts()
    work = rollouts.work()
    rollouts.world.history.add({}, "A later head")
    assert observe(work, OBSERVE).told
    assert {each.named for each in targets_of(work.order)} == {rollouts.new.value}


def test_the_origin_has_to_agree_several_times_in_a_row() -> None:
    rollouts = at_new()
    rollouts.cloud.reads.clear()
    assert confirming(rollouts) == f"the origin of api serves {rollouts.new.short}"
    assert [each for each in rollouts.cloud.reads if each.startswith("https://api.test")] == [
        "https://api.test/version.json"
    ] * rollouts.patience.in_a_row


def test_one_answer_of_the_old_one_begins_the_count_anew() -> None:
    rollouts = at_new()
    flapping = ["api-00002", "api-00002", "api-00001", *["api-00002"] * 3]

    def flaps() -> None:
        rollouts.api.give({flapping[min(len(rollouts.world.clock.waits), 5)]: 100})

    rollouts.world.clock.then = flaps
    assert confirming(rollouts)
    assert len(rollouts.world.clock.waits) == 5


def test_an_origin_that_serves_something_else_is_waited_for_and_then_told() -> None:
    rollouts = Rollouts()
    with pytest.raises(ActionFailedError) as caught:
        confirming(rollouts)
    assert str(caught.value) == (
        f"api was not seen to serve {rollouts.new.short}: api-00001 gets 100% of traffic"
    )
    assert caught.value.hint == "skewcheck status staging"
    assert sum(rollouts.world.clock.waits) <= rollouts.patience.confirm


def test_one_that_contradicts_its_control_plane_is_not_believed() -> None:
    rollouts = at_new()
    rollouts.cloud.answers["https://api.test/version.json"] = rollouts.old.value
    with pytest.raises(ActionFailedError, match=rf"answers with {rollouts.old.short}"):
        confirming(rollouts)


def test_one_that_does_not_answer_is_not_believed() -> None:
    rollouts = at_new()
    rollouts.cloud.answers["https://api.test/version.json"] = ""
    with pytest.raises(ActionFailedError, match="api was not seen to serve"):
        confirming(rollouts)


def test_an_opaque_id_contradicts_nothing() -> None:
    rollouts = at_new()
    rollouts.cloud.answers["https://api.test/version.json"] = "1764000000"
    assert confirming(rollouts)


def test_without_an_origin_the_control_plane_has_to_do() -> None:
    rollouts = at_new(api=NO_ORIGIN)
    rollouts.cloud.answers["https://api.test/version.json"] = ""
    assert confirming(rollouts)


def test_a_control_plane_that_does_not_answer_proves_nothing() -> None:
    rollouts = at_new()
    rollouts.cloud.unreadable["api"] = unreadable()
    with pytest.raises(ActionFailedError, match="connection refused"):
        confirming(rollouts)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"settled": False}, id="while it changes"),
        pytest.param({"revisions": ()}, id="of a revision that is not listed"),
        pytest.param({"build": BuildName(OpaqueId("v17"))}, id="of a build that git does not know"),
        pytest.param({"build": None}, id="of a build that nobody names"),
    ],
)
def test_a_control_plane_proves_nothing(spoil: dict[str, Any]) -> None:
    rollouts = at_new()
    rollouts.cloud.spoil = lambda plane: _spoiled(plane, dict(spoil))
    with pytest.raises(ActionFailedError, match="api was not seen to serve"):
        confirming(rollouts)


def _spoiled(plane: Any, spoil: dict[str, Any]) -> Any:
    if "build" in spoil:
        named = tuple(replace(each, build=spoil["build"]) for each in plane.revisions)
        return replace(plane, revisions=named)
    return replace(plane, **spoil)


def test_on_the_way_back_it_is_what_served_before_that_is_looked_for() -> None:
    rollouts = Rollouts()
    assert confirming(rollouts, BACK) == f"the origin of api serves {rollouts.old.short}"
    with pytest.raises(ActionFailedError):
        confirming(at_new(), BACK)


def test_what_has_no_control_plane_is_seen_at_its_edge_only() -> None:
    rollouts = Rollouts()
    step = Step(kind=StepKind.CONFIRM, service="web", wave=2, build=rollouts.new.value)
    assert confirming(rollouts, step) == "web is seen at its edge only"
    assert rollouts.world.clock.waits == []


def test_what_has_one_that_did_not_answer_when_it_was_planned_is_not_believed() -> None:
    rollouts = Rollouts()
    order = rollouts.order()
    silent = [replace(each, places=()) for each in order.services]
    with pytest.raises(ActionFailedError, match="Cloud Run did not say what serves api"):
        confirming(rollouts, order=replace(order, services=tuple(silent)))
