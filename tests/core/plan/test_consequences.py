from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.plan import Pair
from tests.core.plan.worlds import (
    ALL_FIT,
    CLIENT_FIRST,
    HOUR,
    SERVER_FIRST,
    channel,
    misfits,
    pair_world,
    party,
    waived,
    world,
)


def pair(client: str, server: str) -> Pair:
    return Pair(link="web>api", client=client, server=server)


def test_a_client_shipped_after_its_server_sticks() -> None:
    plan = make_plan(pair_world(), SERVER_FIRST)
    assert [wave.sticky for wave in plan.waves] == [(), ("web",)]


def test_a_client_that_is_gone_at_once_does_not_stick() -> None:
    plan = make_plan(pair_world(web={"client_linger_s": 0.0}), SERVER_FIRST)
    assert [wave.sticky for wave in plan.waves] == [(), ()]


def test_a_server_shipped_after_its_client_does_not_stick() -> None:
    plan = make_plan(pair_world(), CLIENT_FIRST)
    assert [wave.sticky for wave in plan.waves] == [(), ()]


def test_under_session_affinity_a_server_sticks_too() -> None:
    plan = make_plan(pair_world(api={"server_linger_s": HOUR}), CLIENT_FIRST)
    assert [wave.sticky for wave in plan.waves] == [(), ("api",)]


def test_what_narrowing_took_away_is_held_back_as_well() -> None:
    split = pair_world(api={"serving": ("older", "old")})
    plan = make_plan(split, misfits("web>api: new older", "web>api: old new"))

    assert [wave.moves[0].service for wave in plan.waves] == ["api", "web", "api"]
    assert [wave.sticky for wave in plan.waves] == [(), ("web",), ()]


def test_what_had_drained_before_is_not_gone_back_to() -> None:
    seen = pair_world(api={"server_linger_s": HOUR, "lingering": ("gone",)})
    plan = make_plan(seen, misfits("web>api: new gone"))

    assert plan.waves[0].waits
    assert [wave.sticky for wave in plan.waves] == [()]


def test_a_server_mends_with_its_move_what_affinity_lets_go_on() -> None:
    seen = pair_world(web={"target": "old"}, api={"server_linger_s": HOUR})
    plan = make_plan(seen, misfits("web>api: old old"))

    assert plan.waves[0].mends == plan.outlives == (pair("old", "old"),)


def test_what_is_broken_is_exposed_until_the_wave_that_mends_it_is_done() -> None:
    broken = misfits("web>api: old old", "web>api: new old")
    first, second = make_plan(pair_world(), broken).waves

    assert (first.exposes, first.mends) == ((pair("old", "old"),), (pair("old", "old"),))
    assert (second.exposes, second.mends) == ((), ())


def test_old_tabs_outlive_the_move_that_mends_what_is_handed_out() -> None:
    served = pair_world(api={"serving": ("new",)})
    plan = make_plan(served, CLIENT_FIRST)

    assert plan.waves[0].mends == plan.outlives == (pair("old", "new"),)


def test_clients_that_are_gone_at_once_outlive_nothing() -> None:
    served = pair_world(web={"client_linger_s": 0.0}, api={"serving": ("new",)})
    assert make_plan(served, CLIENT_FIRST).outlives == ()


def test_tabs_from_before_that_nobody_waits_for_are_mended_by_no_wave() -> None:
    seen = pair_world(web={"lingering": ("tab",)}, api={"serving": ("new",)})
    plan = make_plan(seen, misfits("web>api: tab new"))

    assert plan.outlives == (pair("tab", "new"),)
    assert [wave.mends for wave in plan.waves] == [()]


def test_a_wait_mends_what_it_makes_go_away() -> None:
    parties = [party("web", lingering=("tab",)), party("api", serving=("new",)), party("db")]
    seen = world(parties, [channel("web>api"), channel("web>db")])
    plan = make_plan(seen, misfits("web>api: tab new", "web>db: tab new"))

    assert plan.waves[0].waits
    assert plan.waves[0].mends == (pair("tab", "new"),)
    assert plan.outlives == ()


def test_a_server_that_drained_before_goes_on_until_it_is_waited_for() -> None:
    drained = pair_world(api={"lingering": ("gone",), "server_linger_s": HOUR})
    waiting = make_plan(drained, misfits("web>api: old gone", "web>api: new gone"))
    idle = make_plan(drained, misfits("web>api: old gone", "web>api: old new"))

    assert [wave.mends for wave in waiting.waves] == [(pair("old", "gone"),)]
    assert waiting.outlives == ()
    assert idle.waves[0].mends == (pair("old", "gone"),)


def test_a_drained_server_that_lives_on_outlives_its_own_move() -> None:
    drained = pair_world(
        web={"serving": ("new",)}, api={"lingering": ("gone",), "server_linger_s": HOUR}
    )
    plan = make_plan(drained, misfits("web>api: new gone"))

    assert [wave.mends for wave in plan.waves] == [()]
    assert plan.outlives == (pair("new", "gone"),)


def test_a_waiver_exposes_from_the_wave_that_does_not_wait() -> None:
    plan = make_plan(pair_world(), CLIENT_FIRST, waivers=waived("web"))
    assert [wave.exposes for wave in plan.waves] == [(), (pair("old", "new"),)]


def test_the_slowest_of_a_wave_makes_it_long() -> None:
    plan = make_plan(pair_world(api={"shift_s": 600.0}), ALL_FIT)
    assert (plan.seconds, plan.critical) == (600.0, ("api",))


def test_waves_and_waits_add_up() -> None:
    plan = make_plan(pair_world(), CLIENT_FIRST)
    assert (plan.seconds, plan.critical) == (HOUR + 120.0, ("web", "api"))


def test_a_wait_for_what_lingers_already_counts_from_now() -> None:
    seen = pair_world(web={"lingering": ("tab",)})
    plan = make_plan(seen, misfits("web>api: tab new"))
    assert (plan.seconds, plan.critical) == (HOUR + 60.0, ("web", "api"))


def test_a_wait_that_ran_beside_earlier_waves_costs_only_the_rest() -> None:
    parties = [
        party("web", client_linger_s=100.0),
        party("api"),
        party("mid", shift_s=70.0),
        party("log", shift_s=50.0),
    ]
    links = [channel("web>api"), channel("mid>log"), channel("log>api")]
    book = misfits("web>api: old new", "mid>log: old new", "log>api: old new")
    plan = make_plan(world(parties, links), book)

    assert [wave.moves[0].service for wave in plan.waves] == ["mid", "log", "api"]
    assert (plan.seconds, plan.critical) == (220.0, ("web", "api"))


def test_a_wait_that_is_over_by_then_costs_nothing() -> None:
    parties = [
        party("web", client_linger_s=10.0),
        party("api"),
        party("mid", shift_s=70.0),
        party("log"),
    ]
    links = [channel("web>api"), channel("mid>log"), channel("log>api")]
    book = misfits("web>api: old new", "mid>log: old new", "log>api: old new")
    plan = make_plan(world(parties, links), book)

    assert (plan.seconds, plan.critical) == (190.0, ("mid", "log", "api"))


def test_clients_from_a_stale_edge_count_from_when_it_forgot() -> None:
    stale = pair_world(web={"serving": ("new",), "at_edge": ("copy",)})
    plan = make_plan(stale, misfits("web>api: copy new"))
    assert plan.seconds == HOUR + 120.0
