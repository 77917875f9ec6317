"""One rollout, killed at one change after the other by every process that carries it on: it ends as
if nobody had died.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.conftest import DATABASES
from conformance.rolling import Executioner, Rolling, is_change, rolling
from conformance.test_kills import assert_new, assert_old
from skewcheck.sandbox.api.http import Moment

# The changes of a redeploy of two services: leases, candidates, traffic, one invalidation a path,
# leases given back; and on the way back traffic, invalidations and leases again.
FORWARD, AND_BACK = 11, 16


@pytest.mark.timeout(600)  # some twenty processes, one after the other
@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("goes_back", [False, True], ids=["forward", "and back"])
def test_a_redeploy_killed_again_and_again_ends_as_if_nobody_had_died(
    tmp_path: Path,
    database: str,
    when: str,
    *,
    goes_back: bool,
    state_url: Callable[[str], dict[str, str]],
    record_property: Callable[[str, object], None],
) -> None:
    with rolling(tmp_path) as scene:
        scene.world.backend_edge.faults.drop_subprotocol_request = goes_back
        deaths = _killed_at_each_change(scene, when, state_url(database))
        (assert_old if goes_back else assert_new)(scene)
    assert deaths >= (AND_BACK if goes_back else FORWARD)
    record_property("killed again and again", f"{deaths} times {when} a change, {database}")


def _killed_at_each_change(scene: Rolling, when: str, env: dict[str, str]) -> int:
    """How many processes died."""
    deadly: set[str] = set()

    def is_due(moment: Moment) -> bool:
        again = _is_sent_again(moment)
        if moment.when != when or not is_change(moment) or again in deadly:
            return False
        deadly.update({again} - {""})
        return True

    words = scene.redeploy_words()
    for deaths in range(50):
        killer = Executioner(scene, 0, is_due)
        killer.victim = scene.start(*words, **env)
        out, err = killer.victim.communicate(timeout=120)
        if killer.killed_at is None:
            assert "every step:" in out, out + err
            return deaths
        words = ("rollouts", "resume", "staging")
    raise AssertionError("it makes no progress")


def _is_sent_again(moment: Moment) -> str:
    """What the next process sends once more, because nobody knows of an answer, or because a lease
    is renewed: that kills nobody a second time."""
    if moment.query.get("updateMask") == "annotations":
        return moment.path
    return moment.query.get("requestId", "")
