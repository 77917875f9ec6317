"""Power cuts: a process may die before and after each act, and in the middle of each change."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skewcheck.core.rollout.journal import Outcome
from tests.engine_fakes import PowerCut
from tests.flows.rollout.world import SHAPES, Rollouts, Shape
from tests.rollout_fakes import Moment

MOST_DEATHS = 50


def follow_through_deaths(rollouts: Rollouts) -> Outcome:
    """A new process takes over whenever one has died."""
    for _ in range(MOST_DEATHS):
        try:
            return rollouts.follow()
        except PowerCut:
            continue
    raise AssertionError("it never ends")


def undisturbed(prepare: Callable[[Rollouts], None], shape: Shape) -> tuple[Rollouts, Outcome]:
    rollouts = Rollouts(shape)
    prepare(rollouts)
    return rollouts, rollouts.redeploy()


def _as_it_is(rollouts: Rollouts) -> None:
    del rollouts


def _frozen(rollouts: Rollouts) -> None:
    rollouts.cloud.frozen = True


PREPARED = {"all goes well": _as_it_is, "the edge never flips": _frozen}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("prepare", PREPARED.values(), ids=PREPARED.keys())
def test_power_cuts_between_steps_never_change_how_it_ends(
    prepare: Callable[[Rollouts], None], when: str
) -> None:
    calm, outcome = undisturbed(prepare, "server first")
    for act in range(1, calm.engine.acts + 1):
        rollouts = Rollouts()
        prepare(rollouts)
        setattr(rollouts.engine, f"dies_{when}", act)
        _assert_same_end(rollouts, calm, outcome)


@pytest.mark.parametrize("prepare", PREPARED.values(), ids=PREPARED.keys())
def test_power_cuts_in_the_middle_of_a_change_never_change_how_it_ends(
    prepare: Callable[[Rollouts], None],
) -> None:
    calm, outcome = undisturbed(prepare, "server first")
    moments = 2 * calm.changes().total()
    for fatal in range(1, moments + 1):
        rollouts = Rollouts()
        prepare(rollouts)
        rollouts.on_call(_killer([fatal]))
        _assert_same_end(rollouts, calm, outcome)


@settings(max_examples=8)
@given(
    shape=st.sampled_from(SHAPES),
    prepare=st.sampled_from(list(PREPARED.values())),
    fatal=st.lists(st.integers(1, 40), max_size=8),
    between=st.tuples(st.none() | st.integers(1, 40), st.none() | st.integers(1, 40)),
)
def test_power_cuts_never_change_how_it_ends(
    shape: Shape,
    prepare: Callable[[Rollouts], None],
    fatal: list[int],
    between: tuple[int | None, int | None],
) -> None:
    calm, outcome = undisturbed(prepare, shape)
    rollouts = Rollouts(shape)
    prepare(rollouts)
    rollouts.on_call(_killer(fatal))
    rollouts.engine.dies_before, rollouts.engine.dies_after = between
    _assert_same_end(rollouts, calm, outcome)


def _killer(fatal: list[int]) -> Callable[[Moment], None]:
    """Kills at those moments, counted over all deaths."""
    count = [0]

    def kill(moment: Moment) -> None:
        del moment
        count[0] += 1
        if count[0] in fatal:
            raise PowerCut

    return kill


def _assert_same_end(rollouts: Rollouts, calm: Rollouts, outcome: Outcome) -> None:
    order = rollouts.order()
    try:
        ended = rollouts.redeploy(order)
    except PowerCut:
        ended = follow_through_deaths(rollouts)
    assert ended is outcome
    assert rollouts.state() == calm.state()
    assert rollouts.steps() == calm.steps()
    assert rollouts.changes() == calm.changes()
