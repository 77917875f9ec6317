"""What the planner answers, rule by rule."""

from dataclasses import replace

import pytest

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.facts import PlanWorld
from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.plan import Answer, Arc, ArcKind, Move, Pair
from tests.core.plan.worlds import (
    ALL_FIT,
    CLIENT_FIRST,
    CONFLICT,
    HOUR,
    SERVER_FIRST,
    channel,
    misfits,
    pair_world,
    party,
    told,
    waived,
    with_party,
    world,
)


def test_what_fits_both_ways_moves_together() -> None:
    assert told(make_plan(pair_world(), ALL_FIT)) == "api=new web=new"


def test_old_clients_that_the_new_server_fails_must_be_gone_first() -> None:
    plan = make_plan(pair_world(), CLIENT_FIRST)

    assert told(plan) == "web=new | wait web(old) api=new"
    witness = Pair(link="web>api", client="old", server="new")
    assert plan.arcs == (
        Arc(before="web", after="api", kind=ArcKind.CLIENT_FIRST, pair=witness, wait_s=HOUR),
    )
    assert plan.waves[1].waits[0].pairs == (witness,)


def test_a_server_that_the_new_client_needs_goes_first_without_a_wait() -> None:
    assert told(make_plan(pair_world(), SERVER_FIRST)) == "api=new | web=new"


def test_clients_that_are_gone_at_once_need_no_wait() -> None:
    plan = make_plan(pair_world(web={"client_linger_s": 0.0}), CLIENT_FIRST)
    assert told(plan) == "web=new | api=new"


def test_the_linger_of_a_link_outdoes_that_of_its_client() -> None:
    links = [channel("web>api", linger_s=60.0), channel("web>log")]
    parties = [party("web", client_linger_s=HOUR), party("api"), party("log")]
    plan = make_plan(world(parties, links), CLIENT_FIRST)

    assert [wait.seconds for wave in plan.waves for wait in wave.waits] == [60.0]


def test_a_wait_that_is_enough_for_one_link_is_not_for_another() -> None:
    links = [channel("web>api", linger_s=60.0), channel("web>log")]
    parties = [party("web", client_linger_s=HOUR), party("api"), party("log")]
    book = misfits("web>api: old new", "web>log: old new")
    plan = make_plan(world(parties, links), book)

    assert told(plan) == "web=new | wait web(old) api=new log=new"
    assert plan.waves[1].waits[0].seconds == HOUR


def test_what_was_written_for_ever_is_waited_for_for_ever() -> None:
    stored = world([party("web"), party("db")], [channel("web>db", for_ever=True)])
    plan = make_plan(stored, misfits("web>db: old new"))

    assert (plan.answer, plan.seconds, plan.waves) == (Answer.NO_SAFE_ORDER, None, ())
    assert [(wait.service, wait.seconds) for wait in plan.too_long] == [("web", None)]


def test_a_waiver_drops_the_effect_of_a_wait_and_states_its_exposure() -> None:
    plan = make_plan(pair_world(), CLIENT_FIRST, waivers=waived("web"))

    assert told(plan) == "web=new | wait web(old) api=new"
    assert plan.waves[1].waits[0].waiver == waived("web")["web"]
    assert plan.waves[1].waits[0].seconds == HOUR
    assert plan.waves[1].exposes == plan.waves[1].waits[0].pairs
    assert plan.seconds == 120.0


def test_a_wait_without_end_can_be_waived() -> None:
    plan = make_plan(pair_world(web={"client_linger_s": None}), CLIENT_FIRST, waivers=waived("web"))
    assert (plan.answer, plan.too_long, plan.seconds) == (Answer.SAFE, (), 120.0)


def test_a_waiver_for_somebody_else_changes_nothing() -> None:
    assert make_plan(pair_world(), CLIENT_FIRST, waivers=waived("api")) == make_plan(
        pair_world(), CLIENT_FIRST
    )


def test_two_that_both_have_to_be_first_have_no_order() -> None:
    plan = make_plan(pair_world(), CONFLICT)

    assert (plan.answer, plan.waves, plan.seconds) == (Answer.NO_SAFE_ORDER, (), 0.0)
    assert [deadlock.members for deadlock in plan.deadlocks] == [("api", "web")]


def test_replicas_that_fail_their_like_have_no_order() -> None:
    own = world([party("api")], [channel("api>api")])
    plan = make_plan(own, misfits("api>api: old new"))

    assert plan.answer is Answer.NO_SAFE_ORDER
    assert [len(deadlock.cycle) for deadlock in plan.deadlocks] == [1]


def test_replicas_that_only_linger_are_waited_for() -> None:
    own = world([party("api", lingering=("gone",), client_linger_s=HOUR)], [channel("api>api")])
    assert told(make_plan(own, misfits("api>api: gone new"))) == "wait api(gone) api=new"


def test_clients_that_only_linger_make_a_wait_and_no_arc() -> None:
    plan = make_plan(pair_world(web={"lingering": ("tab",)}), misfits("web>api: tab new"))

    assert told(plan) == "wait web(tab) api=new web=new"
    assert plan.arcs == ()


def test_clients_that_linger_free_nobody_and_hold_nobody_in_a_deadlock() -> None:
    seen = pair_world(web={"lingering": ("tab",), "serving": ("older", "old")})
    book = misfits("web>api: tab new", "web>api: older new", "web>api: new old")

    assert told(make_plan(seen, book)) == "web=old | wait web(older,tab) api=new | web=new"


def test_clients_that_linger_can_never_deadlock() -> None:
    book = misfits("web>api: tab new", "web>api: new old")
    plan = make_plan(pair_world(web={"lingering": ("tab",)}), book)
    assert told(plan) == "wait web(tab) api=new | web=new"


def test_what_was_seen_to_linger_is_waited_for_even_if_it_should_not_have() -> None:
    seen = pair_world(web={"lingering": ("tab",), "client_linger_s": 0.0})
    assert told(make_plan(seen, misfits("web>api: tab new"))) == "wait web(tab) api=new web=new"


def test_what_the_edge_hands_out_goes_only_once_it_was_told_to_forget() -> None:
    stale = pair_world(web={"serving": ("new",), "at_edge": ("copy",), "lingering": ("copy",)})
    plan = make_plan(stale, misfits("web>api: copy new"))

    assert told(plan) == "web=new | wait web(copy) api=new"
    assert plan.waves[0].moves == (Move(service="web", build="new", invalidates=True),)


def test_a_stale_edge_is_mended_in_the_first_wave() -> None:
    stale = with_party(pair_world(), "web", at_edge=("new", "copy"), serving=("new",))
    plan = make_plan(stale, misfits("web>api: copy old"))

    assert told(plan) == "api=new web=new"
    assert plan.waves[0].mends == (Pair(link="web>api", client="copy", server="old"),)


def test_an_edge_is_told_to_forget_after_each_shift_behind_it() -> None:
    plan = make_plan(pair_world(web={"behind_edge": True}), ALL_FIT)

    moves = {move.service: move.invalidates for wave in plan.waves for move in wave.moves}
    assert moves == {"web": True, "api": False}


def test_an_edge_that_is_fresh_needs_nothing() -> None:
    fresh = pair_world(web={"serving": ("new",), "at_edge": ("new",), "behind_edge": True})
    assert told(make_plan(fresh, ALL_FIT)) == "api=new"


def test_under_session_affinity_drained_servers_are_waited_for() -> None:
    plan = make_plan(pair_world(api={"server_linger_s": HOUR}), SERVER_FIRST)
    assert told(plan) == "api=new | wait api(old) web=new"


def test_a_server_that_drained_before_is_waited_for_too() -> None:
    seen = pair_world(api={"server_linger_s": HOUR, "lingering": ("gone",)})
    assert told(make_plan(seen, misfits("web>api: new gone"))) == "wait api(gone) api=new web=new"


def test_a_wait_for_clients_ends_no_affinity_that_lasts_longer() -> None:
    lasting = party("web", client_linger_s=60.0, server_linger_s=HOUR)
    staying = party("job", target="old")
    seen = world([lasting, party("api"), staying], [channel("web>api"), channel("job>web")])
    plan = make_plan(seen, misfits("web>api: old new", "job>web: old old"))

    assert told(plan) == "web=new | wait web(old) api=new"
    assert plan.outlives == (Pair(link="job>web", client="old", server="old"),)


def test_one_wait_for_clients_and_affinity_is_as_long_as_the_longer() -> None:
    lasting = party("web", client_linger_s=60.0, server_linger_s=HOUR)
    links = [channel("web>api"), channel("job>web")]
    seen = world([lasting, party("api"), party("job")], links)
    plan = make_plan(seen, misfits("web>api: old new", "job>web: new old"))

    assert told(plan) == "web=new | wait web(old) api=new job=new"
    assert plan.waves[1].waits[0].seconds == HOUR


def test_affinity_without_an_end_has_no_safe_order() -> None:
    plan = make_plan(pair_world(api={"server_linger_s": None}), SERVER_FIRST)
    assert (plan.answer, plan.seconds) == (Answer.NO_SAFE_ORDER, None)


def test_what_fails_already_makes_no_arc_and_is_told() -> None:
    broken = misfits("web>api: old old", "web>api: new old")
    plan = make_plan(pair_world(), broken)

    assert told(plan) == "api=new | web=new"
    assert plan.broken_now == (Pair(link="web>api", client="old", server="old"),)
    assert plan.waves[0].exposes == plan.broken_now
    assert plan.waves[0].mends == plan.broken_now


def test_a_pair_that_meets_already_never_stands_in_the_way() -> None:
    canary = pair_world(web={"serving": ("old", "new")})
    plan = make_plan(canary, misfits("web>api: new old"))

    assert told(plan) == "api=new web=new"
    assert plan.broken_now == (Pair(link="web>api", client="new", server="old"),)


def test_a_build_that_serves_and_a_target_that_is_live_are_excused() -> None:
    served = pair_world(api={"serving": ("new",)})
    plan = make_plan(served, CLIENT_FIRST)

    assert told(plan) == "web=new"
    assert plan.outlives == plan.broken_now == plan.waves[0].mends


@pytest.mark.parametrize("serving", ["old", "new"])
def test_targets_that_fail_each_other_have_no_order_even_if_they_are_live(serving: str) -> None:
    both = {"serving": (serving,)}
    plan = make_plan(pair_world(web=both, api=both), misfits("web>api: new new"))

    assert plan.answer is Answer.NO_SAFE_ORDER
    assert plan.broken_after == (Pair(link="web>api", client="new", server="new"),)
    assert plan.waves == ()


@pytest.mark.parametrize(
    "line", ["web>api: new new?", "web>api: old new?"], ids=["the end", "a deadlock"]
)
def test_where_only_the_unknown_stands_in_the_way_it_decides(line: str) -> None:
    plan = make_plan(pair_world(), misfits(line, "web>api: new old"))

    assert plan.answer is Answer.UNKNOWN_DECIDES
    assert plan.waves == ()


def test_what_is_known_to_fail_outranks_the_unknown() -> None:
    plan = make_plan(pair_world(), misfits("web>api: new new", "web>api: old new?"))
    assert plan.answer is Answer.NO_SAFE_ORDER


def test_a_safe_order_that_respects_the_unknown_is_safe_and_flags_it() -> None:
    plan = make_plan(pair_world(), misfits("web>api: old new?"))

    assert plan.answer is Answer.SAFE
    assert [arc.pair.unknown for arc in plan.arcs] == [True]


def test_a_known_misfit_is_the_better_witness() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    plan = make_plan(split, misfits("web>api: older new?", "web>api: old new"))

    assert [arc.pair.client for arc in plan.arcs] == ["old"]


def test_a_build_without_a_name_is_planned_around() -> None:
    unnamed = pair_world(web={"serving": ("?web: nobody knows",)})
    plan = make_plan(unnamed, misfits("web>api: old new"))
    assert told(plan) == "api=new web=new"


def test_where_several_serve_all_of_them_count() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    plan = make_plan(split, misfits("web>api: older new"))
    assert told(plan) == "web=new | wait web(older) api=new"


def test_the_newest_alone_is_served_where_that_frees_a_deadlock() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    plan = make_plan(split, misfits("web>api: older new", "web>api: new old"))

    assert told(plan) == "web=old | wait web(older) api=new | web=new"
    narrowed = Move(service="web", build="old", away=("older",), narrows=True)
    assert plan.waves[0].moves == (narrowed,)
    assert plan.waves[2].moves == (Move(service="web", build="new", away=("old",)),)


def test_of_several_that_free_a_deadlock_the_newest_is_served() -> None:
    split = pair_world(web={"serving": ("oldest", "older", "old")})
    plan = make_plan(split, misfits("web>api: oldest new", "web>api: new old"))
    assert told(plan) == "web=old | wait web(oldest) api=new | web=new"


def test_another_is_served_where_the_newest_frees_nothing() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    plan = make_plan(split, misfits("web>api: old new", "web>api: new old"))
    assert told(plan) == "web=older | wait web(old) api=new | web=new"


def test_where_each_of_several_stands_in_the_way_nothing_is_narrowed() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    book = misfits("web>api: older new", "web>api: old new", "web>api: new old")

    assert make_plan(split, book).answer is Answer.NO_SAFE_ORDER


@pytest.mark.parametrize("told_so", [True, False])
def test_an_edge_is_emptied_beforehand_where_that_frees_a_deadlock(told_so: bool) -> None:  # noqa: FBT001
    stale = pair_world(web={"at_edge": ("copy",), "behind_edge": told_so})
    plan = make_plan(stale, misfits("web>api: copy new", "web>api: new old"))

    assert told(plan) == "web=old | wait web(copy) api=new | web=new"
    forgets = Move(service="web", build="old", invalidates=True, narrows=True)
    assert plan.waves[0].moves == (forgets,)


def test_a_server_is_narrowed_too_and_its_affinity_waited_for() -> None:
    split = pair_world(api={"serving": ("older", "old"), "server_linger_s": HOUR})
    plan = make_plan(split, misfits("web>api: new older", "web>api: old new"))
    assert told(plan) == "api=old | wait api(older) web=new | wait web(old) api=new"


def test_what_needs_no_narrowing_moves_in_the_first_wave_already() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    more = replace(split, parties={**split.parties, "log": party("log")})
    plan = make_plan(more, misfits("web>api: older new", "web>api: new old"))
    assert told(plan) == "web=old log=new | wait web(older) api=new | web=new"


def test_one_wait_serves_all_that_need_it_as_late_as_it_can() -> None:
    parties = [party("web", client_linger_s=HOUR), party("api"), party("db"), party("job")]
    links = [channel("web>api"), channel("web>db"), channel("api>db"), channel("job>web")]
    book = misfits("web>api: old new", "web>db: old new", "api>db: old new")
    plan = make_plan(world(parties, links), book)

    assert told(plan) == "job=new web=new | wait web(old) api=new | db=new"
    assert {pair.link for pair in plan.waves[1].waits[0].pairs} == {"web>api", "web>db"}


def test_what_lingers_and_what_lingers_later_are_waited_for_apart() -> None:
    seen = world(
        [party("web", client_linger_s=HOUR, lingering=("tab",)), party("api"), party("db")],
        [channel("web>api"), channel("web>db"), channel("api>web")],
    )
    book = misfits("web>api: tab new", "web>db: tab new", "web>db: old new", "api>web: old new")
    plan = make_plan(seen, book)

    assert told(plan) == "wait web(tab) api=new | web=new | wait web(old) db=new"


def test_what_narrowing_leaves_behind_is_waited_for_apart_from_what_lingered() -> None:
    split = party("web", serving=("older", "old"), lingering=("tab",), client_linger_s=HOUR)
    links = [channel("web>api"), channel("web>log")]
    seen = world([split, party("api"), party("log")], links)
    plan = make_plan(seen, misfits("web>log: tab new", "web>api: older new", "web>api: new old"))

    assert told(plan) == "wait web(tab) web=old log=new | wait web(older) api=new | web=new"


def test_what_a_move_leaves_behind_is_waited_for_after_it() -> None:
    seen = world(
        [party("web", client_linger_s=HOUR, lingering=("tab",)), *map(party, ("api", "db", "log"))],
        [channel("web>log"), channel("web>db"), channel("api>web"), channel("api>log")],
    )
    first = ["api>web: old new", "api>log: old new"]
    plan = make_plan(seen, misfits(*first, "web>log: tab new", "web>db: old new"))

    assert told(plan) == "api=new | wait web(tab) log=new web=new | wait web(old) db=new"


def test_each_pair_is_compared_once() -> None:
    asked: list[tuple[str, str, str]] = []

    def fits(link: str, client: str, server: str) -> Fit:
        asked.append((link, client, server))
        return Fit.YES

    make_plan(pair_world(), fits)
    assert len(asked) == len({*asked}) == 4


def test_a_plan_that_the_check_refuses_never_leaves_the_planner() -> None:
    mistaken = PlanWorld(parties={"web": party("api"), "api": party("web", target="next")})
    with pytest.raises(AssertionError, match="moves api to new and not to next"):
        make_plan(mistaken, ALL_FIT)


def test_an_instance_that_dials_when_it_starts_is_a_client_from_its_wave_on() -> None:
    dialling = pair_world(web={"dials_on_start": True})
    assert make_plan(dialling, SERVER_FIRST) == make_plan(pair_world(), SERVER_FIRST)
