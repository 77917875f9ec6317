"""A rollout as it stands: what it does or waits for, and what it left behind."""

from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.lease import Pin
from skewcheck.flows.redeploy import (
    find_run,
    view_of,
)
from tests.builders import NOW, unreadable
from tests.engine_fakes import PowerCut
from tests.flows.rollout.world import ROLLOUT, Rollouts


def interrupted(rollouts: Rollouts) -> None:
    """A rollout that stopped half-way, and that nobody carries on."""
    rollouts.engine.dies_before = 5
    with pytest.raises(PowerCut):
        rollouts.redeploy()


def viewed(rollouts: Rollouts, *, looked: bool = False) -> Any:
    platform = rollouts.cloud if looked else None
    return view_of(rollouts.engine, find_run(rollouts.engine, "staging", None), platform)


def test_one_that_goes_on_is_shown_by_what_it_does() -> None:
    rollouts = Rollouts()
    interrupted(rollouts)
    view = viewed(rollouts)
    assert (view.outcome, view.status, len(view.entries), view.by_hand) == (None, "running", 4, ())


def test_one_that_waits_is_shown_with_until_when() -> None:
    rollouts = Rollouts("client first")

    def dies() -> None:
        raise PowerCut

    rollouts.then["see-edge web in wave 1"] = dies
    with pytest.raises(PowerCut):
        rollouts.redeploy()
    assert viewed(rollouts).status == (
        "waits until 2026-11-23 23:10 UTC for the last old clients of web"
    )


def test_one_that_succeeded_needs_no_hand() -> None:
    rollouts = Rollouts()
    rollouts.redeploy()
    view = viewed(rollouts)
    assert (view.outcome, view.status, view.by_hand) == (Outcome.SUCCEEDED, "succeeded", ())


def stuck(rollouts: Rollouts) -> Rollouts:
    """The platform refuses the way back."""

    def refuses(moment: Any) -> None:
        if moment.what == "restore":
            raise ActionFailedError("the platform refuses")

    rollouts.on_call(refuses)
    rollouts.cloud.frozen = True
    assert rollouts.redeploy() is Outcome.STUCK
    return rollouts


def test_one_that_is_stuck_is_shown_with_the_commands_that_finish_it() -> None:
    view = viewed(stuck(Rollouts()))
    assert (view.outcome, view.status) == (Outcome.STUCK, "stuck")
    assert any("--to-revisions=api-00001=100" in command for command in view.by_hand)
    assert any(command.startswith("gcloud builds triggers run") for command in view.by_hand)


def test_a_pin_that_it_left_behind_is_told_with_the_command_that_lifts_it() -> None:
    rollouts = Rollouts()
    rollouts.cloud.frozen = True
    rollouts.redeploy()
    rollouts.api.pin = Pin(rollout=ROLLOUT, at=NOW)
    [told] = viewed(rollouts, looked=True).remains
    assert told.startswith("traffic of api stays pinned")
    assert "skewcheck unpin staging api" in told
    assert viewed(rollouts).remains == ()
    rollouts.cloud.unreadable["api"] = unreadable()
    assert viewed(rollouts, looked=True).remains == ()
    rollouts.cloud.unreadable.clear()
    rollouts.api.pin = Pin(rollout="another", at=NOW)
    assert viewed(rollouts, looked=True).remains == ()
    rollouts.api.pin = None
    assert viewed(rollouts, looked=True).remains == ()


def test_no_command_moves_what_somebody_else_has_taken_over() -> None:
    rollouts = stuck(Rollouts())
    ours = viewed(rollouts, looked=True)
    assert any("update-traffic api" in command for command in ours.by_hand)
    rollouts.api.lease = None
    view = viewed(rollouts, looked=True)
    assert view.by_hand
    assert not any("update-traffic api" in command for command in view.by_hand)
    assert any(told.startswith("api is no longer held by this rollout") for told in view.remains)
