"""May it roll out? Each clause of the guard, by a world that only it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from skewcheck.core.policy import Policy
from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.core.rollout.order import Order, RolloutKind
from skewcheck.core.rollout.permission import may_roll_out
from tests.builders import NOW
from tests.core.rollout.orders import order

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ORDER = order()
BACK = order(kind=RolloutKind.ROLLBACK)
TWO_EYES = {"count": "1", "by": ["jo", "kim"]}


def reasons(
    policy: dict[str, Any] | None = None,
    *approvals: Approval,
    ordered: Order = ORDER,
    hold: Hold | None = None,
    now: datetime = NOW,
) -> list[str]:
    rules = Policy.model_validate(policy or {})
    refused = may_roll_out(ordered, rules, hold=hold, approvals=approvals, now=now)
    return [each.why for each in refused]


def consent(who: str = "jo", **changed: Any) -> Approval:
    said: dict[str, Any] = {"digest": ORDER.digest, "who": who, "at": NOW - MINUTE}
    return Approval(**(said | changed))


def freeze(begins: str, ends: str, zone: str = "UTC", *allow: str) -> dict[str, Any]:
    return {"freeze": [{"from": begins, "to": ends, "zone": zone, "allow": list(allow)}]}


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_without_rules_anybody_may() -> None:
    assert reasons() == []


def test_a_hold_binds_everybody_and_rollbacks_too() -> None:
    hold = Hold(who="kim", why="the launch", at=NOW)
    assert reasons(hold=hold) == ["staging is held by kim: the launch"]
    assert reasons(hold=hold, ordered=BACK) == ["staging is held by kim: the launch"]


def test_a_hold_ends_by_itself() -> None:
    hold = Hold(who="kim", why="the launch", at=NOW, until=NOW + HOUR)
    assert reasons(hold=hold) == ["staging is held by kim until 2026-11-23 23:10 UTC: the launch"]
    assert reasons(hold=hold, now=NOW + HOUR) == []


def test_who_is_held_learns_how_to_release_it() -> None:
    hold = Hold(who="kim", why="the launch", at=NOW)
    [refusal] = may_roll_out(ORDER, Policy(), hold=hold, approvals=(), now=NOW)
    assert refusal.fix == "skewcheck hold staging --release"


@pytest.mark.parametrize(
    ("now", "frozen"),
    [
        pytest.param(moment(27, 15, 59), False, id="before"),
        pytest.param(moment(27, 16), True, id="from its first minute"),
        pytest.param(moment(29, 23), True, id="over the end of the week"),
        pytest.param(moment(30, 5, 59), True, id="until its last minute"),
        pytest.param(moment(30, 6), False, id="after"),
    ],
)
def test_a_freeze_may_last_over_the_weekend(now: datetime, *, frozen: bool) -> None:
    told = ["frozen from Fri 16:00 to Mon 06:00 (UTC)"] if frozen else []
    assert reasons(freeze("Fri 16:00", "Mon 06:00"), now=now) == told


def test_a_freeze_within_the_week_leaves_the_rest_free() -> None:
    rule = freeze("Mon 08:00", "Tue 08:00")
    assert reasons(rule, now=moment(23, 9))
    assert not reasons(rule, now=moment(24, 9))
    assert not reasons(rule, now=moment(23, 7))


def test_a_freeze_is_in_its_own_time_zone() -> None:
    rule = freeze("Fri 16:00", "Mon 06:00", "America/New_York")
    assert not reasons(rule, now=moment(27, 20, 59))
    assert reasons(rule, now=moment(27, 21))
    assert reasons(rule, now=moment(30, 10, 59))


def test_a_rollback_passes_a_freeze_that_allows_it() -> None:
    during = moment(28, 12)
    assert reasons(freeze("Fri 16:00", "Mon 06:00"), ordered=BACK, now=during)
    allowing = freeze("Fri 16:00", "Mon 06:00", "UTC", "rollback")
    assert not reasons(allowing, ordered=BACK, now=during)
    assert reasons(allowing, now=during)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "Europe", "America"])
def test_a_zone_that_nobody_knows_refuses(zone: str) -> None:
    [told] = reasons(freeze("Fri 16:00", "Mon 06:00", zone), now=moment(25, 12))
    assert told == f"policy.freeze: the time zone {zone!r} is not known here"


def test_a_zone_that_nobody_knows_hides_no_other_freeze() -> None:
    rules = {"freeze": [freeze("Mon 00:00", "Tue 00:00", zone)["freeze"][0]
                        for zone in ("Europe/Atlantis", "UTC")]}  # fmt: skip
    assert len(reasons(rules)) == 2


def test_enough_approvals_let_it_pass() -> None:
    assert reasons({"approvals": TWO_EYES}, consent()) == []


@pytest.mark.parametrize(
    "approvals",
    [
        pytest.param([], id="none"),
        pytest.param([consent("eve")], id="of somebody who may not"),
        pytest.param([consent(digest="another")], id="of another plan"),
        pytest.param([consent(at=NOW - timedelta(minutes=15))], id="grown old"),
    ],
)
def test_consent_counts_only_from_those_who_may_for_this_plan_and_while_fresh(
    approvals: list[Approval],
) -> None:
    [told] = reasons({"approvals": TWO_EYES}, *approvals)
    assert told == f"0 of 1 approvals of plan {ORDER.digest}; may: jo, kim"


def test_who_asks_cannot_consent_unless_the_policy_says_so() -> None:
    rules = {"count": "1", "by": ["ada"]}
    assert reasons({"approvals": rules}, consent("ada"))
    assert not reasons({"approvals": rules | {"not_requester": "false"}}, consent("ada"))


def test_one_person_counts_once() -> None:
    rules = {"approvals": TWO_EYES | {"count": "2"}}
    twice = consent(), consent(at=NOW - 2 * MINUTE)
    assert reasons(rules, *twice)
    assert not reasons(rules, consent("jo"), consent("kim"))


def test_approvals_by_nobody_allow_nobody() -> None:
    [told] = reasons({"approvals": {"count": "1"}}, consent())
    assert told.endswith("may: nobody (policy.approvals.by is empty)")


def test_going_back_needs_no_approval() -> None:
    assert reasons({"approvals": TWO_EYES}, ordered=BACK) == []


def test_all_reasons_are_told_at_once() -> None:
    rules = freeze("Mon 00:00", "Tue 00:00") | {"approvals": TWO_EYES}
    assert len(reasons(rules, hold=Hold(who="kim", why="the launch", at=NOW))) == 3
