"""What Slack has handed over is done once, by one replica, also when replicas die."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.slack.as_json import from_json
from skewcheck.core.slack.inbox import Item
from skewcheck.flows.slack.desk import Desk
from skewcheck.flows.slack.inbox import accept, attempt, forget_seen, is_first, take_turn, waiting
from tests.engine_fakes import PowerCut
from tests.flows.slack.world import Workspace
from tests.slack_fakes import item, read

HELP = replace(item("help"), tries=0)


def handed_over(space: Workspace, given: Item = HELP) -> Desk:
    assert accept(space.shared, given)
    return space.desk


def other(space: Workspace) -> Desk:
    """Another replica's."""
    return replace(space.desk, shared=replace(space.shared, holder="replica-2"))


def broken(space: Workspace, error: BaseException) -> Desk:
    """Where asking for the environments fails."""

    def fails() -> Any:
        raise error

    return replace(space.desk, environments=fails)


def tries(space: Workspace) -> int:
    kept = space.shared.shelf.read("inbox", HELP.key)
    assert kept is not None
    return from_json(Item, kept.value).tries


def test_what_came_is_done_and_is_gone() -> None:
    space = Workspace()
    desk = handed_over(space)
    assert waiting(space.shared) == (HELP.key,)
    attempt(desk, HELP.key)
    assert len(space.slack.answers) == 1
    assert waiting(space.shared) == ()


def test_what_came_twice_is_taken_once_before_and_after_it_is_done() -> None:
    space = Workspace()
    desk = handed_over(space)
    assert not accept(space.shared, HELP)
    attempt(desk, HELP.key)
    assert not accept(space.shared, HELP)
    attempt(desk, HELP.key)
    assert len(space.slack.answers) == 1


def test_what_came_again_at_the_moment_when_it_was_done_is_not_done_again() -> None:
    space = Workspace()
    attempt(handed_over(space), HELP.key)
    space.shared.shelf.put("inbox", HELP.key, {"key": "x"}, at=space.clock.at)
    attempt(space.desk, HELP.key)
    assert (len(space.slack.answers), waiting(space.shared)) == (1, ())


@pytest.mark.parametrize("given", [replace(HELP, key=""), replace(HELP, user="root")])
def test_what_is_nobodys_is_not_taken(given: Item) -> None:
    space = Workspace()
    assert not accept(space.shared, given)
    assert waiting(space.shared) == ()


def test_while_one_replica_does_it_no_other_does() -> None:
    space = Workspace()
    handed_over(space)
    assert take_turn(space.shared, HELP.key)
    attempt(other(space), HELP.key)
    assert space.slack.answers == []
    space.later(seconds=59)
    assert take_turn(space.shared, HELP.key)
    space.later(seconds=59)
    attempt(other(space), HELP.key)
    assert space.slack.answers == []


def test_what_a_dead_replica_left_is_done_by_another_when_its_turn_is_over() -> None:
    space = Workspace()
    handed_over(space)
    with pytest.raises(PowerCut):
        attempt(broken(space, PowerCut()), HELP.key)
    attempt(other(space), HELP.key)
    assert space.slack.answers == []
    space.later(seconds=60)
    attempt(other(space), HELP.key)
    assert len(space.slack.answers) == 1
    assert waiting(space.shared) == ()


def test_what_fails_in_a_way_that_nobody_knows_is_tried_three_times_and_apologised_for() -> None:
    space = Workspace()
    handed_over(space)
    for number in (1, 2, 3):
        with pytest.raises(RuntimeError):
            attempt(broken(space, RuntimeError("a bug")), HELP.key)
        assert tries(space) == number
    attempt(broken(space, RuntimeError("a bug")), HELP.key)
    [told] = space.slack.answers
    assert "sorry: 'help' failed 3 times, and was given up" in read(told)
    assert waiting(space.shared) == ()


def test_who_cannot_be_told_of_it_is_not_told() -> None:
    space = Workspace()
    handed_over(space, replace(HELP, tries=3))
    space.slack.refuses = "internal_error"
    attempt(space.desk, HELP.key)
    assert waiting(space.shared) == ()


def test_a_signature_counts_once_and_is_forgotten_when_it_is_too_old_anyway() -> None:
    space = Workspace()
    assert is_first(space.shared, "v0=abc")
    assert not is_first(space.shared, "v0=abc")
    assert is_first(space.shared, "v0=abd")
    space.later(minutes=10)
    forget_seen(space.shared)
    assert not is_first(space.shared, "v0=abc")
    space.clock.at += timedelta(seconds=1)
    forget_seen(space.shared)
    assert is_first(space.shared, "v0=abc")
