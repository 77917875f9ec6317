"""Laws of planning over random small worlds, beside a model that tries everything."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skewcheck.core.plan.check import check_deadlock, check_plan
from skewcheck.core.plan.facts import Party, PlanWorld
from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.movable import movable_now
from skewcheck.core.plan.plan import Answer, Pair, Plan, Wave
from tests.core.plan.drawn_worlds import BUILDS, Drawn, drawn
from tests.core.plan.model import Life, Model
from tests.core.plan.worlds import HOUR, Book

LAW = settings(max_examples=60)
RARE = settings(max_examples=120)


def safe_plan(case: Drawn) -> Plan:
    plan = make_plan(*case)
    assume(plan.answer is Answer.SAFE)
    return plan


def model_says(case: Drawn) -> bool:
    model = Model(*case)
    return model.reaches(model.at_targets)


@LAW
@given(drawn())
def test_a_plan_exists_exactly_where_any_safe_course_does(case: Drawn) -> None:
    assert (make_plan(*case).answer is Answer.SAFE) == model_says(case)


@RARE
@given(drawn(rich=True, most=2))
def test_it_also_does_with_several_builds_stale_edges_and_affinity(case: Drawn) -> None:
    assert (make_plan(*case).answer is Answer.SAFE) == model_says(case)


@RARE
@given(drawn(rich=True))
def test_without_any_of_its_waits_something_that_does_not_fit_meets(case: Drawn) -> None:
    plan = safe_plan(case)
    for number, wave in enumerate(plan.waves):
        for wait in wave.waits:
            others = tuple(each for each in wave.waits if each is not wait)
            worse = with_wave(plan, number, replace(wave, waits=others))
            assert any("can meet" in wrong for wrong in check_plan(worse, *case))


def with_wave(plan: Plan, number: int, wave: Wave) -> Plan:
    waves = (*plan.waves[:number], wave, *plan.waves[number + 1 :])
    return replace(plan, waves=waves)


def mutants(plan: Plan) -> Iterator[Plan]:
    """Merged, swapped, reversed and lost waves, lost moves, other builds."""
    waves = plan.waves
    for number, (one, two) in enumerate(pairwise(waves)):
        before, after = waves[:number], waves[number + 2 :]
        merged = Wave(waits=(*one.waits, *two.waits), moves=(*one.moves, *two.moves))
        yield replace(plan, waves=(*before, merged, *after))
        yield replace(plan, waves=(*before, two, one, *after))
    if len(waves) > 1:
        yield replace(plan, waves=waves[::-1])
    for number, wave in enumerate(waves):
        yield replace(plan, waves=waves[:number] + waves[number + 1 :])
        for move in wave.moves:
            others = tuple(each for each in wave.moves if each is not move)
            yield with_wave(plan, number, replace(wave, moves=others))
            for build in {*BUILDS} - {move.build}:
                changed = (*others, replace(move, build=build))
                yield with_wave(plan, number, replace(wave, moves=changed))


@RARE
@given(drawn(rich=True))
def test_no_mutant_of_a_plan_passes_the_check(case: Drawn) -> None:
    plan = safe_plan(case)
    assert check_plan(plan, *case) == ()
    for mutant in mutants(plan):
        assert check_plan(mutant, *case)


NAMES = {"s0": "z", "s1": "y", "s2": "x"}
OTHER_BUILDS = {"b0": "r", "b1": "q", "b2": "p"}


def renamed_pair(pair: Pair) -> Pair:
    client, server = OTHER_BUILDS[pair.client], OTHER_BUILDS[pair.server]
    return replace(pair, link=f"{9 - int(pair.link[1:])}", client=client, server=server)


def renamed(case: Drawn) -> Drawn:
    """Other names in another order, and everything listed the other way round."""
    parties = [renamed_party(party) for party in case.world.parties.values()]
    channels = tuple(
        replace(
            each,
            name=f"{9 - int(each.name[1:])}",
            client=NAMES[each.client],
            server=NAMES[each.server],
        )
        for each in reversed(case.world.channels)
    )
    no = {
        (f"{9 - int(link[1:])}", OTHER_BUILDS[one], OTHER_BUILDS[other])
        for link, one, other in case.fits.no
    }
    world = PlanWorld(parties={each.name: each for each in reversed(parties)}, channels=channels)
    return Drawn(world, Book(frozenset(no)))


def renamed_party(party: Party) -> Party:
    return replace(
        party,
        name=NAMES[party.name],
        serving=tuple(OTHER_BUILDS[build] for build in party.serving),
        target=OTHER_BUILDS[party.target],
        lingering=tuple(OTHER_BUILDS[build] for build in party.lingering),
        at_edge=tuple(OTHER_BUILDS[build] for build in party.at_edge),
    )


def shape(wave: Wave) -> object:
    """What a wave says, whatever the order in which it says it."""
    return (
        {(w.service, frozenset(w.builds), w.seconds, frozenset(w.pairs)) for w in wave.waits},
        {(m.service, m.build, frozenset(m.away), m.invalidates, m.narrows) for m in wave.moves},
        {*wave.sticky},
        {*wave.exposes},
        {*wave.mends},
    )


def renamed_wave(wave: Wave) -> Wave:
    return Wave(
        waits=tuple(
            replace(
                wait,
                service=NAMES[wait.service],
                builds=tuple(OTHER_BUILDS[build] for build in wait.builds),
                pairs=tuple(map(renamed_pair, wait.pairs)),
            )
            for wait in wave.waits
        ),
        moves=tuple(
            replace(
                move,
                service=NAMES[move.service],
                build=OTHER_BUILDS[move.build],
                away=tuple(OTHER_BUILDS[build] for build in move.away),
            )
            for move in wave.moves
        ),
        sticky=tuple(NAMES[name] for name in wave.sticky),
        exposes=tuple(map(renamed_pair, wave.exposes)),
        mends=tuple(map(renamed_pair, wave.mends)),
    )


@RARE
@given(drawn(rich=True))
def test_names_and_the_order_of_the_input_change_nothing(case: Drawn) -> None:
    plan, other = make_plan(*case), make_plan(*renamed(case))
    assert (plan.answer, plan.seconds) == (other.answer, other.seconds)
    assert [shape(renamed_wave(wave)) for wave in plan.waves] == list(map(shape, other.waves))
    assert {*map(renamed_pair, plan.outlives)} == {*other.outlives}
    assert sizes(plan) == sizes(other)


def sizes(plan: Plan) -> list[tuple[int, int, int]]:
    return sorted((len(d.members), len(d.cycle), len(d.bridges)) for d in plan.deadlocks)


@LAW
@given(drawn(rich=True))
def test_the_same_world_has_the_same_plan(case: Drawn) -> None:
    assert make_plan(*case) == make_plan(*case)


def steady(case: Drawn) -> Drawn:
    """Clients live on for an hour, servers not at all: so what lives on says all there is."""
    parties = {
        name: replace(each, client_linger_s=HOUR, server_linger_s=0.0)
        for name, each in case.world.parties.items()
    }
    return Drawn(replace(case.world, parties=parties), case.fits)


def after_wave(world: PlanWorld, wave: Wave) -> PlanWorld:
    parties = dict(world.parties)
    for wait in wave.waits:
        party = parties[wait.service]
        left = tuple(build for build in party.lingering if build not in wait.builds)
        parties[wait.service] = replace(party, lingering=left)
    for move in wave.moves:
        party = parties[move.service]
        old = {*party.lingering, *party.serving, *party.at_edge} - {move.build}
        edge = () if move.invalidates else party.at_edge
        parties[move.service] = replace(
            party, serving=(move.build,), lingering=tuple(sorted(old)), at_edge=edge
        )
    return replace(world, parties=parties)


@RARE
@given(drawn(rich=True))
def test_a_new_plan_after_each_wave_is_the_rest_of_the_old_one(case: Drawn) -> None:
    case = steady(case)
    world, waves = case.world, safe_plan(case).waves
    while waves:
        world, waves = after_wave(world, waves[0]), waves[1:]
        again = make_plan(world, case.fits)
        assert [course(wave) for wave in again.waves] == [course(wave) for wave in waves]


def course(wave: Wave) -> object:
    waits = {(wait.service, wait.builds) for wait in wave.waits}
    return waits, {(move.service, move.build, move.narrows) for move in wave.moves}


@RARE
@given(drawn(rich=True), st.data())
def test_widening_a_range_never_makes_it_unsafe(case: Drawn, data: st.DataObject) -> None:
    safe_plan(case)
    assume(case.fits.no)
    widened = data.draw(st.sampled_from(sorted(case.fits.no)))
    assert make_plan(case.world, Book(case.fits.no - {widened})).answer is Answer.SAFE


@LAW
@given(drawn(), st.data())
def test_widening_a_range_never_makes_for_more_waves(case: Drawn, data: st.DataObject) -> None:
    plan = safe_plan(case)
    assume(case.fits.no)
    widened = data.draw(st.sampled_from(sorted(case.fits.no)))
    wider = make_plan(case.world, Book(case.fits.no - {widened}))
    assert len(wider.waves) <= len(plan.waves)


@LAW
@given(drawn())
def test_the_way_back_has_the_same_arcs_turned_round(case: Drawn) -> None:
    parties = {
        name: replace(each, serving=(each.target,), target=each.serving[0])
        for name, each in case.world.parties.items()
    }
    back = make_plan(replace(case.world, parties=parties), case.fits)
    forth = make_plan(*case)
    assert {(arc.after, arc.before, arc.pair) for arc in forth.arcs} == {
        (arc.before, arc.after, arc.pair) for arc in back.arcs
    }


@LAW
@given(drawn())
def test_a_world_at_its_targets_needs_no_plan(case: Drawn) -> None:
    parties = {
        name: replace(each, serving=(each.target,)) for name, each in case.world.parties.items()
    }
    plan = make_plan(replace(case.world, parties=parties), case.fits)
    assert (plan.answer, plan.waves, plan.seconds) == (Answer.SAFE, (), 0.0)


@LAW
@given(drawn())
def test_a_deadlock_is_a_shortest_cycle_of_true_witnesses(case: Drawn) -> None:
    plan = make_plan(*case)
    for deadlock in plan.deadlocks:
        assert check_deadlock(deadlock, *case) == ()
        edges = {(a.before, a.after) for a in plan.arcs if a.before in deadlock.members}
        assert len(deadlock.cycle) == girth(edges)


def girth(edges: set[tuple[str, str]]) -> int:
    """The length of a shortest closed walk."""
    walks = edges
    for length in range(1, len(edges) + 1):
        if any(one == other for one, other in walks):
            return length
        walks = {(one, last) for one, other in walks for first, last in edges if other == first}
    pytest.fail("no cycle")


@LAW
@given(drawn())
def test_the_bridges_free_their_members_and_no_fewer_do(case: Drawn) -> None:
    plan = make_plan(*case)
    for deadlock in plan.deadlocks:
        edges = {(a.before, a.after) for a in plan.arcs}
        assert deadlock.exact
        assert is_free(deadlock.members, edges, deadlock.bridges)
        for fewer in combinations(deadlock.members, len(deadlock.bridges) - 1):
            assert not is_free(deadlock.members, edges, fewer)


def is_free(members: tuple[str, ...], edges: set[tuple[str, str]], cut: tuple[str, ...]) -> bool:
    left = {*members} - {*cut}
    while sinks := {name for name in left if not any((name, to) in edges for to in left)}:
        left -= sinks
    return not left


@LAW
@given(drawn(most=3))
def test_exactly_what_is_sticky_must_be_waited_for_on_the_way_back(case: Drawn) -> None:
    plan, model = safe_plan(case), Model(*case)
    moved: set[str] = set()
    sticky: set[str] = set()
    for wave in plan.waves:
        moved |= {move.service for move in wave.moves}
        sticky |= {*wave.sticky}
        reached = tuple(life_of(case.world.parties[name], name in moved) for name in model.names)
        assert goes_back(case, sticky, reached)
        for name in sticky:
            assert not goes_back(case, {*model.names} - {name}, reached)


def life_of(party: Party, moved: bool) -> Life:  # noqa: FBT001 - says of which of two
    now = frozenset({party.target} if moved else party.serving)
    return Life(now, now, frozenset(), frozenset())


def goes_back(case: Drawn, drainable: set[str], reached: tuple[Life, ...]) -> bool:
    model = Model(*case, drainable=frozenset(drainable))
    old = [life.serving for life in model.start]
    return model.reaches(lambda state: [life.serving for life in state] == old, reached)


@RARE
@given(drawn(rich=True))
def test_what_may_move_now_is_what_the_first_wave_moves(case: Drawn) -> None:
    plan = safe_plan(case)
    free = {each.move for each in movable_now(*case) if each.may_move}
    unwaited = plan.waves[:1] if plan.waves and not plan.waves[0].waits else ()
    assert {move for wave in unwaited for move in wave.moves} <= free
    assert free <= {move for wave in plan.waves[:1] for move in wave.moves}
