"""Two who decide at once, and who dies in the middle: nothing starts twice, nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.rollout.consent import Approval
from skewcheck.core.slack.as_json import to_json
from skewcheck.flows.slack.carry_out import carry_out
from tests.engine_fakes import PowerCut
from tests.flows.slack.world import (
    KIM,
    LIN,
    TWO,
    Workspace,
    asked,
    started,
)
from tests.slack_fakes import click


def test_of_two_who_decide_at_the_same_moment_one_wins() -> None:
    """Kim declines while Lin's click is being carried out."""
    workspace = asked()
    notes, approve = workspace.rollouts.notes, workspace.rollouts.notes.approve

    def declined_meanwhile(approval: Approval) -> None:
        approve(approval)
        workspace.presses(KIM, "decline")

    notes.approve = declined_meanwhile  # type: ignore[method-assign]
    told = workspace.presses(LIN, "approve")
    assert "somebody else has decided it at the same moment" in told
    assert (workspace.state(), started(workspace)) == ("declined", False)


def test_two_who_approve_at_the_same_moment_are_enough_together() -> None:
    """Each looked before the other's consent was noted: whoever notes last starts it."""
    workspace = asked(TWO)
    notes, approve = workspace.rollouts.notes, workspace.rollouts.notes.approve

    def both(approval: Approval) -> None:
        notes.approve = approve  # type: ignore[method-assign]
        workspace.presses(KIM, "approve")
        approve(approval)

    notes.approve = both  # type: ignore[method-assign]
    workspace.presses(LIN, "approve")
    assert len(workspace.orders()) == 1


def test_the_same_click_carried_out_again_starts_nothing_twice() -> None:
    workspace = asked()
    for _ in range(2):
        assert workspace.presses(LIN, "approve", key="9.9") == ""
    assert len(workspace.orders()) == 1
    assert workspace.events().count("approved") == 1
    assert workspace.events().count("rollout-started") == 1


@pytest.mark.parametrize("dies_in", ["audit", "engine", "post"])
def test_who_dies_after_the_decision_is_carried_on_by_the_next(dies_in: str) -> None:
    workspace = asked()
    _cut_power(workspace, dies_in)
    pressed = click("approve", workspace.proposed().rollout, user=LIN, key="9.9")
    with pytest.raises(PowerCut):
        carry_out(workspace.desk, pressed)
    carry_out(workspace.desk, pressed)
    assert len(workspace.orders()) == 1
    assert workspace.state() == "started"
    assert workspace.events().count("rollout-started") == 1
    assert workspace.shared.shelf.read("post", workspace.proposed().rollout) is not None


def _cut_power(workspace: Workspace, where: str) -> None:
    """Once: at the record of the start, in the engine, or when the message is registered."""
    owner: Any = {
        "audit": workspace.shared.audit,
        "engine": workspace.rollouts.engine,
        "post": workspace.shared.shelf,
    }[where]
    name = {"audit": "append", "engine": "submit", "post": "add"}[where]
    act = getattr(owner, name)

    def dying(*given: Any, **named: Any) -> Any:
        if where == "audit" and given[0]["event"] != "rollout-started":
            return act(*given, **named)
        setattr(owner, name, act)
        raise PowerCut

    setattr(owner, name, dying)


def test_where_the_engine_refuses_it_is_told_and_on_record() -> None:
    """Another plan got in between the last look and the start."""
    workspace = asked()
    other = replace(workspace.rollouts.order("another"), digest="another")
    engine, submit = workspace.rollouts.engine, workspace.rollouts.engine.submit

    def late(rollout: str, order: Any) -> str:
        engine.submit = submit  # type: ignore[method-assign]
        workspace.rollouts.engine.submit("another", to_json(other))
        return submit(rollout, order)

    engine.submit = late  # type: ignore[method-assign]
    told = workspace.presses(LIN, "approve")
    assert "rollout another of another plan is under way" in told
    assert workspace.events()[-1] == "not-started"
