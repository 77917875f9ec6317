"""Waits until old clients are gone; whoever waits may die, and whoever asks may stop it."""

from datetime import timedelta

from skewcheck.core.rollout.journal import Outcome
from tests.builders import NOW
from tests.engine_fakes import PowerCut
from tests.flows.rollout.world import ROLLOUT, Rollouts, place

HOUR = timedelta(hours=1)


def test_the_wait_ends_when_the_last_old_client_must_be_gone() -> None:
    rollouts = Rollouts("client first")
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    assert rollouts.told("wait web in wave 2") == (
        "the old clients of web had until 2026-11-23 23:10 UTC"
    )
    at = {entry.key: entry.at for entry in rollouts.journal()}
    assert at["wait web in wave 2"] - at["see-edge web in wave 1"] == HOUR


def test_on_the_way_back_the_new_clients_are_waited_for() -> None:
    rollouts = Rollouts("server first")
    rollouts.then["see-edge web in wave 2"] = lambda: rollouts.notes.cancel(ROLLOUT, "kim", NOW)
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    at = {entry.key: entry.at for entry in rollouts.journal()}
    assert at["undo wait web in wave 2"] - at["undo see-edge web in wave 2"] == HOUR
    assert rollouts.told("undo wait web in wave 2").startswith("the new clients of web had until")


def test_it_can_be_stopped_while_it_waits() -> None:
    rollouts = Rollouts("client first")

    def stops() -> None:
        if rollouts.world.clock.now() > NOW + timedelta(minutes=10):
            rollouts.notes.cancel(ROLLOUT, "kim", rollouts.world.clock.now())

    rollouts.world.clock.then = stops
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    [stopped] = [entry for entry in rollouts.journal() if entry.key == "wait web in wave 2"]
    assert stopped.told == "stopped by kim while waiting for old clients of web"
    assert stopped.cancelled
    assert stopped.at < NOW + timedelta(minutes=11)
    assert rollouts.cloud.edge == rollouts.old.value


def test_the_way_back_cannot_be_stopped() -> None:
    rollouts = Rollouts("server first")
    rollouts.then["see-edge web in wave 2"] = lambda: rollouts.notes.cancel(ROLLOUT, "kim", NOW)
    rollouts.redeploy()
    assert [entry.key for entry in rollouts.journal() if entry.cancelled] == ["probe"]


def test_who_dies_while_waiting_waits_no_longer_for_that() -> None:
    rollouts = Rollouts("client first")

    def dies() -> None:
        if rollouts.world.clock.now() > NOW + timedelta(minutes=10):
            rollouts.world.clock.then = lambda: None
            raise PowerCut

    rollouts.world.clock.then = dies
    try:
        rollouts.redeploy()
    except PowerCut:
        rollouts.world.clock.at += timedelta(minutes=20)
    assert rollouts.follow() is Outcome.SUCCEEDED
    assert rollouts.world.clock.now() - NOW < HOUR + timedelta(minutes=1)


def test_nobody_can_take_over_what_a_waiting_rollout_holds_though_nobody_is_there() -> None:
    rollouts = Rollouts("client first")
    seen = []

    def looks() -> None:
        lease = rollouts.writes.lease(place("api"))
        if lease is not None:
            seen.append(lease.until - NOW)

    rollouts.world.clock.then = looks
    rollouts.redeploy()
    assert max(seen) > HOUR + timedelta(minutes=10)
