"""Killed before and after every change that a redeploy makes: whoever comes next finishes it, and
the environment ends fully new, or, where it was on its way back, fully old.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.rolling import Executioner, Rolling, rolling

# One more than there are, so that none is left out: the last one kills nobody, and is told apart.
# The moments are the platform's, and the same for both databases: on PostgreSQL every third is
# taken, which is before a change as often as after one.
MOMENTS = [
    *(("sqlite", number) for number in range(23)),
    *(("postgresql", number) for number in range(0, 23, 3)),
]
BACK_MOMENTS = [
    *(("sqlite", number) for number in range(37)),
    *(("postgresql", number) for number in range(1, 36, 3)),
]


@pytest.mark.parametrize(("database", "number"), MOMENTS)
def test_a_killed_redeploy_is_finished_by_the_next_command(
    tmp_path: Path,
    database: str,
    number: int,
    state_url: Callable[[str], dict[str, str]],
    record_property: Callable[[str, object], None],
) -> None:
    with rolling(tmp_path) as scene:
        env = state_url(database)
        killer = _killed(scene, number, env)
        if killer.killed_at is None:
            record_property("beyond", number)
            assert_new(scene)
            return
        words = ("rollouts", "resume", "staging") if number % 2 else scene.redeploy_words()
        ended = scene.run(*words, **env)
        assert ended.code == 0, ended.err + ended.out
        assert_new(scene)
        how = f"{killer.killed_at.when} {killer.killed_at.method} -> new"
        record_property("killed", f"{database}, {how}")


@pytest.mark.parametrize(("database", "number"), BACK_MOMENTS)
def test_a_redeploy_killed_on_its_way_back_is_undone_by_the_next_command(
    tmp_path: Path,
    database: str,
    number: int,
    state_url: Callable[[str], dict[str, str]],
    record_property: Callable[[str, object], None],
) -> None:
    with rolling(tmp_path) as scene:
        scene.world.backend_edge.faults.drop_subprotocol_request = True
        env = state_url(database)
        killer = _killed(scene, number, env)
        if killer.killed_at is not None:
            ended = scene.run("rollouts", "resume", "staging", **env)
            assert ended.code == 12, ended.err + ended.out
            how = f"{killer.killed_at.when} {killer.killed_at.method} -> old"
            record_property("killed", f"{database}, {how}")
        else:
            record_property("beyond", number)
        assert_old(scene)


def _killed(scene: Rolling, number: int, env: dict[str, str]) -> Executioner:
    killer = Executioner(scene, number)
    killer.victim = scene.start(*scene.redeploy_words(), **env)
    out, err = killer.victim.communicate(timeout=120)
    assert killer.killed_at is not None or "every step:" in out, out + err
    scene.world.cloud.control_plane.on_call = scene.watch
    return killer


def assert_new(scene: Rolling) -> None:
    """Fully new, each change once, and nothing left behind."""
    bridge = scene.world.history.bridge
    assert scene.serving() == {"frontend": bridge, "backend": bridge}
    assert scene.edge_build() == bridge
    assert scene.revisions() == {"frontend": 2, "backend": 2}
    assert {name: len(splits) for name, splits in scene.splits.items()} == {
        "frontend": 2, "backend": 2,
    }  # fmt: skip
    assert (scene.leases(), scene.tags(), scene.follows_latest()) == ([], [], {True})


def assert_old(scene: Rolling) -> None:
    """Fully old, and what is left behind is no lease and no tag."""
    history = scene.world.history
    assert scene.serving() == {
        "frontend": history.new_frontend, "backend": history.new_backend,
    }  # fmt: skip
    assert scene.edge_build() == history.new_frontend
    assert scene.revisions() == {"frontend": 2, "backend": 2}
    assert (scene.leases(), scene.tags()) == ([], [])
