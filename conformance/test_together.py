"""Several at once: one rollout where a database is shared, one after the other where none is."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.conftest import DATABASES
from conformance.moments import (
    Held,
    etags,
    is_read,
    is_shift,
    let_leases_expire,
    rollouts_in,
    told,
)
from conformance.rolling import SERVICES, Executioner, Rolling, ended, rolling
from conformance.test_kills import assert_new

Record = Callable[[str, object], None]


@pytest.mark.parametrize("database", DATABASES)
def test_two_who_start_at_the_same_moment_carry_out_one_rollout(
    tmp_path: Path,
    database: str,
    state_url: Callable[[str], dict[str, str]],
    record_property: Record,
) -> None:
    with rolling(tmp_path) as scene:
        env, states = state_url(database), _states(database)
        started = [scene.start(*scene.redeploy_words(), state=each, **env) for each in states]
        ends = [ended(each) for each in started]
        assert [end.code for end in ends] == [0, 0], ends
        assert_new(scene)
        listed = scene.run("rollouts", "list", "staging", state=states[0], **env)
        assert len(rollouts_in(listed.out)) == 1, listed.out
        record_property("together", f"double click on {database} -> one rollout")


@pytest.mark.parametrize("database", DATABASES)
def test_the_same_plan_asked_for_twice_returns_the_first(
    tmp_path: Path,
    database: str,
    state_url: Callable[[str], dict[str, str]],
    record_property: Record,
) -> None:
    with rolling(tmp_path) as scene:
        env, states = state_url(database), _states(database)
        held = Held(scene, matches=is_shift)
        first = scene.start(*scene.redeploy_words(), state=states[0], **env)
        held.wait_until_reached()
        second = scene.start(*scene.redeploy_words(), state=states[1], **env)
        assert second.stderr is not None
        line = second.stderr.readline()
        held.let_go()
        ends = [ended(first), ended(second)]
        assert [end.code for end in ends] == [0, 0], ends
        assert "is unfinished: it goes on first" in line
        assert rollouts_in(line) == rollouts_in(ends[0].out)
        assert_new(scene)
        record_property("together", f"asked again on {database} -> the first")


def test_another_plan_is_refused_with_the_name_of_the_one_under_way(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        planning = Held(scene, matches=is_read)
        backend_only = f"--candidate=backend={scene.world.history.bridge}"
        other = scene.start("redeploy", "staging", backend_only, "--yes")
        planning.wait_until_reached()
        held = Held(scene)
        first = scene.start(*scene.redeploy_words())
        held.wait_until_reached()
        planning.let_go()
        refused = ended(other)
        held.let_go()
        first_end = ended(first)
        assert (first_end.code, refused.code) == (0, 12), (first_end, refused)
        assert "of another plan is under way in staging" in told(refused), refused
        assert rollouts_in(refused.err) == rollouts_in(first_end.out)
        assert_new(scene)
        record_property("together", "another plan -> refused")


def test_machines_without_a_common_database_exclude_each_other(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path) as scene:
        held = Held(scene, matches=is_shift)
        first = scene.start(*scene.redeploy_words(), state="one", USER="ada")
        held.wait_until_reached()
        before = etags(scene)
        second = scene.run(*scene.redeploy_words(), state="two", USER="grace")
        after = etags(scene)
        held.let_go()
        first_end = ended(first)
        assert (first_end.code, second.code) == (0, 12), (first_end, second)
        assert after == before
        said = told(second)
        (name,) = rollouts_in(first_end.out)
        assert f"is held by rollout {name} (ada@{socket.gethostname()}" in said
        assert "since 20" in said
        assert_new(scene)
        record_property("together", "two machines without a database -> one refused")


def test_they_exclude_each_other_even_where_they_move_different_services(
    tmp_path: Path, record_property: Record
) -> None:
    """Each plan is safe as long as nothing else moves."""
    with rolling(tmp_path) as scene:
        build = scene.world.history.format_change
        held = Held(scene, matches=is_shift)
        words = ("redeploy", "staging", "--yes")
        first = scene.start(*words, f"--candidate=backend={build}", state="one")
        held.wait_until_reached()
        before = etags(scene)
        second = scene.run(*words, f"--candidate=frontend={build}", state="two")
        after = etags(scene)
        held.let_go()
        first_end = ended(first)
        assert (first_end.code, second.code) == (0, 12), (first_end, second)
        assert "acme-api@us-central1 is held by rollout" in told(second), second
        assert after == before
        assert scene.serving() == {
            "frontend": scene.world.history.new_frontend, "backend": build,
        }  # fmt: skip
        assert scene.leases() == []
        record_property("together", "different services, no common database -> one refused")


def test_an_expired_lease_is_taken_over_and_whoever_left_it_undoes_nothing_any_more(
    tmp_path: Path, record_property: Record
) -> None:
    """The first machine dies between its waves; were its way back still open once the second has
    finished, it would take the server away beneath the new clients."""
    with rolling(tmp_path) as scene:
        _leave_half_done(scene)
        second = scene.run(*scene.redeploy_words(), state="two")
        assert second.code == 0, second.out + second.err
        assert told(second).count("an expired lease was taken over") == len(SERVICES)
        _assert_bridge_serves(scene)
        late = scene.run("rollouts", "resume", "staging", state="one")
        assert late.code == 12, late.out + late.err
        _assert_bridge_serves(scene)
        record_property("together", "an expired lease -> taken over, for good")


def test_who_took_over_goes_back_to_what_it_was_planned_over(
    tmp_path: Path, record_property: Record
) -> None:
    """Not to what served before the rollout that left the lease: nobody has planned that way."""
    with rolling(tmp_path) as scene:
        _leave_half_done(scene)
        found = scene.serving()
        scene.world.backend_edge.faults.drop_subprotocol_request = True
        other = f"--candidate=backend={scene.world.history.format_change}"
        second = scene.run("redeploy", "staging", other, "--yes", state="two")
        assert second.code == 12, second.out + second.err
        assert "an expired lease was taken over" in told(second), second
        assert "ROLLED BACK" in told(second), second
        assert scene.serving() == found
        assert scene.leases() == []
        record_property("together", "an expired lease, then a failure -> as it was found")


def _leave_half_done(scene: Rolling) -> None:
    """By a machine that dies when the backend serves the bridge and the frontend does not yet; its
    leases expire."""
    bridge = scene.world.history.bridge
    killer = Executioner(scene, 0, lambda at: is_read(at) and scene.serving()["backend"] == bridge)
    killer.victim = scene.start(*scene.redeploy_words(), state="one")
    killer.victim.communicate(timeout=120)
    assert killer.killed_at is not None
    scene.world.cloud.control_plane.on_call = scene.watch
    new_frontend = scene.world.history.new_frontend
    assert scene.serving() == {"frontend": new_frontend, "backend": bridge}
    let_leases_expire(scene)


def _assert_bridge_serves(scene: Rolling) -> None:
    bridge = scene.world.history.bridge
    assert scene.serving() == {"frontend": bridge, "backend": bridge}
    assert scene.edge_build() == bridge
    assert scene.leases() == []


def _states(database: str) -> tuple[str, str]:
    """One folder of one machine, or two machines that share nothing but the database."""
    return ("state", "state") if database == "sqlite" else ("one", "two")
