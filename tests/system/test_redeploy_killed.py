"""A sample of the kills that `make conformance` does at every moment."""

from pathlib import Path

import pytest

from conformance.rolling import Executioner, is_change, rolling
from conformance.test_kills import assert_new
from skewcheck.sandbox.api.http import Moment


def is_shift(moment: Moment) -> bool:
    return is_change(moment) and "traffic" in moment.query.get("updateMask", "")


def is_invalidation(moment: Moment) -> bool:
    return moment.path.endswith("invalidateCache")


@pytest.mark.parametrize(
    ("matches", "number"),
    [
        pytest.param(is_shift, 5, id="after the first shift took effect"),
        pytest.param(is_invalidation, 0, id="before the edge was told to forget"),
    ],
)
def test_a_killed_redeploy_is_finished_by_the_next_one(
    tmp_path: Path, matches: object, number: int
) -> None:
    with rolling(tmp_path) as scene:
        killer = Executioner(scene, number, matches)  # type: ignore[arg-type]
        killer.victim = scene.start(*scene.redeploy_words())
        killer.victim.communicate(timeout=120)
        scene.world.cloud.control_plane.on_call = scene.watch
        assert killer.killed_at is not None
        assert scene.run(*scene.redeploy_words()).code == 0
        assert_new(scene)
