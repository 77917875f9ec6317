from skewcheck.core.plan.facts import Fits, PlanWorld
from skewcheck.core.plan.movable import movable_now
from skewcheck.core.plan.plan import Arc, Move, Pair, Wait
from tests.core.plan.worlds import (
    ALL_FIT,
    CLIENT_FIRST,
    CONFLICT,
    HOUR,
    misfits,
    pair_world,
    party,
    waived,
    world,
)


def free(seen: PlanWorld, fits: Fits) -> list[str]:
    return [each.service for each in movable_now(seen, fits) if each.may_move]


def test_what_nothing_holds_may_move() -> None:
    assert free(pair_world(), ALL_FIT) == ["api", "web"]


def test_what_is_where_it_should_be_is_left_out() -> None:
    assert movable_now(world([party("web", serving=("new",))]), ALL_FIT) == ()


def test_a_stale_edge_may_be_mended_at_any_time() -> None:
    (one,) = movable_now(world([party("web", serving=("new",), at_edge=("old",))]), ALL_FIT)
    assert one.may_move
    assert one.move == Move(service="web", build="new", invalidates=True)


def test_who_comes_later_says_whom_it_needs_and_why() -> None:
    api, web = movable_now(pair_world(), CLIENT_FIRST)

    assert web.may_move
    assert [type(holder) for holder in api.held_by] == [Arc]


def test_who_waits_for_old_clients_says_so_and_for_how_long() -> None:
    api, _ = movable_now(pair_world(web={"lingering": ("tab",)}), misfits("web>api: tab new"))

    pair = Pair(link="web>api", client="tab", server="new")
    wait = Wait(service="web", builds=("tab",), seconds=HOUR, pairs=(pair,))
    assert api.held_by == (wait,)


def test_what_is_waived_holds_nothing() -> None:
    seen = pair_world(web={"lingering": ("tab",)})
    api, _ = movable_now(seen, misfits("web>api: tab new"), waivers=waived("web"))
    assert api.may_move


def test_a_deadlock_holds_its_members() -> None:
    assert free(pair_world(), CONFLICT) == []


def test_narrowing_may_be_done_now_and_holds_the_rest() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    api, web = movable_now(split, misfits("web>api: older new", "web>api: new old"))

    assert web.may_move
    assert web.move == Move(service="web", build="old", away=("older",), narrows=True)
    assert [type(holder) for holder in api.held_by] == [Wait]


def test_two_targets_that_fail_each_other_hold_both() -> None:
    api, web = movable_now(pair_world(), misfits("web>api: new new"))
    pair = Pair(link="web>api", client="new", server="new")
    assert api.held_by == web.held_by == (pair,)


def test_a_target_that_serves_already_is_held_by_no_end() -> None:
    split = pair_world(web={"serving": ("old", "new")})
    assert free(split, misfits("web>api: new new")) == ["web"]
