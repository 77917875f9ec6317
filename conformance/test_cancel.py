"""Stopped by a person at every moment, and not begun where a person said so beforehand."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.conftest import DATABASES
from conformance.moments import Once, etags, is_shift_of, promise, told
from conformance.rolling import Executioner, Rolling, is_change, rolling
from conformance.test_kills import assert_new
from skewcheck.sandbox.api.http import Moment
from tests.programs import Ended

Record = Callable[[str, object], None]
# Two claims, two revisions, the backend's traffic, the frontend's, three paths, two releases; and
# one more, so that none is left out.
CHANGES = range(12)
# From the first lease that is given back on, everything has been seen to hold.
FIRST_RELEASE = 9


@pytest.mark.parametrize("number", CHANGES)
def test_a_redeploy_stopped_at_any_change_ends_fully_old_or_fully_new(
    tmp_path: Path, number: int, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        stop = _Stop(scene, number=number)
        end = scene.run(*scene.redeploy_words())
        if number == len(CHANGES) - 1:
            assert not stop.at.happened.is_set()
        else:
            assert stop.ended().code == 0, stop.ended()
        _assert_ended(scene, end, new=number >= FIRST_RELEASE)
        outcome = "fully new" if number >= FIRST_RELEASE else "fully old"
        record_property("stopped", f"while it rolls out -> {outcome}")


@pytest.mark.parametrize("database", DATABASES)
def test_a_cancel_of_a_rollout_that_nobody_carries_out_counts_when_somebody_does(
    tmp_path: Path,
    database: str,
    state_url: Callable[[str], dict[str, str]],
    record_property: Record,
) -> None:

    with rolling(tmp_path) as scene:
        env = state_url(database)
        killer = Executioner(scene, 0, is_shift_of("frontend"))
        killer.victim = scene.start(*scene.redeploy_words(), **env)
        killer.victim.communicate(timeout=120)
        scene.world.cloud.control_plane.on_call = scene.watch
        assert scene.run("rollouts", "cancel", "staging", **env).code == 0
        end = scene.run("rollouts", "resume", "staging", **env)
        _assert_ended(scene, end, new=False)
        record_property("stopped", f"after its process died, {database} -> fully old")


def test_a_redeploy_that_waits_for_old_clients_is_stopped_at_once(
    tmp_path: Path, record_property: Record
) -> None:
    """Twenty minutes are left to wait when it is stopped."""
    with rolling(tmp_path, lingers="20m") as scene:
        history = scene.world.history
        scene.serve_bridge_behind_old_clients()
        stop = _Stop(scene, matches=_after_an_invalidation())
        end = scene.run(*scene.client_first_words())
        assert stop.ended().code == 0
        assert end.code == 12, end
        assert "while waiting for old clients of frontend" in told(end), end
        assert scene.serving() == {"frontend": history.new_frontend, "backend": history.bridge}
        assert scene.edge_build() == history.new_frontend
        assert (scene.leases(), scene.tags()) == ([], [])
        record_property("stopped", "while it waits -> fully old")


def test_nothing_can_be_stopped_where_nothing_goes_on(tmp_path: Path) -> None:
    with rolling(tmp_path) as scene:
        end = scene.run("rollouts", "cancel", "staging")
        assert end.code == 2
        assert "no rollout is under way in staging" in told(end), end


def test_a_hold_keeps_everybody_from_starting_until_it_is_released(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        before = etags(scene)
        assert scene.run("hold", "staging", "demo for the board", USER="ada").code == 0
        refused = scene.run(*scene.redeploy_words(), USER="grace")
        assert refused.code == 10, refused
        assert f"staging is held by ada@{socket.gethostname()}: demo for the board" in told(
            refused
        ), refused
        assert "next: skewcheck hold staging --release" in told(refused), refused
        assert etags(scene) == before
        assert scene.run("hold", "staging", "--release", USER="ada").code == 0
        _assert_ended(scene, scene.run(*scene.redeploy_words(), USER="grace"), new=True)
        record_property("not begun", "held -> 10")


def test_a_hold_until_a_moment_that_is_over_is_a_mistake(tmp_path: Path) -> None:
    with rolling(tmp_path) as scene:
        wrong = scene.run("hold", "staging", "demo", "--until", "2020-01-01")
        assert wrong.code == 2
        assert "'2020-01-01' is over" in told(wrong), wrong
        assert "staging is not held" in scene.run("hold", "staging").out


def test_a_hold_does_not_stop_what_is_under_way(tmp_path: Path, record_property: Record) -> None:
    with rolling(tmp_path) as scene:
        held = Once(scene, lambda: scene.run("hold", "staging", "too late"), number=4)
        _assert_ended(scene, scene.run(*scene.redeploy_words()), new=True)
        assert held.happened.is_set()
        record_property("not begun", "held when it was under way -> goes on")


def test_a_freeze_of_the_policy_keeps_everybody_from_starting(
    tmp_path: Path, record_property: Record
) -> None:
    """Two halves of a week that overlap: it is frozen whenever this runs."""
    halves = [
        {"from": "Mon 00:00", "to": "Fri 12:00", "zone": "UTC"},
        {"from": "Fri 11:00", "to": "Mon 01:00", "zone": "UTC"},
    ]
    with rolling(tmp_path) as scene:
        before = etags(scene)
        promise(scene, freeze=halves)
        refused = scene.run(*scene.redeploy_words())
        assert refused.code == 10, refused
        assert "frozen from" in told(refused), refused
        assert etags(scene) == before
        record_property("not begun", "frozen -> 10")


def test_a_plan_that_needs_approval_starts_once_another_person_has_approved_it(
    tmp_path: Path, record_property: Record
) -> None:
    grace = f"grace@{socket.gethostname()}"
    with rolling(tmp_path) as scene:
        promise(scene, approvals={"count": "1", "by": [grace]})
        refused = scene.run(*scene.redeploy_words(), USER="ada")
        assert refused.code == 10, refused
        digest = _digest_in(refused)
        by_herself = scene.run("rollouts", "approve", "staging", digest, USER="ada")
        assert by_herself.code == 10, by_herself
        assert scene.run(*scene.redeploy_words(), USER="ada").code == 10
        assert scene.run("rollouts", "approve", "staging", digest, USER="grace").code == 0
        _assert_ended(scene, scene.run(*scene.redeploy_words(), USER="ada"), new=True)
        record_property("not begun", "not approved -> 10, approved -> 0")


class _Stop:
    """`skewcheck rollouts cancel`, given by somebody else while a request is on its way."""

    def __init__(
        self, scene: Rolling, *, number: int = 0, matches: Callable[[Moment], bool] = is_change
    ) -> None:
        self._scene = scene
        self._ended: list[Ended] = []
        self.at = Once(scene, self._act, number=number, matches=matches)

    def ended(self) -> Ended:
        return self._ended[0]

    def _act(self) -> None:
        self._ended.append(self._scene.run("rollouts", "cancel", "staging", USER="grace"))


def _after_an_invalidation() -> Callable[[Moment], bool]:
    """Updates that come after the first invalidation: leases that are renewed for the wait."""
    seen: list[Moment] = []

    def matches(moment: Moment) -> bool:
        if moment.path.endswith("invalidateCache"):
            seen.append(moment)
        return bool(seen) and moment.method == "PATCH" and _leases_longer(moment)

    return matches


def _leases_longer(moment: Moment) -> bool:
    return moment.query.get("updateMask") == "annotations"


def _digest_in(end: Ended) -> str:
    return end.err.rpartition("rollouts approve staging ")[2].split()[0]


def _assert_ended(scene: Rolling, end: Ended, *, new: bool) -> None:
    assert end.code == (0 if new else 12), end
    if new:
        assert_new(scene)
        return
    history = scene.world.history
    assert scene.serving() == {
        "frontend": history.new_frontend, "backend": history.new_backend,
    }  # fmt: skip
    assert scene.edge_build() == history.new_frontend
    assert (scene.leases(), scene.tags()) == ([], [])
