"""A crowd of clients meets the backend without pause while rollouts go on: not one of them meets a
build that it cannot talk to. A waived wait and the naive order show that the count can fail.
"""

from collections.abc import Callable
from pathlib import Path

from conformance.crowd import LINGERS, TABS, Crowd, crowd
from conformance.moments import Once, is_shift_of, told
from conformance.rolling import Executioner, Rolling, rolling

Record = Callable[[str, object], None]
_ENOUGH = 300


def test_nobody_is_let_down_while_the_server_moves_first(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path, lingers=LINGERS) as scene, crowd(scene) as people:
        end = scene.run(*scene.redeploy_words())
        assert end.code == 0, end
        people.go_on_until_met(scene.world.history.bridge)
    _assert_all_were_welcomed(scene, people, "new_frontend", "bridge")
    record_property("crowd", _told("server first", people))


def test_nobody_is_let_down_while_the_client_moves_first_and_its_tabs_are_waited_for(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path, lingers=LINGERS) as scene:
        scene.serve_bridge_behind_old_clients()
        with crowd(scene) as people:
            end = scene.run(*scene.client_first_words())
            assert end.code == 0, end
            people.go_on_until_met(scene.world.history.bridge)
    history = scene.world.history
    assert scene.serving() == {"frontend": history.bridge, "backend": history.next_protocol}
    _assert_all_were_welcomed(scene, people, "new_frontend", "bridge")
    assert "the old clients of frontend had until" in told(end), end
    record_property("crowd", _told("client first, with a wait", people))


def test_those_who_were_not_waited_for_are_let_down(
    tmp_path: Path, record_property: Record
) -> None:
    """What a person waives is what the wait is good for."""
    with rolling(tmp_path, lingers="1h") as scene:
        scene.serve_bridge_behind_old_clients()
        with crowd(scene, lives_s=3600) as people:
            reason = "--waive=frontend=nobody uses it now"
            assert scene.run(*scene.client_first_words(), reason).code == 0
            people.wait_for(5 * TABS)
    assert {client for client, _ in people.failed} == {scene.world.history.new_frontend}
    record_property("crowd", "a waived wait, let down: some")


def test_nobody_is_let_down_when_the_rollout_is_killed_between_its_waves_and_resumed(
    tmp_path: Path, record_property: Record
) -> None:
    with rolling(tmp_path, lingers=LINGERS) as scene, crowd(scene) as people:
        killer = Executioner(scene, 0, is_shift_of("frontend"))
        killer.victim = scene.start(*scene.redeploy_words())
        killer.victim.communicate(timeout=120)
        assert killer.killed_at is not None
        scene.world.cloud.control_plane.on_call = scene.watch
        end = scene.run("rollouts", "resume", "staging")
        assert end.code == 0, end
        people.go_on_until_met(scene.world.history.bridge)
    _assert_all_were_welcomed(scene, people, "new_frontend", "bridge")
    record_property("crowd", _told("killed and resumed", people))


def test_nobody_is_let_down_when_all_is_undone_after_new_clients_have_been_out(
    tmp_path: Path, record_property: Record
) -> None:
    """Stopped only when users have got the new page: their server stays until they are gone."""
    with rolling(tmp_path, lingers=LINGERS) as scene, crowd(scene) as people:
        bridge = scene.world.history.bridge

        def stop() -> None:
            people.go_on_until_met(bridge)
            assert scene.run("rollouts", "cancel", "staging").code == 0

        last = Once(
            scene, stop, number=2, when="after",
            matches=lambda at: at.path.endswith("invalidateCache"),
        )  # fmt: skip
        end = scene.run(*scene.redeploy_words())
        assert last.happened.is_set()
        assert end.code == 12, end
    history = scene.world.history
    assert scene.serving() == {
        "frontend": history.new_frontend, "backend": history.new_backend,
    }  # fmt: skip
    _assert_all_were_welcomed(scene, people, "new_frontend", "bridge")
    assert "the new clients of frontend had until" in told(end), end
    record_property("crowd", _told("undone", people))


def test_nobody_is_let_down_by_a_rollback(tmp_path: Path, record_property: Record) -> None:
    with rolling(tmp_path, lingers=LINGERS) as scene:
        assert scene.run(*scene.redeploy_words()).code == 0
        with crowd(scene) as people:
            end = scene.run("rollback", "staging", "--yes")
            assert end.code == 0, end
            people.go_on_until_met(scene.world.history.new_frontend)
    history = scene.world.history
    assert scene.serving() == {
        "frontend": history.new_frontend, "backend": history.new_backend,
    }  # fmt: skip
    _assert_all_were_welcomed(scene, people, "new_frontend", "bridge")
    record_property("crowd", _told("rolled back", people))


def test_the_naive_order_lets_many_down(tmp_path: Path, record_property: Record) -> None:
    """The frontend first, and its edge told to forget, without asking who can talk to whom."""
    with rolling(tmp_path, lingers=LINGERS) as scene, crowd(scene) as people:
        scene.world.deploy_frontend(scene.world.history.bridge)
        scene.world.heal()
        people.go_on_until_met(scene.world.history.bridge)
        people.wait_for(_ENOUGH)
        scene.world.deploy_backend(scene.world.history.bridge)
    assert {client for client, _ in people.failed} == {scene.world.history.bridge}
    assert people.failed.total() > 0
    record_property("crowd", "naive order, let down: many")


def _assert_all_were_welcomed(scene: Rolling, people: Crowd, *clients: str) -> None:
    """Enough of them, of each of these builds."""
    assert not people.failed, (people.failed, people.whys)
    assert people.clients() == {getattr(scene.world.history, each) for each in clients}
    assert people.meetings() > _ENOUGH


def _told(what: str, people: Crowd) -> str:
    hundreds = people.meetings() // 100
    return f"{what}: {hundreds}00 meetings and more, let down: {people.failed.total()}"
