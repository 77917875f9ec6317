"""What a rollout's steps share: leases as they are to stand, and looking until it is true."""

from datetime import timedelta

from skewcheck.flows.rollout.hands import until_true
from tests.builders import NOW
from tests.flows.rollout.world import ROLLOUT, Rollouts, on_cloud_run
from tests.flows.worlds import API

TWO_REGIONS = on_cloud_run("api", API, cloud_run={"regions": ["us-east1", "us-west1"]})


def test_a_lease_names_who_carries_it_out_and_what_to_go_back_to() -> None:
    work = Rollouts().work()
    lease = work.lease(work.order.service("api"), 0)
    assert (lease.rollout, lease.environment, lease.holder) == (
        ROLLOUT,
        "staging",
        "ada on build-7",
    )
    assert [share.revision for share in lease.before.shares] == ["api-00001"]
    assert lease.before.followed_latest
    assert lease.until == NOW + timedelta(seconds=900)


def test_a_lease_stands_for_as_long_as_is_asked_but_never_too_short() -> None:
    work = Rollouts().work()
    api = work.order.service("api")
    assert work.lease(api, 0, until=NOW).until == NOW + timedelta(seconds=900)
    assert work.lease(api, 0, until=NOW + timedelta(days=1)).until == NOW + timedelta(days=1)


def test_every_place_of_every_service_is_named() -> None:
    work = Rollouts(services={"api": TWO_REGIONS}).work()
    assert [(number, str(place)) for _, number, place in work.places()] == [
        (0, "api@us-east1"),
        (1, "api@us-west1"),
    ]


def test_it_is_asked_by_the_rollouts_own_name_whether_to_stop() -> None:
    rollouts = Rollouts()
    work = rollouts.work()
    rollouts.notes.cancel("another", "kim", NOW)
    assert work.stopped_by() is None
    rollouts.notes.cancel(ROLLOUT, "kim", NOW)
    assert work.stopped_by() == "kim"


def test_looking_goes_on_with_growing_pauses_until_there_is_nothing_to_complain_of() -> None:
    rollouts = Rollouts()
    complaints = ["no", "no", "not yet", ""]
    assert until_true(rollouts.work(), 60, lambda: complaints.pop(0)) == ""
    waits = rollouts.world.clock.waits
    assert waits == sorted(waits)
    assert len(waits) == 3


def test_the_last_complaint_is_told_when_the_time_is_over() -> None:
    rollouts = Rollouts()
    count = [0]

    def look() -> str:
        count[0] += 1
        return f"no {count[0]}"

    assert until_true(rollouts.work(), 60, look) == f"no {count[0]}"
    assert sum(rollouts.world.clock.waits) <= 60
    assert max(rollouts.world.clock.waits) == rollouts.patience.longest_pause


def test_without_any_time_there_is_one_look() -> None:
    rollouts = Rollouts()
    assert until_true(rollouts.work(), 0, lambda: "no") == "no"
    assert rollouts.world.clock.waits == []
