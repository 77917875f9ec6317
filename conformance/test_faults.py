"""A platform that refuses, stalls, forgets and fails: every redeploy ends fully new, fully old, or
stuck with the commands that finish it (test_stuck.py).
"""

import resource
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.endings import assert_stuck_with_commands, changes_fail
from conformance.impatient import Impatient
from conformance.moments import Once, is_shift, is_shift_of, told
from conformance.rolling import SERVICES, Rolling, ended, rolling
from conformance.test_kills import assert_new, assert_old
from skewcheck.core.rollout.journal import Outcome
from skewcheck.sandbox import story
from skewcheck.sandbox.api import faults
from skewcheck.sandbox.api.faults import Fault
from skewcheck.sandbox.images import Image

Record = Callable[[str, object], None]
_UNAVAILABLE = faults.error(503, "UNAVAILABLE", "The service is currently unavailable.")
_CONFLICT = faults.error(409, "ABORTED", "Conflict for resource: another update came first.")


@pytest.mark.parametrize(
    ("number", "calls", "fault"),
    [
        pytest.param(2, 1, faults.internal(), id="500 for a new revision"),
        pytest.param(4, 2, _UNAVAILABLE, id="503 twice for the backend's traffic"),
        pytest.param(5, 1, _CONFLICT, id="409 for the frontend's traffic"),
        pytest.param(6, 1, faults.too_many(), id="429 for an invalidation"),
        pytest.param(9, 2, faults.too_many(), id="429 twice for a lease given back"),
    ],
)
def test_what_passes_is_borne(
    tmp_path: Path, number: int, calls: int, fault: Fault, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        begins = Once(scene, lambda: changes_fail(scene, fault, calls), number=number)
        end = scene.run(*scene.redeploy_words())
        assert begins.happened.is_set()
        assert end.code == 0, end
        assert_new(scene)
        record_property("fault", "passing -> fully new")


def test_another_writer_that_changes_something_else_is_read_again(
    tmp_path: Path, record_property: Record
) -> None:
    """The etag is another one just when the backend's traffic is to be moved."""
    with rolling(tmp_path) as scene:
        label = {"labels": {"team": "api"}}
        wrote = Once(
            scene,
            lambda: scene.world.cloud.update(story.API, label, mask="labels"),
            matches=is_shift,
        )
        end = scene.run(*scene.redeploy_words())
        assert wrote.happened.is_set()
        assert end.code == 0, end
        assert scene.world.cloud.service(story.API)["labels"] == label["labels"]
        assert_new(scene)
        record_property("fault", "another writer's label -> fully new")


@pytest.mark.parametrize("moves", ["backend", "frontend"])
def test_what_another_writer_has_moved_is_left_alone(
    tmp_path: Path, moves: str, record_property: Record
) -> None:
    """Somebody deploys just before the service's traffic is to be moved."""
    with rolling(tmp_path) as scene:
        history = scene.world.history
        deploy = {"backend": scene.world.deploy_backend, "frontend": scene.world.deploy_frontend}
        moved = Once(
            scene, lambda: deploy[moves](history.format_change), matches=is_shift_of(moves)
        )
        end = scene.run(*scene.redeploy_words())
        assert moved.happened.is_set()
        assert end.code == 12, end
        assert "somebody else has moved the traffic" in told(end), end
        assert scene.serving()[moves] == history.format_change
        assert scene.serving()[_other(moves)] in {
            history.new_backend, history.new_frontend, history.bridge,
        }  # fmt: skip
        assert_stuck_with_commands(scene, end)
        record_property("fault", f"the {moves}'s traffic moved by others -> stuck, left alone")


def test_an_update_that_the_platform_fails_is_undone(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        mishaps = scene.world.cloud.cloud_run.mishaps
        Once(scene, lambda: mishaps.fail_next("Route reconciliation failed."),
             matches=is_shift_of("frontend"))  # fmt: skip
        end = scene.run(*scene.redeploy_words())
        assert end.code == 12, end
        assert "Route reconciliation failed." in told(end), end
        assert_old(scene)
        record_property("fault", "an operation fails -> fully old")


def test_an_invalidation_that_the_platform_fails_is_undone(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        scene.world.cloud.url_maps.fail_next("The invalidation failed.")
        end = scene.run(*scene.redeploy_words())
        assert end.code == 12, end
        assert "The invalidation failed." in told(end), end
        assert_old(scene)
        record_property("fault", "an invalidation fails -> fully old")


def test_a_revision_that_never_gets_ready_is_told_in_the_platforms_words(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        bridge = scene.world.history.bridge
        images = scene.world.cloud.images
        found = images.find(f"{story.API_IMAGE}:{bridge}")
        assert isinstance(found, Image)
        images.add(story.API_IMAGE, bridge, replace(found, start_failure="no such module: chat"))
        end = scene.run(*scene.redeploy_words())
        assert end.code == 12, end
        assert "is not ready and cannot serve traffic" in told(end), end
        assert "failed to start and listen on the port" in told(end), end
        _assert_serves_as_before(scene)
        assert (scene.leases(), scene.tags()) == ([], [])
        record_property("fault", "a revision never ready -> fully old")


def test_what_only_users_meet_is_found_at_the_end_and_undone(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        scene.world.backend_edge.faults.drop_subprotocol_request = True
        end = scene.run(*scene.redeploy_words())
        assert end.code == 12, end
        assert "subprotocol-lost-at-edge" in told(end), end
        assert_old(scene)
        record_property("fault", "an edge that drops a header -> fully old")


def test_an_invalidation_without_effect_is_seen_and_undone(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        scene.world.frontend_edge.faults.ignore_invalidations = True
        view = Impatient(scene=scene).redeploy()
        assert view.outcome is Outcome.ROLLED_BACK
        assert any("invalidation-without-effect" in each.told for each in view.entries)
        assert_old(scene)
        record_property("fault", "an invalidation without effect -> fully old")


def test_updates_of_whose_end_nobody_hears_count_by_what_they_have_done(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        mishaps = scene.world.cloud.cloud_run.mishaps
        lost = Once(scene, lambda: setattr(mishaps, "loses_operations", True), matches=is_shift)
        view = Impatient(scene=scene).redeploy()
        assert lost.happened.is_set()
        assert view.outcome is Outcome.SUCCEEDED, view.entries
        assert_new(scene)
        record_property("fault", "operations that never end, though done -> fully new")


@pytest.mark.parametrize("number", [1, 4, 8])
def test_a_full_disk_ends_the_command_and_the_next_one_finishes_the_rollout(
    tmp_path: Path, number: int, record_property: Record
) -> None:
    """From that change on nothing can be written any more by the process, as on a full disk."""
    with rolling(tmp_path) as scene:
        started: list[subprocess.Popen[str]] = []

        def fill() -> None:
            resource.prlimit(started[0].pid, resource.RLIMIT_FSIZE, (1, 1))

        full = Once(scene, fill, number=number, when="after")
        started.append(scene.start(*scene.redeploy_words()))
        end = ended(started[0])
        assert full.happened.is_set()
        assert end.code == 1, end
        assert "Traceback" not in told(end), end
        assert "next: make room (df -h" in told(end), end
        finished = scene.run(*scene.redeploy_words())
        assert finished.code == 0, finished
        assert_new(scene)
        record_property("fault", "disk full under the journal -> 1 -> fully new")


def _other(service: str) -> str:
    return next(name for name in SERVICES if name != service)


def _assert_serves_as_before(scene: Rolling) -> None:
    history = scene.world.history
    assert scene.serving() == {
        "frontend": history.new_frontend, "backend": history.new_backend,
    }  # fmt: skip
    assert scene.edge_build() == history.new_frontend
