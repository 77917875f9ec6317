"""From a click to what it decides: consent to a plan, no, or the wish to undo a rollout."""

from dataclasses import replace
from typing import assert_never

from skewcheck.core.audit.records import declined
from skewcheck.core.errors import UsageError
from skewcheck.core.rollout.as_json import order_from_json
from skewcheck.core.slack.as_json import from_json
from skewcheck.core.slack.deciding import (
    Click,
    Consent,
    Decision,
    Declined,
    Enough,
    Refused,
    decide,
)
from skewcheck.core.slack.inbox import Item
from skewcheck.core.slack.proposal import ProposalState, Proposed
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.approving import approve, too_late
from skewcheck.flows.slack.asking import propose_rollback
from skewcheck.flows.slack.desk import Desk
from skewcheck.flows.slack.posts import environment_of
from skewcheck.flows.slack.proposals import PROPOSAL, close, show
from skewcheck.flows.slack.recording import record_once
from skewcheck.ports.service import Kept
from skewcheck.render.slack.answers import render_told

_GRACE_S = 2.0
_AGAIN = "ask again: /skewcheck redeploy ENVIRONMENT"


def carry_out_click(desk: Desk, item: Item) -> None:
    """Raises SkewcheckError for what goes wrong on the way, for the caller to tell."""
    if item.action == "undo":
        environment = environment_of(desk.shared, item.value)
        propose_rollback(desk, item, environment, item.value)
    elif item.action in {"approve", "decline"}:
        _decide(desk, item)


def _decide(desk: Desk, item: Item) -> None:
    kept = _kept(desk, item.value)
    proposed = from_json(Proposed, kept.value)
    with desk.open_room(proposed.environment) as room:
        match decision := _decision(desk, item, room, proposed):
            case Refused():
                _refuse(desk, item, kept, proposed, decision)
            case Declined():
                _decline(desk, item, kept, proposed)
            case Consent() | Enough():
                approve(desk, item, room, kept, proposed)
            case _:
                assert_never(decision)


def _kept(desk: Desk, rollout: str) -> Kept:
    """A message stands in its channel a moment before its proposal stands on the shelf."""
    shared = desk.shared
    kept = shared.shelf.read(PROPOSAL, rollout)
    if kept is None:
        shared.clock.wait(_GRACE_S)
        kept = shared.shelf.read(PROPOSAL, rollout)
    if kept is None:
        raise UsageError("this proposal is not known here, or was long ago", hint=_AGAIN)
    return kept


def _decision(desk: Desk, item: Item, room: Room, proposed: Proposed) -> Decision:
    click = Click(
        key=item.key,
        who=item.who,
        via=desk.entry_of(item, room),
        approves=item.action == "approve",
    )
    wanted = room.loaded.manifest.policy.approvals
    given = room.notes.approvals(proposed.digest)
    return decide(proposed, click, wanted, given, desk.shared.clock.now())


def _refuse(desk: Desk, item: Item, kept: Kept, proposed: Proposed, refused: Refused) -> None:
    """A dead button is taken away, should it still be there."""
    if refused.dead and proposed.state is ProposalState.OPEN:
        close(desk.shared, kept, replace(proposed, state=ProposalState.EXPIRED))
    elif refused.dead and proposed.state is not ProposalState.STARTED:
        show(desk.shared, proposed)
    desk.answer(item, render_told(refused.why))


def _decline(desk: Desk, item: Item, kept: Kept, proposed: Proposed) -> None:
    order, now = order_from_json(proposed.order), desk.shared.clock.now()
    record_once(desk.shared, declined(order, who=item.who, at=now))
    ended = replace(
        proposed, state=ProposalState.DECLINED, decided_by=item.who, decided_in=item.key
    )
    if not close(desk.shared, kept, ended):
        too_late(desk, item)
