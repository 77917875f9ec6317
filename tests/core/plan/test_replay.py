from skewcheck.core.plan.misfits import find_misfits
from skewcheck.core.plan.plan import Move, Wait
from skewcheck.core.plan.replay import Replay, Terrain
from tests.core.plan.worlds import CLIENT_FIRST, HOUR, misfits, pair_world

WAIT = Wait(service="web", builds=("old",), seconds=HOUR, pairs=())
FORTH = [Move(service="web", build="new", away=("old",))]
BACK = [Move(service="web", build="old", away=("new",))]


def replay() -> Replay:
    seen = pair_world()
    return Replay(Terrain(seen, find_misfits(seen, CLIENT_FIRST)))


def test_old_clients_live_on_until_they_are_waited_for() -> None:
    scene = replay()
    (channel,) = scene.terrain.as_client["web"]
    scene.begin(FORTH)
    scene.end(FORTH)

    assert scene.is_client(channel, "old")
    assert scene.wait(WAIT)
    assert not scene.is_client(channel, "old")
    assert not scene.wait(WAIT)


def test_a_build_that_comes_back_has_clients_again() -> None:
    scene = replay()
    (channel,) = scene.terrain.as_client["web"]
    scene.begin(FORTH)
    scene.end(FORTH)
    scene.wait(WAIT)
    scene.begin(BACK)

    assert scene.is_client(channel, "old")


def test_in_a_wave_old_and_new_are_live_together() -> None:
    seen = pair_world()
    both = [*FORTH, Move(service="api", build="new", away=("old",))]
    scene = Replay(Terrain(seen, find_misfits(seen, misfits("web>api: new old"))))
    scene.begin(both)
    assert [(pair.client, pair.server) for pair in scene.pairs_meeting()] == [("new", "old")]
    scene.end(both)
    assert scene.pairs_meeting() == ()
