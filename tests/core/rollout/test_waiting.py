"""Until when a wait lasts."""

from datetime import datetime, timedelta

import pytest

from skewcheck.core.rollout.journal import Entry
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.core.rollout.waiting import wait_until
from tests.builders import NOW
from tests.core.rollout.orders import CLIENT_FIRST, SERVER_FIRST, entry, order, with_party, world

HOUR = timedelta(hours=1)
FORWARD = Step(kind=StepKind.WAIT, service="web", wave=2)
BACK = Step(kind=StepKind.WAIT, service="web", wave=2, back=True)


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


def took(key: str, minute: int, *, ok: bool = True) -> Entry:
    return entry(key, at=at(minute), ok=ok)


def until(step: Step, *journal: Entry) -> datetime:
    fits = SERVER_FIRST if step.back else CLIENT_FIRST
    return wait_until(order(fits=fits), journal, step)


def test_old_clients_count_from_when_the_edge_was_seen_to_hand_out_no_more_of_them() -> None:
    journal = [
        took("observe in wave 1", 0),
        took("confirm web in wave 1", 3),
        took("see-edge web in wave 1", 7),
    ]
    assert until(FORWARD, *journal) == at(7) + HOUR


@pytest.mark.parametrize("key", ["shift web/0 in wave 1", "build web in wave 1"])
def test_without_an_edge_they_count_from_when_the_traffic_moved(key: str) -> None:
    assert until(FORWARD, took("observe in wave 1", 0), took(key, 5)) == at(5) + HOUR


def test_the_last_of_several_places_counts() -> None:
    journal = [took("shift web/0 in wave 1", 5), took("shift web/1 in wave 1", 6)]
    assert until(FORWARD, *journal) == at(6) + HOUR


def test_other_services_and_what_failed_count_for_nothing() -> None:
    journal = [
        took("see-edge web in wave 1", 5),
        took("see-edge web2 in wave 1", 8),
        took("see-edge api in wave 1", 9),
        took("see-edge web in wave 1", 10, ok=False),
        took("undo see-edge web in wave 1", 11),
    ]
    assert until(FORWARD, *journal) == at(5) + HOUR


def test_clients_that_only_lingered_count_from_the_first_look() -> None:
    journal = [took("observe in wave 1", 1), took("observe in wave 2", 9)]
    assert until(FORWARD, *journal) == at(1) + HOUR


def test_with_nothing_in_the_journal_they_count_from_the_order() -> None:
    assert until(FORWARD) == NOW + HOUR


def test_on_the_way_back_the_new_clients_count_from_their_own_way_back() -> None:
    journal = [
        took("see-edge web in wave 2", 5),
        took("undo build web in wave 2", 20),
        took("undo see-edge web in wave 2", 25),
    ]
    assert until(BACK, *journal) == at(25) + HOUR


def test_a_wait_without_an_end_is_none_that_a_plan_holds() -> None:
    """Only waived ones may have none, and those are no steps; so it counts as no time."""
    seen = with_party(world(), "web", client_linger_s=0.0)
    ordered = order(seen=seen, fits=CLIENT_FIRST)
    assert not any(wave.waits for wave in ordered.plan.waves)
