"""What undoes the steps that were taken."""

from dataclasses import replace

from hypothesis import given

from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import StepKind, forward_steps
from skewcheck.core.rollout.way_back import undo_steps
from tests.core.rollout.drawn_orders import Played, narrowed, plays
from tests.core.rollout.orders import (
    SERVER_FIRST,
    by_trigger,
    names,
    never,
    on_cloud_run,
    order,
)

SERVERS_FIRST = order(fits=SERVER_FIRST)


def back(ordered: Order = SERVERS_FIRST, *, until: str) -> list[str]:
    """The way back from everything up to that step, the failed one."""
    steps = names(forward_steps(ordered))
    return names(undo_steps(ordered, steps[: steps.index(until) + 1]))


def test_the_way_back_goes_by_the_same_steps_in_reverse() -> None:
    assert back(until="probe") == [
        "undo build web in wave 2",
        "undo confirm web in wave 2",
        "undo invalidate web in wave 2",
        "undo see-edge web in wave 2",
        "undo wait web in wave 2",
        "undo shift api/0 in wave 1",
        "undo confirm api in wave 1",
        "undo see-edge api in wave 1",
        "undo release api/0",
        "undo clean api/0",
    ]


def test_within_a_wave_too_the_last_to_move_goes_back_first() -> None:
    free = order(fits=never())
    moves = [step for step in back(free, until="probe") if "shift" in step or "build" in step]
    assert moves == ["undo build web in wave 1", "undo shift api/0 in wave 1"]


def test_what_was_not_reached_is_not_undone() -> None:
    assert back(until="confirm api in wave 1") == [
        "undo shift api/0 in wave 1",
        "undo confirm api in wave 1",
        "undo see-edge api in wave 1",
        "undo release api/0",
        "undo clean api/0",
    ]


def test_before_anything_moved_only_the_lease_is_given_back() -> None:
    assert back(until="claim api/0") == ["undo release api/0"]
    assert back(until="observe in wave 1") == []


def test_all_places_of_a_service_go_back_though_only_one_was_reached() -> None:
    ordered = order(on_cloud_run("api", "us-east1", "us-west1"), fits=SERVER_FIRST)
    steps = back(ordered, until="shift api/0 in wave 1")
    assert steps[:2] == ["undo shift api/0 in wave 1", "undo shift api/1 in wave 1"]


def test_new_clients_without_tabs_are_not_waited_for() -> None:
    ordered = order(by_trigger(lingers_s=0.0), fits=SERVER_FIRST)
    assert "undo wait web in wave 2" not in back(ordered, until="probe")


def test_new_clients_that_harm_nobody_are_not_waited_for() -> None:
    first, second = SERVERS_FIRST.plan.waves
    harmless = replace(SERVERS_FIRST.plan, waves=(first, replace(second, sticky=())))
    assert "undo wait web in wave 2" not in back(order(plan=harmless), until="probe")


def test_the_first_wave_has_nothing_behind_it_that_had_to_wait() -> None:
    free = order(fits=never())
    assert not [step for step in back(free, until="probe") if "wait" in step]


def test_a_service_goes_back_by_way_of_what_it_was_narrowed_to() -> None:
    ordered = narrowed(by_trigger())
    steps = undo_steps(ordered, names(forward_steps(ordered)))
    shifts = [(step.wave, step.build) for step in steps if step.kind is StepKind.SHIFT]
    assert shifts == [(2, "old"), (1, "")]


def test_who_was_not_narrowed_goes_back_to_the_split_of_before() -> None:
    ordered = narrowed(on_cloud_run("web"))
    steps = undo_steps(ordered, names(forward_steps(ordered)))
    assert [step.build for step in steps if step.name == "undo shift web/0 in wave 3"] == [""]


def test_an_edge_that_was_narrowed_is_seen_again_on_the_way_back() -> None:
    ordered = narrowed(by_trigger())
    first, *rest = ordered.plan.waves
    forgets = replace(first, moves=(replace(first.moves[0], invalidates=True),))
    plan = replace(ordered.plan, waves=(forgets, *rest))
    steps = names(undo_steps(replace(ordered, plan=plan), {"shift api/0 in wave 1"}))
    assert steps[-2:] == ["undo invalidate api in wave 1", "undo see-edge api in wave 1"]
    assert "undo see-edge api in wave 1" not in names(
        undo_steps(ordered, {"shift api/0 in wave 1"})
    )


def test_a_service_that_is_built_goes_back_by_building_what_served_before() -> None:
    steps = undo_steps(SERVERS_FIRST, names(forward_steps(SERVERS_FIRST)))
    assert [step.build for step in steps if step.kind is StepKind.BUILD] == ["old"]


def test_another_rollouts_steps_mean_nothing() -> None:
    assert names(undo_steps(SERVERS_FIRST, {"shift jobs/0 in wave 1"})) == []


@given(plays())
def test_services_go_back_in_reverse(played: Played) -> None:
    moved = {StepKind.SHIFT, StepKind.BUILD}
    there = [(step.wave, step.service) for step in played.forward if step.kind in moved]
    again = [(step.wave, step.service) for step in played.back if step.kind in moved]
    reverse = list(dict.fromkeys(reversed(there)))
    assert list(dict.fromkeys(again)) == reverse[: len(dict.fromkeys(again))]


@given(plays())
def test_nothing_moves_once_a_lease_was_given_back(played: Played) -> None:
    kinds = [step.kind for step in played.steps]
    if StepKind.RELEASE in kinds:
        after = kinds[kinds.index(StepKind.RELEASE) :]
        assert {*after} <= {StepKind.RELEASE, StepKind.CLEAN}
