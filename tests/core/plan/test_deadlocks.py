"""Cycles, what would break them, and the bridges that free everybody."""

import pytest

from skewcheck.core.plan.bridges import fewest_bridges
from skewcheck.core.plan.cycles import arcs_by_start, entangled, shortest_cycle
from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.narrowing import Way
from skewcheck.core.plan.plan import Arc, ArcKind, Pair, Plan
from tests.core.plan.worlds import CONFLICT, channel, misfits, pair_world, party, world


def arc(way: str, *, unknown: bool = False) -> Arc:
    pair = Pair(link=way, client="old", server="new", unknown=unknown)
    return Arc(before=way[0], after=way[1], kind=ArcKind.CLIENT_FIRST, pair=pair)


def ring(*names: str) -> list[str]:
    return [one + other for one, other in zip(names, (*names[1:], names[0]), strict=True)]


def cycle_of(*ways: str, steps: int = 1000) -> str:
    arcs = arcs_by_start([arc(way) for way in ways], "".join(ways))
    (members,) = entangled(arcs)
    return "".join(each.before for each in shortest_cycle(members, arcs, steps=steps))


def test_each_group_that_holds_itself_up_is_told_apart() -> None:
    ways = [*ring("a", "b"), "bc", *ring("d", "c", "e"), "ef", "gg"]
    arcs = arcs_by_start([arc(way) for way in ways], "abcdefg")
    assert sorted(entangled(arcs)) == [("a", "b"), ("c", "d", "e"), ("g",)]


def test_a_ring_of_ten_thousand_is_no_recursion() -> None:
    names = [chr(1000 + number) for number in range(10_000)]
    arcs = arcs_by_start([arc(way) for way in ring(*names)], names)
    (members,) = entangled(arcs)
    assert len(shortest_cycle(members, arcs)) == 10_000


def test_only_arcs_among_the_names_count() -> None:
    assert arcs_by_start([arc("ab"), arc("ba"), arc("ac"), arc("ca")], "ab") == {
        "a": [arc("ab")],
        "b": [arc("ba")],
    }


def test_a_proof_prefers_what_is_known() -> None:
    arcs = arcs_by_start([arc("ab", unknown=True), arc("ab"), arc("ba")], "ab")
    assert [each.pair.unknown for each in shortest_cycle("ab", arcs)] == [False, False]


def test_the_shortest_cycle_is_found_wherever_it_is() -> None:
    assert cycle_of(*ring("a", "b", "c", "d", "e"), "ed") == "de"
    assert cycle_of(*ring("a", "b", "c"), "bb") == "b"


def test_when_time_is_up_the_shortest_so_far_has_to_do() -> None:
    assert cycle_of(*ring("a", "b", "c", "d", "e"), "ed", steps=1) == "abcde"


def ways(*told: str) -> dict[str, tuple[Way, ...]]:
    names = sorted({*"".join(told)})
    return {
        name: (Way(build=None, blocks=frozenset(way[1] for way in told if way[0] == name)),)
        for name in names
    }


def test_one_bridge_is_enough_where_all_cycles_meet() -> None:
    graph = ways(*ring("a", "b", "c"), *ring("c", "d", "e"))
    assert fewest_bridges("abcde", graph) == (("c",), True)


def test_where_everybody_fails_everybody_all_but_one_need_a_bridge() -> None:
    graph = ways(*(one + other for one in "abcd" for other in "abcd" if one != other))
    assert fewest_bridges("abcd", graph) == (("a", "b", "c"), True)


def test_who_holds_itself_up_needs_a_bridge() -> None:
    assert fewest_bridges("a", ways("aa")) == (("a",), True)


def test_a_service_that_can_be_narrowed_needs_none() -> None:
    graph = ways(*ring("a", "b"), *ring("b", "c"), *ring("c", "a"))
    graph["b"] = (*graph["b"], Way(build="1", blocks=frozenset("a")))
    assert fewest_bridges("abc", graph) == (("a",), True)


LETTERS = "abcdefghijklmnop"


def test_beyond_fourteen_the_bridges_are_enough_and_none_can_be_left_out() -> None:
    rings = [*ring(*LETTERS), *ring("a", "i"), *ring("d", "e")]
    bridges, exact = fewest_bridges(LETTERS, ways(*rings))

    assert not exact
    for left_out in ({*bridges} - {name} for name in bridges):
        assert has_cycle(rings, left_out)
    assert not has_cycle(rings, {*bridges})


def has_cycle(told: list[str], cut: set[str]) -> bool:
    left = {*LETTERS} - cut
    while sinks := {name for name in left if not any(name + to in told for to in left)}:
        left -= sinks
    return bool(left)


def test_when_time_is_up_all_that_is_left_gets_a_bridge() -> None:
    bridges, exact = fewest_bridges(LETTERS, ways(*ring(*LETTERS)), steps=0)
    assert (bridges, exact) == (tuple(LETTERS), False)


def fixes(plan: Plan) -> list[tuple[str, str]]:
    return [(fix.kind, fix.service) for deadlock in plan.deadlocks for fix in deadlock.fixes]


def test_each_arc_is_removed_on_the_side_that_can_widen() -> None:
    plan = make_plan(pair_world(), CONFLICT)

    assert fixes(plan) == [
        ("widen client", "web"),
        ("widen server", "api"),
        ("bridge", "api"),
        ("window", "web"),
        ("window", "api"),
    ]
    told = {fix.kind: fix.told for fix in plan.deadlocks[0].fixes[:2]}
    assert told == {
        "widen client": "let web new also offer what api old accepts on web>api",
        "widen server": "let api new keep accepting what web old speaks on web>api",
    }


def test_the_window_that_lasts_less_comes_first_and_says_what_it_exposes() -> None:
    windows = [fix.told for fix in make_plan(pair_world(), CONFLICT).deadlocks[0].fixes[-2:]]

    assert windows == [
        "move web before api: web new fails on web>api until api has moved",
        "move api before web: web old fails on web>api until its last client is gone",
    ]


def test_that_holds_wherever_the_cycle_begins() -> None:
    seen = world([party("a"), party("b")], [channel("a>b")])
    plan = make_plan(seen, misfits("a>b: old new", "a>b: new old"))

    assert plan.deadlocks[0].cycle[0].kind is ArcKind.CLIENT_FIRST
    assert [service for kind, service in fixes(plan) if kind == "window"] == ["a", "b"]


def test_replicas_that_fail_their_like_can_only_move_in_one_go() -> None:
    own = world([party("api")], [channel("api>api")])
    plan = make_plan(own, misfits("api>api: old new"))

    assert plan.deadlocks[0].fixes[-1].told.startswith("move api in one go: ")


@pytest.mark.parametrize("free", ["c", "d"])
def test_who_is_only_behind_a_deadlock_is_no_member(free: str) -> None:
    links = [channel("a>b"), channel("b>c"), channel("c>d")]
    book = misfits("a>b: old new", "a>b: new old", "b>c: old new", "c>d: old new")
    plan = make_plan(world([party(name) for name in "abcd"], links), book)

    assert [deadlock.members for deadlock in plan.deadlocks] == [("a", "b")]
    assert free not in plan.deadlocks[0].bridges


def test_a_group_that_narrowing_would_free_is_no_deadlock_even_behind_one() -> None:
    parties = [party("a"), party("b"), party("c", serving=("older", "old")), party("d")]
    links = [channel("a>b"), channel("c>d"), channel("c>a")]
    conflict = ["a>b: old new", "a>b: new old"]
    freed = ["c>d: older new", "c>d: new old", "c>a: old new"]
    plan = make_plan(world(parties, links), misfits(*conflict, *freed))

    assert [deadlock.members for deadlock in plan.deadlocks] == [("a", "b")]
