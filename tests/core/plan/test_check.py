"""The check refuses each way in which a plan or a proof can be wrong."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.plan.check import check_deadlock, check_plan
from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.plan import ArcKind, Deadlock, Move, Pair, Plan, Waiver, Wave
from tests.core.plan.worlds import (
    ALL_FIT,
    CLIENT_FIRST,
    CONFLICT,
    HOUR,
    channel,
    misfits,
    pair_world,
    party,
    told,
    waived,
    with_party,
    world,
)

WORLD = pair_world()
PLAN = make_plan(WORLD, CLIENT_FIRST)


def changed(number: int, **facts: Any) -> Plan:
    waves = list(PLAN.waves)
    waves[number] = replace(waves[number], **facts)
    return replace(PLAN, waves=tuple(waves))


def wrong(plan: Plan) -> str:
    return "; ".join(check_plan(plan, WORLD, CLIENT_FIRST))


def test_a_right_plan_has_nothing_wrong() -> None:
    assert told(PLAN) == "web=new | wait web(old) api=new"
    assert wrong(PLAN) == ""


def test_a_wait_that_is_left_out_lets_them_meet() -> None:
    assert "wave 2: old can meet new on web>api" in wrong(changed(1, waits=()))


def test_a_wait_that_is_too_short_is_none() -> None:
    short = replace(PLAN.waves[1].waits[0], seconds=HOUR - 1)
    assert "wave 2: old can meet new on web>api" in wrong(changed(1, waits=(short,)))
    assert "waits for web, and nothing goes away" in wrong(changed(1, waits=(short,)))


def test_a_wait_for_another_build_is_none() -> None:
    other = replace(PLAN.waves[1].waits[0], builds=("older",))
    assert "waits for web, and nothing goes away" in wrong(changed(1, waits=(other,)))
    assert "wave 2: old can meet new on web>api" in wrong(changed(1, waits=(other,)))


def test_a_wait_without_an_end_is_none() -> None:
    endless = replace(PLAN.waves[1].waits[0], seconds=None)
    assert "waits for web, and nothing goes away" in wrong(changed(1, waits=(endless,)))


def test_a_wait_for_what_is_still_handed_out_is_refused() -> None:
    early = replace(PLAN, waves=(replace(PLAN.waves[0], waits=PLAN.waves[1].waits), PLAN.waves[1]))
    early = replace(early, waves=(early.waves[0], replace(early.waves[1], waits=())))

    assert "wave 1: waits for a build of web that is still handed out" in wrong(early)
    assert "wave 2: old can meet new on web>api" in wrong(early)


def test_a_wait_that_nothing_needs_is_refused() -> None:
    idle = replace(PLAN.waves[1].waits[0], pairs=())
    assert "wave 2: waits for web, which nothing that moves needs" in wrong(
        changed(1, waits=(idle,))
    )


def test_a_wait_for_nobody_is_refused() -> None:
    unknown = replace(PLAN.waves[1].waits[0], service="shop")
    assert "waits for shop, which is not known" in wrong(changed(1, waits=(unknown,)))


def test_a_waived_wait_lets_its_pairs_meet_and_must_say_so() -> None:
    plan = make_plan(WORLD, CLIENT_FIRST, waivers=waived("web"))
    silent = replace(plan, waves=tuple(replace(wave, exposes=()) for wave in plan.waves))

    assert wrong(plan) == ""
    assert wrong(silent) == "wave 2: what it brings about is not what it says"


def test_a_waiver_for_somebody_else_allows_nothing() -> None:
    stranger = Waiver(service="api", who="jo", reason="")
    wait = replace(PLAN.waves[1].waits[0], waiver=stranger)
    said = wrong(changed(1, waits=(wait,)))

    assert "does not wait for web on a waiver for api" in said
    assert "old can meet new on web>api" in said


def move(**facts: Any) -> Plan:
    return changed(0, moves=(replace(PLAN.waves[0].moves[0], **facts),))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (changed(0, moves=()), "wave 1: nothing moves"),
        (changed(0, moves=()), "in the end web is not at new alone"),
        (move(service="shop"), "moves shop, which is not known"),
        (move(build="next"), "moves web to next and not to new"),
        (move(away=()), "moves web away from other builds than those that serve"),
        (move(narrows=True), "narrows web to new, which does not serve"),
        (replace(PLAN, waves=(*PLAN.waves, PLAN.waves[1])), "wave 3: moves api twice"),
        (replace(PLAN, waves=(*PLAN.waves, PLAN.waves[1])), "moves api, which is there already"),
        (replace(PLAN, broken_now=PLAN.waves[1].waits[0].pairs), "what is broken now is not"),
        (replace(PLAN, outlives=PLAN.waves[1].waits[0].pairs), "what outlives the plan is not"),
    ],
)
def test_what_is_wrong_with_a_move_is_said(plan: Plan, said: str) -> None:
    assert said in wrong(plan)


def test_narrowing_and_then_moving_is_not_moving_twice_but_the_reverse_is() -> None:
    split = pair_world(web={"serving": ("older", "old")})
    narrowing = Move(service="web", build="old", away=("older",), narrows=True)
    moving = Move(service="web", build="new", away=("old",))
    rest = Move(service="api", build="new", away=("old",))
    plan = Plan(
        answer=PLAN.answer,
        waves=(Wave(waits=(), moves=(narrowing,)), Wave(waits=(), moves=(moving, rest))),
    )
    again = replace(plan, waves=(plan.waves[0], plan.waves[0], plan.waves[1]))

    assert check_plan(plan, split, ALL_FIT) == ()
    assert "wave 2: moves web twice" in check_plan(again, split, ALL_FIT)


def test_an_edge_that_is_not_told_to_forget_is_refused() -> None:
    behind = with_party(WORLD, "web", behind_edge=True, at_edge=("old",))
    said = check_plan(PLAN, behind, CLIENT_FIRST)

    assert "wave 1: leaves the edge of web as it was" in said
    assert "in the end web is not at new alone" in said


def test_what_an_edge_still_hands_out_is_not_gone_however_short_its_clients_live() -> None:
    behind = with_party(WORLD, "web", client_linger_s=0.0, at_edge=("old",))
    silent = replace(PLAN, waves=(PLAN.waves[0], replace(PLAN.waves[1], waits=())))

    assert "wave 2: old can meet new on web>api" in check_plan(silent, behind, CLIENT_FIRST)


DEADLOCK = make_plan(WORLD, CONFLICT).deadlocks[0]


def proof(deadlock: Deadlock) -> str:
    return "; ".join(check_deadlock(deadlock, WORLD, CONFLICT))


def with_arc(**facts: Any) -> Deadlock:
    first, *rest = DEADLOCK.cycle
    return replace(DEADLOCK, cycle=(replace(first, **facts), *rest))


def test_a_right_proof_has_nothing_wrong() -> None:
    assert [(arc.before, arc.kind) for arc in DEADLOCK.cycle] == [
        ("api", ArcKind.SERVER_FIRST),
        ("web", ArcKind.CLIENT_FIRST),
    ]
    assert proof(DEADLOCK) == ""


def pair(link: str = "web>api", client: str = "new", server: str = "old", **facts: Any) -> Pair:
    return Pair(link=link, client=client, server=server, **facts)


@pytest.mark.parametrize(
    ("deadlock", "said"),
    [
        (replace(DEADLOCK, cycle=()), "there is no cycle"),
        (replace(DEADLOCK, cycle=DEADLOCK.cycle[:1]), "no arc follows the one from api to web"),
        (replace(DEADLOCK, members=("web",)), "the cycle leaves its members"),
        (replace(DEADLOCK, bridges=("shop",)), "a bridge is none of the members"),
        (with_arc(pair=pair(link="shop>api")), "shop>api is no link"),
        (with_arc(pair=pair(client="old")), "old and old on web>api does not put"),
        (with_arc(pair=pair(server="new")), "new and new on web>api does not put"),
        (with_arc(kind=ArcKind.CLIENT_FIRST), "new and old on web>api does not put"),
        (with_arc(after="api"), "does not put api before api"),
        (with_arc(pair=pair(unknown=True)), "it is not told truly whether that is known"),
    ],
)
def test_what_is_wrong_with_a_proof_is_said(deadlock: Deadlock, said: str) -> None:
    assert said in proof(deadlock)


def test_a_pair_that_fits_is_no_witness() -> None:
    said = check_deadlock(DEADLOCK, WORLD, CLIENT_FIRST)
    assert any("new and old on web>api fit" in each for each in said)


def test_a_pair_that_is_live_already_is_no_witness() -> None:
    live = with_party(WORLD, "web", serving=("old", "new"))
    assert any("does not put api" in each for each in check_deadlock(DEADLOCK, live, CONFLICT))


def test_what_only_lingers_is_no_witness() -> None:
    seen = with_party(WORLD, "web", serving=("other",), lingering=("old",))
    assert any("does not put web" in each for each in check_deadlock(DEADLOCK, seen, CONFLICT))


def test_links_that_share_a_client_are_checked_each_by_its_own_linger() -> None:
    links = [channel("web>api", linger_s=60.0), channel("web>log")]
    seen = world([party("web", client_linger_s=HOUR), party("api"), party("log")], links)
    book = misfits("web>api: old new", "web>log: old new")
    plan = make_plan(seen, book)
    short = replace(plan.waves[1].waits[0], seconds=60.0)
    mutant = replace(plan, waves=(plan.waves[0], replace(plan.waves[1], waits=(short,))))

    said = check_plan(mutant, seen, book)
    assert "wave 2: old can meet new on web>log" in said
    assert "wave 2: old can meet new on web>api" not in said
