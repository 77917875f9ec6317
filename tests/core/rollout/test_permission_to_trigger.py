"""The cascade guard: whether a rollout that no person asked for may start."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.policy import Policy
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import RolloutKind
from skewcheck.core.rollout.permission import Past, may_trigger
from tests.builders import NOW
from tests.core.rollout.orders import order, with_party, world

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ORDER = order()
WORLD = replace(ORDER, world_digest="w2", triggered=True)
ELSEWHERE = with_party(world(), "api", target="older")


def past(
    outcome: Outcome | None = Outcome.SUCCEEDED, *, ago: timedelta = HOUR, **changed: Any
) -> Past:
    said: dict[str, Any] = {"rollout": "r1", "world_digest": "w1", "at": NOW - ago}
    return Past(order=replace(ORDER, **(said | changed)), outcome=outcome)


def guarded(*earlier: Past, per_day: int = 3) -> list[str]:
    rules = Policy.model_validate({"redeploys_per_day": str(per_day)})
    return [each.why for each in may_trigger(WORLD, rules, earlier, NOW)]


def test_the_first_rollout_may_start_by_itself() -> None:
    assert guarded() == []
    assert guarded(past()) == []


def test_the_same_world_is_tried_once_only() -> None:
    tried = [past(world_digest="w2", rollout=name, ago=ago) for name, ago in
             (("r1", 3 * HOUR), ("r2", 2 * HOUR))]  # fmt: skip
    assert guarded(*tried) == ["rollout r2 was already tried for this very world"]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        pytest.param(Outcome.ROLLED_BACK, "rolled-back", id="rolled back"),
        pytest.param(Outcome.STUCK, "stuck", id="stuck"),
        pytest.param(None, "unfinished", id="unfinished"),
    ],
)
def test_after_one_that_did_not_go_well_nothing_starts_by_itself(
    outcome: Outcome | None, told: str
) -> None:
    [why] = guarded(past(outcome))
    assert why == f"the last rollout, r1, is {told}, and the same is promised as then"


def test_after_a_rollback_nothing_starts_by_itself_though_it_succeeded() -> None:
    back = past(kind=RolloutKind.ROLLBACK, rollout="r2", world=ELSEWHERE, ago=MINUTE)
    assert guarded(past(), back) == [
        "the last rollout, r2, is a rollback, and the same is promised as then"
    ]


def test_another_promise_lifts_it() -> None:
    assert guarded(past(Outcome.ROLLED_BACK, world=ELSEWHERE)) == []
    back = past(kind=RolloutKind.ROLLBACK, ago=MINUTE)
    assert guarded(past(world=ELSEWHERE), back) == []


def test_a_person_who_redeploys_lifts_it() -> None:
    went_back, by_hand = past(Outcome.ROLLED_BACK), past(rollout="r2", ago=MINUTE)
    assert guarded(went_back, by_hand) == []
    assert guarded(by_hand, went_back) == []


def test_the_newest_counts_whatever_the_order_in_which_they_are_told() -> None:
    assert guarded(past(ago=2 * HOUR), past(Outcome.STUCK, rollout="r2"))


def test_a_rollback_of_what_nobody_knows_here_stops_nothing() -> None:
    assert guarded(past(kind=RolloutKind.ROLLBACK)) == []


def test_only_so_many_start_by_themselves_a_day() -> None:
    by_itself = [past(triggered=True, ago=each * HOUR) for each in (1, 2)]
    assert guarded(*by_itself, per_day=3) == []
    assert guarded(*by_itself, per_day=2) == [
        "2 rollouts have started by themselves within a day; policy: redeploys_per_day: 2"
    ]


def test_those_that_people_asked_for_and_those_of_yesterday_do_not_count() -> None:
    others = past(), past(ago=2 * HOUR), past(triggered=True, ago=timedelta(days=1))
    assert guarded(*others, per_day=1) == []


def test_with_none_a_day_nothing_starts_by_itself() -> None:
    assert guarded(per_day=0)
