"""The steps that change Cloud Run: leases, candidate revisions, traffic."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError, LeaseHeldError
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.lease import Lease
from skewcheck.core.rollout.order import Share, TrafficBefore
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.flows.rollout.hands import Work
from skewcheck.flows.rollout.platform import (
    claim,
    clean,
    create,
    hold_leases,
    release,
    shift,
)
from tests.builders import NOW
from tests.engine_fakes import FakeEngine, PowerCut
from tests.flows.rollout.world import ROLLOUT, Rollouts, on_cloud_run
from tests.flows.worlds import API
from tests.rollout_fakes import FakeRevision, Moment

MINUTE = timedelta(minutes=1)
TWO_REGIONS = on_cloud_run("api", API, cloud_run={"regions": ["us-east1", "us-west1"]})


def step(kind: StepKind, **changed: Any) -> Step:
    said: dict[str, Any] = {"service": "api", "wave": 1}
    return Step(kind=kind, **(said | changed))


def anothers(**changed: Any) -> Lease:
    said: dict[str, Any] = {
        "rollout": "r0",
        "environment": "staging",
        "holder": "jo on laptop",
        "taken": NOW - MINUTE,
        "until": NOW + MINUTE,
        "before": TrafficBefore(shares=(Share(revision="api-00000", percent=100),)),
    }
    return Lease(**(said | changed))


def claimed(rollouts: Rollouts) -> Work:
    work = rollouts.work()
    claim(work, step(StepKind.CLAIM))
    return work


def made(rollouts: Rollouts) -> Work:
    work = claimed(rollouts)
    create(work, step(StepKind.CREATE))
    return work


def test_a_claim_tells_until_when_it_holds() -> None:
    rollouts = Rollouts()
    assert claim(rollouts.work(), step(StepKind.CLAIM)).told == (
        "api@us-central1 is held until 22:25:00 UTC"
    )


def test_what_another_rollout_holds_is_not_claimed() -> None:
    rollouts = Rollouts()
    work = rollouts.work()
    rollouts.api.lease = anothers()
    with pytest.raises(LeaseHeldError, match="jo on laptop"):
        claim(work, step(StepKind.CLAIM))


def test_an_expired_lease_is_taken_over_with_what_it_had_left_to_go_back_to() -> None:
    rollouts = Rollouts()
    work = rollouts.work()
    rollouts.api.lease = anothers(until=NOW)
    assert "an expired lease was taken over" in claim(work, step(StepKind.CLAIM)).told
    assert isinstance(rollouts.api.lease, Lease)
    assert rollouts.api.lease.before == anothers().before


def test_a_candidate_is_made_by_its_image_with_a_tag_and_without_traffic() -> None:
    rollouts = Rollouts()
    done = create(claimed(rollouts), step(StepKind.CREATE))
    name = f"api-{rollouts.new.value[:6]}-7f3a1b"
    assert (done.told, done.url) == (
        f"{name} is ready, without traffic",
        "https://r-7f3a1b---api.test",
    )
    revision = rollouts.api.revision(name)
    assert revision is not None
    assert revision.image == f"us-docker.pkg.dev/acme/api/api:{rollouts.new}"
    assert rollouts.api.split == {"api-00001": 100}


def test_one_that_an_earlier_attempt_made_is_adopted() -> None:
    rollouts = Rollouts()
    work = made(rollouts)
    told = create(work, step(StepKind.CREATE)).told
    assert told.endswith("(an earlier attempt had made it)")


def test_one_that_does_not_get_ready_is_told_in_the_platforms_own_words() -> None:
    rollouts = Rollouts()
    work = claimed(rollouts)
    rollouts.writes.never_ready = {rollouts.new.value}
    with pytest.raises(ActionFailedError, match="failed to start"):
        create(work, step(StepKind.CREATE))


def test_a_candidate_that_does_not_get_ready_changes_nothing_for_anybody() -> None:
    rollouts = Rollouts()
    rollouts.writes.never_ready = {rollouts.new.value}
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    assert rollouts.api.split == {"api-00001": 100}
    assert rollouts.api.lease is None


def test_traffic_goes_to_the_candidate_and_a_second_time_nowhere() -> None:
    rollouts = Rollouts()
    work, forward = made(rollouts), step(StepKind.SHIFT, build=rollouts.new.value)
    name = f"api-{rollouts.new.value[:6]}-7f3a1b"
    told = f"api@us-central1 serves {name} ({rollouts.new.short})"
    assert shift(work, forward).told == told
    assert shift(work, forward).told == f"{told} (it did already)"


def test_traffic_goes_back_to_the_split_of_before() -> None:
    rollouts = Rollouts("narrowing")
    work = made(rollouts)
    shift(work, step(StepKind.SHIFT, build=rollouts.new.value))
    told = shift(work, step(StepKind.SHIFT, back=True)).told
    assert told == "api@us-central1 serves as before: api-00001 50%, api-00002 50%"
    assert rollouts.api.split == {"api-00001": 50, "api-00002": 50}


def test_a_service_is_narrowed_to_a_revision_that_serves() -> None:
    rollouts = Rollouts("narrowing")
    shift(claimed(rollouts), step(StepKind.SHIFT, build=rollouts.old.value))
    assert rollouts.api.split == {"api-00001": 100}


def test_a_build_that_no_revision_serves_any_more_gets_no_traffic() -> None:
    rollouts = Rollouts()
    with pytest.raises(ActionFailedError, match="no revision serves 0000000 any more"):
        shift(claimed(rollouts), step(StepKind.SHIFT, build="0" * 40))


def test_a_lease_and_its_tag_are_given_back() -> None:
    rollouts = Rollouts()
    work = made(rollouts)
    assert release(work, step(StepKind.RELEASE)).told == "api@us-central1 is given back"
    assert rollouts.api.lease is None
    assert not any(target.tag for target in rollouts.api.targets)


def test_on_the_way_back_what_is_not_ours_is_left_alone() -> None:
    rollouts = Rollouts()
    work = rollouts.work()
    for lease in (None, anothers()):
        rollouts.api.lease = lease
        told = release(work, step(StepKind.RELEASE, back=True)).told
        assert told == "api@us-central1 is not held by this rollout"
        assert rollouts.api.lease == lease


def test_old_candidates_beyond_those_that_the_policy_keeps_are_deleted() -> None:
    rollouts = Rollouts(policy={"keep_candidates": "1"})
    work = rollouts.work()
    for number in (2, 3):
        revision = FakeRevision(name=f"api-0000{number}", build=rollouts.old.value, rollout="r0")
        rollouts.api.revisions.insert(0, revision)
    assert clean(work, step(StepKind.CLEAN)).told == ("api@us-central1: 1 old candidate(s) deleted")
    assert clean(work, step(StepKind.CLEAN)).told == "api@us-central1 has none to spare"


def test_leases_that_last_long_enough_are_not_written_again() -> None:
    rollouts = Rollouts()
    work = claimed(rollouts)
    hold_leases(work, NOW + 5 * MINUTE)
    assert rollouts.changes()["claim api@us-central1"] == 1
    hold_leases(work, NOW + 60 * MINUTE)
    assert rollouts.changes()["claim api@us-central1"] == 2
    assert isinstance(rollouts.api.lease, Lease)
    assert rollouts.api.lease.until == NOW + 60 * MINUTE


def test_only_our_own_leases_are_held_longer() -> None:
    rollouts = Rollouts()
    work = rollouts.work()
    for lease in (None, anothers(until=NOW)):
        rollouts.api.lease = lease
        hold_leases(work, NOW + 60 * MINUTE)
        assert rollouts.api.lease == lease


def test_a_rollout_that_finds_another_at_work_changes_nothing() -> None:
    rollouts = Rollouts()
    order = rollouts.order()
    rollouts.api.lease = anothers(until=NOW + 60 * MINUTE)
    assert rollouts.redeploy(order) is Outcome.ROLLED_BACK
    assert "is held by jo on laptop" in rollouts.told("claim api/0")
    assert rollouts.changes().total() == 0


@pytest.mark.parametrize("ends", [Outcome.SUCCEEDED, Outcome.ROLLED_BACK])
def test_another_machine_rolls_out_over_what_a_lost_one_left_half_moved(ends: Outcome) -> None:
    """One region has moved, nobody knows of that rollout here, and its lease is over. Going back
    leads to what was found, because only that was planned over."""
    rollouts = Rollouts("any order", services={"api": TWO_REGIONS})

    def dies(moment: Moment) -> None:
        if (moment.what, moment.when) == ("shift", "after"):
            rollouts.on_call(lambda _: None)
            raise PowerCut

    rollouts.on_call(dies)
    with pytest.raises(PowerCut):
        rollouts.redeploy()
    rollouts.engine = FakeEngine()
    rollouts.world.clock.at += 20 * MINUTE
    rollouts.cloud.frozen = ends is Outcome.ROLLED_BACK
    found = rollouts.state()["splits"]
    assert rollouts.redeploy(rollouts.order("20261123-2300-000002")) is ends
    assert rollouts.state()["leases"] == [None, None]
    if ends is Outcome.ROLLED_BACK:
        assert rollouts.state()["splits"] == found


def test_a_split_that_a_lease_taken_over_does_not_know_is_left_to_a_person() -> None:
    rollouts = Rollouts("narrowing")
    work = rollouts.work()
    rollouts.api.lease = anothers(until=NOW)
    claim(work, step(StepKind.CLAIM))
    with pytest.raises(ActionFailedError, match="does not know the split api-00001 50%"):
        shift(work, step(StepKind.SHIFT, back=True))


def test_who_resumes_goes_on_in_the_old_name() -> None:
    rollouts = Rollouts()
    order = rollouts.order()
    resumed = rollouts.work(replace(order, rollout="20261124-0900-ffffff", resumes=ROLLOUT))
    made(rollouts)
    assert create(resumed, step(StepKind.CREATE)).told.endswith("(an earlier attempt had made it)")
    release(resumed, step(StepKind.RELEASE, back=True))
    assert rollouts.api.lease is None
