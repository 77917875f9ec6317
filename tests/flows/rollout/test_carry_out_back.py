"""What is refused, stopped or changed by others leads back, to exactly the traffic of before."""

from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError, SkewcheckError
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.steps import FINAL, forward_steps
from tests.builders import unreadable
from tests.engine_fakes import PowerCut
from tests.flows.rollout.world import ROLLOUT, SHAPES, Rollouts, Shape
from tests.rollout_fakes import FakeRevision, Moment


def before(rollouts: Rollouts) -> dict[str, Any]:
    """What must be again after a rollout that went back; that traffic follows LATEST is given up
    where the latest is a candidate that nobody wants."""
    return {name: value for name, value in rollouts.state().items() if name != "latest"}


def refusing(rollouts: Rollouts, at: int) -> list[Moment]:
    """The platform refuses at that moment, of all that come; each is noted."""
    moments: list[Moment] = []

    def told(moment: Moment) -> None:
        moments.append(moment)
        if len(moments) == at:
            raise ActionFailedError("the platform refuses")

    rollouts.on_call(told)
    return moments


def moments_of(shape: Shape) -> list[Moment]:
    rollouts = Rollouts(shape)
    moments = refusing(rollouts, at=0)
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    return moments


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_is_refused_leads_back_to_the_traffic_of_before(shape: Shape) -> None:
    for number, moment in enumerate(moments_of(shape), 1):
        rollouts = Rollouts(shape)
        untouched = before(rollouts)
        refusing(rollouts, at=number)
        outcome = rollouts.redeploy()
        if moment.what == "release":
            assert outcome is Outcome.SUCCEEDED, moment
        else:
            assert (outcome, before(rollouts)) == (Outcome.ROLLED_BACK, untouched), moment


@pytest.mark.parametrize("shape", SHAPES)
def test_stopping_it_before_any_step_leads_back_to_the_traffic_of_before(shape: Shape) -> None:
    steps = list(forward_steps(Rollouts(shape).order()))
    for previous, step in zip([None, *steps], steps, strict=False):
        rollouts = Rollouts(shape)
        untouched = before(rollouts)
        _cancel(rollouts, after=previous.key if previous else "")
        outcome = rollouts.redeploy()
        if step.kind in FINAL:
            assert outcome is Outcome.SUCCEEDED, step
        else:
            assert (outcome, before(rollouts)) == (Outcome.ROLLED_BACK, untouched), step
            assert rollouts.told(step.key) == "stopped by kim before it began"


def _cancel(rollouts: Rollouts, *, after: str) -> None:
    def cancel() -> None:
        rollouts.notes.cancel(ROLLOUT, "kim", rollouts.world.clock.now())

    if after:
        rollouts.then[after] = cancel
    else:
        cancel()


def test_a_step_that_was_cancelled_after_a_death_in_its_middle_is_undone() -> None:
    rollouts = Rollouts()
    untouched = before(rollouts)

    def dies(moment: Moment) -> None:
        if (moment.what, moment.when) == ("shift", "after"):
            rollouts.on_call(lambda _: None)
            raise PowerCut

    rollouts.on_call(dies)
    with pytest.raises(PowerCut):
        rollouts.redeploy()
    assert before(rollouts) != untouched
    _cancel(rollouts, after="")
    assert rollouts.follow() is Outcome.ROLLED_BACK
    assert before(rollouts) == untouched


def test_an_edge_that_never_flips_leads_back() -> None:
    rollouts = Rollouts()
    untouched = before(rollouts)
    rollouts.cloud.frozen = True
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    assert before(rollouts) == untouched
    told = rollouts.told("see-edge web in wave 2")
    assert told.startswith("invalidation-without-effect: ")


def test_what_somebody_else_moved_between_waves_stops_it() -> None:
    rollouts = Rollouts()
    stranger = rollouts.stranger()

    def moves() -> None:
        rollouts.cloud.bucket, rollouts.cloud.edge = stranger, stranger.value

    rollouts.then["see-edge api in wave 1"] = moves
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    told = rollouts.told("observe in wave 2")
    assert f"web serves {stranger.short} instead of {rollouts.old.short}" in told
    assert rollouts.api.split == {"api-00001": 100}
    assert (rollouts.cloud.bucket, rollouts.cloud.edge) == (stranger, stranger.value)


def test_traffic_that_somebody_else_moved_is_not_moved_back_over_them() -> None:
    rollouts = Rollouts()
    stranger = rollouts.stranger()

    def moves() -> None:
        rollouts.api.revisions.append(FakeRevision(name="api-00009", build=stranger.value))
        rollouts.api.give({"api-00009": 100})

    rollouts.then["see-edge api in wave 1"] = moves
    assert rollouts.redeploy() is Outcome.STUCK
    assert rollouts.api.split == {"api-00009": 100}
    assert "somebody else" in rollouts.journal()[-1].told


def test_what_can_no_longer_be_read_stops_it_like_what_is_broken() -> None:
    rollouts = Rollouts()
    order = rollouts.order()
    rollouts.cloud.unreadable["api"] = unreadable()
    assert rollouts.redeploy(order) is Outcome.ROLLED_BACK
    assert "api serves an unknown build" in rollouts.told("observe in wave 1")
    assert rollouts.changes().total() == 0


def test_a_bug_of_ours_is_no_refusal_and_leaves_no_entry() -> None:
    rollouts = Rollouts()

    def crashes(moment: Moment) -> None:
        if moment.what == "shift":
            raise ZeroDivisionError

    rollouts.on_call(crashes)
    with pytest.raises(ZeroDivisionError):
        rollouts.redeploy()
    assert not any("shift" in key for key in rollouts.steps())
    rollouts.on_call(lambda _: None)
    assert rollouts.follow() is Outcome.SUCCEEDED


def test_what_went_wrong_comes_with_the_next_command() -> None:
    rollouts = Rollouts()

    def refuses(moment: Moment) -> None:
        if moment.what == "shift":
            raise SkewcheckError("no", hint="ask again")

    rollouts.on_call(refuses)
    rollouts.redeploy()
    [failed] = [each for each in rollouts.journal() if not each.ok]
    assert (failed.told, failed.evidence, failed.cancelled) == ("no", ("ask again",), False)


def test_a_step_back_is_repeated_after_a_pause() -> None:
    rollouts = Rollouts()
    failures = ["restore"] * 2

    def refuses(moment: Moment) -> None:
        if moment.when == "before" and moment.what in failures:
            failures.remove(moment.what)
            raise ActionFailedError("the platform refuses")

    rollouts.on_call(refuses)
    rollouts.cloud.frozen = True
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    assert "undo shift api/0 in wave 1, attempt 3" in rollouts.steps()
    assert {4.0, 6.0} <= {*rollouts.world.clock.waits}


def test_leases_do_not_expire_while_a_build_runs() -> None:
    """Nothing is written to the api meanwhile, so nothing else renews what is held there."""
    rollouts = Rollouts()
    rollouts.builds.reads = 300

    def still_held(trigger: Any, commit: str) -> str:
        lease = rollouts.writes.lease(next(iter(rollouts.writes.services)))
        assert lease is not None
        assert lease.is_live(rollouts.world.clock.now())
        return rollouts.cloud.deploy(trigger, commit)

    rollouts.builds.deploys = still_held
    assert rollouts.redeploy() is Outcome.SUCCEEDED


def test_nothing_is_claimed_before_its_step_though_looking_comes_first() -> None:
    rollouts = Rollouts("any order")
    rollouts.redeploy()
    assert rollouts.steps().index("observe in wave 1") < rollouts.steps().index("claim api/0")
    assert rollouts.writes.changes[0][0] == "claim"
