"""Block or trigger: a gate that finds skew starts the redeploy that mends it, and ends by how that
ended; the cascade guard refuses what would go on for ever.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from conformance.moments import etags, promise, told
from conformance.rolling import Rolling, rolling
from tests.programs import Ended

Record = Callable[[str, object], None]
_REFUSED = "no redeploy was started: "


def test_a_gate_that_finds_skew_redeploys_and_ends_by_the_outcome(
    tmp_path: Path, record_property: Record
) -> None:
    with _skewed(tmp_path) as scene:
        mended = scene.run("gate", "staging", "--on-skew", "redeploy")
        assert mended.code == 0, mended
        assert mended.out.startswith("BLOCK")
        assert "SUCCEEDED" in told(mended), mended
        _assert_mended(scene)
        record_property("trigger", "mended -> 0")


def test_a_redeploy_that_fails_leaves_the_gate_with_its_code_and_is_not_tried_again(
    tmp_path: Path, record_property: Record
) -> None:
    with _skewed(tmp_path) as scene:
        scene.world.cloud.url_maps.fail_next("The invalidation failed.")
        failed = scene.run("gate", "staging", "--on-skew", "redeploy")
        assert failed.code == 12, failed
        assert "ROLLED BACK" in told(failed), failed
        assert scene.serving()["frontend"] == scene.world.history.old
        before = etags(scene)
        again = scene.run("gate", "staging", "--on-skew", "redeploy")
        _assert_refused(again, "was already tried for this very world")
        _assert_refused(again, "is rolled-back, and the same is promised as then")
        assert etags(scene) == before
        record_property("trigger", "failed -> 12, tried again -> 10")


def test_the_policy_triggers_and_limits_how_often_in_a_day(
    tmp_path: Path, record_property: Record
) -> None:
    with _skewed(tmp_path) as scene:
        promise(scene, on_skew="redeploy", redeploys_per_day="1")
        mended = scene.run("gate", "staging")
        assert mended.code == 0, mended
        _assert_mended(scene)
        _make_the_edge_stale(scene)
        before = etags(scene)
        refused = scene.run("gate", "staging")
        _assert_refused(refused, "policy: redeploys_per_day: 1")
        assert etags(scene) == before
        record_property("trigger", "too many a day -> 10")


def test_the_command_line_outranks_the_policy(tmp_path: Path, record_property: Record) -> None:
    with _skewed(tmp_path) as scene:
        promise(scene, on_skew="redeploy")
        before = etags(scene)
        assert scene.run("gate", "staging", "--on-skew", "block").code == 10
        assert etags(scene) == before
        record_property("trigger", "--on-skew block -> 10")


def test_the_same_world_is_tried_once_even_if_it_went_well(
    tmp_path: Path, record_property: Record
) -> None:
    """Somebody else brings the old build back each time: that is not to be fought."""
    with _skewed(tmp_path) as scene:
        assert scene.run("gate", "staging", "--on-skew", "redeploy").code == 0
        scene.world.deploy_frontend(scene.world.history.old)
        scene.world.heal()
        scene.world.prime_edge()
        before = etags(scene)
        refused = scene.run("gate", "staging", "--on-skew", "redeploy")
        _assert_refused(refused, "was already tried for this very world")
        assert etags(scene) == before
        record_property("trigger", "the same world twice -> 10")


def test_nothing_starts_by_itself_after_a_rollback_to_what_is_promised(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        bridge = scene.world.history.bridge
        assert scene.run(*scene.redeploy_words()).code == 0
        assert scene.run("rollback", "staging", "--yes").code == 0
        _make_the_edge_stale(scene)
        before = etags(scene)
        candidates = [f"--candidate={name}={bridge}" for name in ("frontend", "backend")]
        refused = scene.run("gate", "staging", *candidates, "--strict", "--on-skew", "redeploy")
        _assert_refused(refused, "is a rollback, and the same is promised as then")
        assert etags(scene) == before
        record_property("trigger", "after a rollback -> 10")


def test_a_hold_keeps_it_from_starting(tmp_path: Path, record_property: Record) -> None:
    with _skewed(tmp_path) as scene:
        before = etags(scene)
        assert scene.run("hold", "staging", "demo for the board", USER="ada").code == 0
        refused = scene.run("gate", "staging", "--on-skew", "redeploy")
        _assert_refused(
            refused, f"staging is held by ada@{socket.gethostname()}: demo for the board"
        )
        assert etags(scene) == before
        record_property("trigger", "held -> 10")


def test_in_a_build_step_it_needs_a_database_that_outlives_it(
    tmp_path: Path, record_property: Record
) -> None:
    """Cloud Build sets BUILDER_OUTPUT in each step."""
    with _skewed(tmp_path) as scene:
        before = etags(scene)
        refused = scene.run("gate", "staging", "--on-skew", "redeploy", BUILDER_OUTPUT="/builder")
        assert refused.code == 2, refused
        assert "SKEWCHECK_STATE_URL" in told(refused), refused
        assert etags(scene) == before
        record_property("trigger", "in a build step without a database -> 2")


@contextmanager
def _skewed(folder: Path) -> Iterator[Rolling]:
    """The incident: the frontend was never deployed, and speaks what the backend reads no more."""
    with rolling(folder) as scene:
        scene.world.cloud.behind = timedelta(days=2)
        scene.world.deploy_frontend(scene.world.history.old)
        scene.world.cloud.behind = timedelta(0)
        scene.world.heal()
        scene.world.prime_edge()
        yield scene


def _make_the_edge_stale(scene: Rolling) -> None:
    """It got the old page once more, before somebody deployed what is served now."""
    now = scene.serving()["frontend"]
    scene.world.deploy_frontend(scene.world.history.old)
    scene.world.heal()
    scene.world.prime_edge()
    scene.world.deploy_frontend(now)


def _assert_mended(scene: Rolling) -> None:
    history = scene.world.history
    assert scene.serving() == {
        "frontend": history.new_frontend, "backend": history.new_backend,
    }  # fmt: skip
    assert scene.edge_build() == history.new_frontend
    assert scene.leases() == []


def _assert_refused(end: Ended, why: str) -> None:
    assert end.code == 10, end
    assert _REFUSED in told(end), end
    assert why in told(end), end
