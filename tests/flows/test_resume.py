"""Carrying on what stopped half-way, and stopping what goes on."""

import pytest

from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.rollout.journal import Outcome
from skewcheck.flows.resume import to_cancel, to_carry_on
from tests.engine_fakes import PowerCut
from tests.flows.rollout.world import ROLLOUT, Rollouts
from tests.rollout_fakes import Moment

NEW = "20261124-0900-000002"


def interrupted() -> Rollouts:
    rollouts = Rollouts()
    rollouts.engine.dies_after = 5
    with pytest.raises(PowerCut):
        rollouts.redeploy()
    return rollouts


def refuses_to_restore(moment: Moment) -> None:
    if moment.what == "restore":
        raise ActionFailedError("the platform refuses")


def stuck() -> Rollouts:
    """The way back is refused until it is stuck, and no longer."""
    rollouts = Rollouts()
    rollouts.on_call(refuses_to_restore)
    rollouts.cloud.frozen = True
    assert rollouts.redeploy() is Outcome.STUCK
    rollouts.on_call(lambda _: None)
    return rollouts


def is_held(rollouts: Rollouts) -> bool:
    return rollouts.api.lease is not None


def carry_on(rollouts: Rollouts, rollout: str | None = None) -> str:
    return to_carry_on(rollouts.engine, "staging", rollout, new=NEW, who="kim")


def test_what_is_unfinished_is_carried_on_under_its_own_name() -> None:
    rollouts = interrupted()
    assert carry_on(rollouts) == carry_on(rollouts, ROLLOUT) == ROLLOUT
    assert rollouts.follow() is Outcome.SUCCEEDED


def test_a_stuck_one_is_tried_again_from_where_it_stuck() -> None:
    rollouts = stuck()
    assert carry_on(rollouts) == NEW
    assert rollouts.follow(NEW) is Outcome.ROLLED_BACK
    assert rollouts.steps(NEW)[0] == "undo shift api/0 in wave 1"
    assert rollouts.api.split == {"api-00001": 100}


def test_it_goes_on_in_the_name_in_which_leases_are_held() -> None:
    rollouts = stuck()
    assert is_held(rollouts)
    rollouts.follow(carry_on(rollouts))
    assert not is_held(rollouts)
    assert not any(target.tag for target in rollouts.api.targets)


def test_one_that_is_stuck_at_its_edge_can_be_ended() -> None:
    rollouts = _stuck_at_the_edge()
    assert rollouts.follow(carry_on(rollouts)) is Outcome.ROLLED_BACK


def _stuck_at_the_edge() -> Rollouts:
    """Forward it is told to forget; back it refuses to."""
    rollouts = Rollouts()
    asked: list[str] = []

    def refuses(moment: Moment) -> None:
        if moment.what == "invalidate" and moment.when == "before":
            asked.append(moment.subject)
            if len(asked) > 1:
                raise ActionFailedError("the platform refuses")

    rollouts.on_call(refuses)
    rollouts.cloud.frozen = True
    assert rollouts.redeploy() is Outcome.STUCK
    rollouts.on_call(lambda _: None)
    return rollouts


def test_a_build_that_failed_on_the_way_back_is_built_anew_by_who_resumes() -> None:
    rollouts = Rollouts()
    rollouts.cloud.frozen = True
    builds = rollouts.builds.deploys
    rollouts.builds.deploys = lambda trigger, commit: (
        "no quota" if commit == rollouts.old.value else builds(trigger, commit)
    )
    assert rollouts.redeploy() is Outcome.STUCK
    rollouts.builds.deploys = builds
    assert rollouts.follow(carry_on(rollouts)) is Outcome.ROLLED_BACK
    assert rollouts.cloud.bucket == rollouts.old


def test_one_that_is_stuck_twice_is_resumed_in_the_first_ones_name() -> None:
    rollouts = stuck()
    rollouts.on_call(refuses_to_restore)
    assert rollouts.follow(carry_on(rollouts)) is Outcome.STUCK
    rollouts.on_call(lambda _: None)
    third = to_carry_on(rollouts.engine, "staging", None, new="r3", who="kim")
    assert rollouts.follow(third) is Outcome.ROLLED_BACK
    assert rollouts.api.lease is None


def test_what_is_over_is_not_carried_on() -> None:
    rollouts = Rollouts()
    rollouts.redeploy()
    with pytest.raises(UsageError, match=f"rollout {ROLLOUT} is succeeded: nothing is left"):
        carry_on(rollouts)


def test_an_unfinished_one_is_not_carried_on_in_anothers_name() -> None:
    rollouts = interrupted()
    with pytest.raises(UsageError, match="staging has no rollout r9"):
        carry_on(rollouts, "r9")


def test_what_goes_on_can_be_stopped() -> None:
    rollouts = interrupted()
    assert to_cancel(rollouts.engine, "staging", None).rollout == ROLLOUT
    assert to_cancel(rollouts.engine, "staging", ROLLOUT).rollout == ROLLOUT
    with pytest.raises(UsageError, match="rollout r9 is not under way in staging"):
        to_cancel(rollouts.engine, "staging", "r9")


def test_where_nothing_goes_on_nothing_can_be_stopped() -> None:
    with pytest.raises(UsageError, match="no rollout is under way in staging"):
        to_cancel(Rollouts().engine, "staging", None)
