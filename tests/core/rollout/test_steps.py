"""What an order asks for, one step after the other."""

from dataclasses import replace

import pytest
from hypothesis import given

from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.plan import Answer, Move, Plan, Waiver, Wave
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import FINAL, Step, StepKind, forward_steps
from tests.core.rollout.drawn_orders import orders
from tests.core.rollout.orders import (
    CLIENT_FIRST,
    SERVER_FIRST,
    by_trigger,
    names,
    on_cloud_run,
    order,
    party,
    places,
    world,
)


def test_a_rollout_goes_from_the_first_look_to_the_last_lease() -> None:
    assert names(forward_steps(order(fits=SERVER_FIRST))) == [
        "observe in wave 1",
        "claim api/0",
        "create api/0",
        "probe in wave 1",
        "shift api/0 in wave 1",
        "confirm api in wave 1",
        "see-edge api in wave 1",
        "observe in wave 2",
        "build web in wave 2",
        "confirm web in wave 2",
        "invalidate web in wave 2",
        "see-edge web in wave 2",
        "probe",
        "release api/0",
        "clean api/0",
    ]


def test_old_clients_are_waited_for_before_the_world_is_looked_at_again() -> None:
    steps = names(forward_steps(order(fits=CLIENT_FIRST)))
    begins = steps.index("wait web in wave 2")
    assert steps[begins : begins + 3] == [
        "wait web in wave 2",
        "observe in wave 2",
        "shift api/0 in wave 2",
    ]


def test_a_waived_wait_is_no_step() -> None:
    waiver = Waiver(service="web", who="jo", reason="2 a.m.")
    plan = make_plan(world(), CLIENT_FIRST, waivers={"web": waiver})
    assert not [step for step in forward_steps(order(plan=plan)) if step.kind is StepKind.WAIT]


def test_places_are_claimed_by_name_and_given_back_in_reverse() -> None:
    services = on_cloud_run("web", "us-east1", "europe-west1", trigger=""), on_cloud_run("api")
    steps = names(forward_steps(order(*services)))
    assert [each for each in steps if each.startswith("claim")] == [
        "claim api/0",
        "claim web/1",
        "claim web/0",
    ]
    assert [each for each in steps if each.startswith("release")] == [
        "release web/0",
        "release web/1",
        "release api/0",
    ]


def test_a_revision_that_serves_is_not_made_again() -> None:
    serving = (("new", "api-new"),), (("old", "api-old"),)
    api = on_cloud_run("api", "us-east1", "us-west1", serving="old new")
    steps = names(forward_steps(order(replace(api, serving=serving))))
    assert [each for each in steps if each.startswith("create")] == ["create api/1"]


def test_without_anything_made_there_is_nothing_to_probe_beforehand() -> None:
    steps = names(forward_steps(order(seen=world(party("api", "new")))))
    assert "probe in wave 1" not in steps
    assert "probe" in steps


def test_what_is_only_stale_at_its_edge_moves_no_traffic_and_is_confirmed_before() -> None:
    seen = world(party("web", "new", at_edge=("old",), behind_edge=True), party("api", "new"))
    assert names(forward_steps(order(seen=seen))) == [
        "observe in wave 1",
        "confirm web in wave 1",
        "invalidate web in wave 1",
        "see-edge web in wave 1",
        "probe",
    ]


WEB_ON_CLOUD_RUN = by_trigger(places=places("web", "us-central1"))


def _narrowing(*, invalidates: bool = False) -> Plan:
    move = Move(service="web", build="old", away=("mid",), narrows=True, invalidates=invalidates)
    return Plan(answer=Answer.SAFE, waves=(Wave(waits=(), moves=(move,)),))


def test_a_narrowed_service_is_shifted_even_where_a_build_deploys_it() -> None:
    steps = names(forward_steps(order(WEB_ON_CLOUD_RUN, plan=_narrowing())))
    assert "shift web/0 in wave 1" in steps
    assert "build web in wave 1" not in steps
    assert "see-edge web in wave 1" not in steps


def test_a_narrowed_service_whose_edge_was_told_to_forget_is_seen_there() -> None:
    plan = _narrowing(invalidates=True)
    steps = names(forward_steps(order(WEB_ON_CLOUD_RUN, plan=plan)))
    assert steps.index("invalidate web in wave 1") < steps.index("see-edge web in wave 1")


def test_what_is_on_the_way_back_or_certain_already_cannot_be_cancelled() -> None:
    assert Step(kind=StepKind.SHIFT, service="api").is_cancellable
    assert not Step(kind=StepKind.SHIFT, service="api", back=True).is_cancellable
    assert not any(Step(kind=kind, service="api").is_cancellable for kind in FINAL)


@pytest.mark.parametrize(
    ("step", "key"),
    [
        pytest.param(Step(kind=StepKind.PROBE), "probe", id="of everything"),
        pytest.param(Step(kind=StepKind.CLAIM, service="api"), "claim api/0", id="of a place"),
        pytest.param(
            Step(kind=StepKind.SHIFT, service="api", place=1, wave=2, back=True, attempt=3),
            "undo shift api/1 in wave 2, attempt 3",
            id="back, again",
        ),
    ],
)
def test_a_key_says_what_where_and_how_often(step: Step, key: str) -> None:
    assert step.key == key


@given(orders())
def test_no_two_steps_of_a_rollout_have_the_same_key(drawn: Order) -> None:
    steps = names(forward_steps(drawn))
    assert len(steps) == len(set(steps))
