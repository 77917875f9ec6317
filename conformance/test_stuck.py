"""What cannot even go back is stuck, says so, and names the commands; `rollouts resume` ends it
once the fault is gone.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.endings import (
    FOR_EVER,
    assert_resumes_to_the_old,
    assert_stuck_with_commands,
    changes_fail,
)
from conformance.impatient import Impatient
from conformance.moments import Once, is_shift_of
from conformance.rolling import rolling
from conformance.test_kills import assert_new
from skewcheck.core.rollout.journal import Outcome
from skewcheck.sandbox.api import faults
from skewcheck.sandbox.api.faults import Fault

Record = Callable[[str, object], None]
_CONFLICT = faults.error(409, "ABORTED", "Conflict for resource: another update came first.")


def test_an_update_that_never_ends_is_stuck_until_the_platform_goes_on(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        mishaps = scene.world.cloud.cloud_run.mishaps
        Once(scene, mishaps.stall, matches=is_shift_of("frontend"))
        view = Impatient(scene=scene).redeploy()
        assert view.outcome is Outcome.STUCK, view.entries
        assert view.by_hand
        assert scene.leases()
        mishaps.resume()
        assert_resumes_to_the_old(scene)
        record_property("fault", "an update never ends -> stuck -> fully old")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(faults.internal(), id="500"),
        pytest.param(_CONFLICT, id="409"),
    ],
)
def test_what_does_not_pass_is_stuck_until_it_does(
    tmp_path: Path, fault: Fault, record_property: Record
) -> None:
    """No update is taken any more from the frontend's move on."""
    with rolling(tmp_path) as scene:
        Once(scene, lambda: changes_fail(scene, fault, FOR_EVER), matches=is_shift_of("frontend"))
        end = scene.run(*scene.redeploy_words())
        assert_stuck_with_commands(scene, end)
        scene.world.cloud.faults.clear()
        assert_resumes_to_the_old(scene)
        record_property("fault", "no update is taken any more -> stuck -> fully old")


def test_credentials_that_expire_midway_leave_it_stuck_until_they_are_renewed(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        cloud = scene.world.cloud
        Once(scene, lambda: cloud.faults.always(faults.unauthenticated()),
             matches=is_shift_of("frontend"))  # fmt: skip
        end = scene.run(*scene.redeploy_words())
        assert_stuck_with_commands(scene, end)
        cloud.faults.clear()
        assert_resumes_to_the_old(scene)
        record_property("fault", "credentials expire -> stuck -> fully old")


def test_credentials_that_expire_when_all_has_been_seen_to_hold_cost_only_time(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        cloud = scene.world.cloud
        Once(scene, lambda: cloud.faults.always(faults.unauthenticated()), number=9)
        end = scene.run(*scene.redeploy_words())
        assert_stuck_with_commands(scene, end)
        cloud.faults.clear()
        resumed = scene.run("rollouts", "resume", "staging")
        assert resumed.code == 0, resumed
        assert_new(scene)
        record_property("fault", "credentials expire at the end -> stuck -> fully new")
