"""What a click comes to, rule by rule."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.policy import Approvals
from skewcheck.core.rollout.consent import Approval
from skewcheck.core.rollout.order import RolloutKind
from skewcheck.core.slack.deciding import (
    Click,
    Consent,
    Decision,
    Declined,
    Enough,
    Refused,
    decide,
    needed,
)
from skewcheck.core.slack.proposal import ProposalState, Proposed
from tests.builders import NOW

PROPOSED = Proposed(
    rollout="r1",
    environment="staging",
    kind=RolloutKind.REDEPLOY,
    digest="d1",
    asked_by="slack:U0ADA",
    at=NOW,
    expires=NOW + timedelta(minutes=15),
)
ADA, KIM, LIN = "slack:U0ADA", "slack:U0KIM", "slack:U0LIN"
BY = ("U0ADA", "U0KIM", "U0LIN", "S0OPS")


def clicked(who: str = KIM, **changed: Any) -> Click:
    said: dict[str, Any] = {"key": "k1", "via": who.removeprefix("slack:"), "approves": True}
    return Click(who=who, **(said | changed))


def given(who: str, **changed: Any) -> Approval:
    said: dict[str, Any] = {"digest": "d1", "at": NOW, "via": who.removeprefix("slack:")}
    return Approval(who=who, **(said | changed))


def decided(
    click: Click | None = None,
    *approvals: Approval,
    count: int = 1,
    proposed: Proposed = PROPOSED,
    later: timedelta = timedelta(0),
    **policy: Any,
) -> Decision:
    wanted = Approvals(count=count, by=BY, **policy)
    return decide(proposed, click or clicked(), wanted, approvals, NOW + later)


def test_one_of_one_is_enough() -> None:
    assert decided() == Enough(people=(KIM,))


def test_one_of_two_counts_and_is_not_enough() -> None:
    assert decided(count=2) == Consent(people=(KIM,), wanted=2)


def test_two_people_are_two() -> None:
    assert decided(clicked(LIN), given(KIM), count=2) == Enough(people=(KIM, LIN))


def test_one_person_twice_is_one() -> None:
    assert decided(clicked(KIM), given(KIM), count=2) == Consent(people=(KIM,), wanted=2)


@pytest.mark.parametrize(
    "approval",
    [
        pytest.param(given(KIM, digest="d2"), id="to another plan"),
        pytest.param(given(KIM, via="U0GONE"), id="by an entry that is not listed any more"),
        pytest.param(given(KIM, at=NOW - timedelta(minutes=15)), id="too old"),
        pytest.param(given(ADA), id="by who asked"),
    ],
)
def test_consent_that_does_not_count_does_not_help(approval: Approval) -> None:
    assert decided(clicked(LIN), approval, count=2) == Consent(people=(LIN,), wanted=2)


def test_who_asked_counts_where_the_policy_lets_them() -> None:
    assert decided(clicked(ADA), not_requester=False) == Enough(people=(ADA,))
    assert isinstance(decided(clicked(ADA)), Refused)


def test_without_a_count_one_listed_person_still_has_to_mean_it() -> None:
    assert decided(clicked(ADA), count=0) == Enough(people=(ADA,))
    assert isinstance(decided(clicked(via=""), count=0), Refused)


def test_a_rollback_takes_one_listed_person_whoever_asked() -> None:
    rollback = replace(PROPOSED, kind=RolloutKind.ROLLBACK)
    assert decided(clicked(ADA), count=3, proposed=rollback) == Enough(people=(ADA,))
    assert isinstance(decided(clicked(via=""), proposed=rollback), Refused)
    wanted = Approvals(count=3, by=BY)
    assert (needed(wanted, RolloutKind.ROLLBACK), needed(wanted, RolloutKind.REDEPLOY)) == (1, 3)


def test_who_is_listed_may_decline() -> None:
    assert decided(clicked(approves=False)) == Declined()
    assert isinstance(decided(clicked(approves=False, via="")), Refused)


def test_it_expires_to_the_second() -> None:
    almost = timedelta(minutes=15) - timedelta(seconds=1)
    assert isinstance(decided(later=almost), Enough)
    refused = decided(later=timedelta(minutes=15))
    assert isinstance(refused, Refused)
    assert refused.dead


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (ProposalState.STARTED, "it is decided already: started"),
        (ProposalState.DECLINED, "it is decided already: declined"),
        (ProposalState.EXPIRED, "it has expired: what was seen then is too old"),
        (ProposalState.CHANGED, "the world has changed since: it would be another plan now"),
    ],
)
def test_what_is_over_is_dead_for_everybody(state: ProposalState, why: str) -> None:
    over = replace(PROPOSED, state=state, decided_in="k0")
    assert decided(proposed=over) == Refused(why=why, dead=True)


def test_the_click_that_decided_it_goes_on_when_it_is_done_again() -> None:
    over = replace(PROPOSED, state=ProposalState.STARTED, decided_in="k1")
    late = timedelta(hours=1)
    assert isinstance(decided(proposed=over, later=late), Enough)
    declined = replace(PROPOSED, state=ProposalState.DECLINED, decided_in="k1")
    assert isinstance(decided(proposed=declined), Refused)


def test_an_empty_list_says_that_it_is_empty() -> None:
    refused = decide(PROPOSED, clicked(via=""), Approvals(count=0), (), NOW)
    assert refused == Refused(why="nobody may decide this in Slack: policy.approvals.by is empty")
