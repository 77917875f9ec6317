"""Asking for a rollout in Slack: it is planned, and proposed where it was asked for."""

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import RolloutKind
from skewcheck.core.slack.asks import RedeployAsk
from skewcheck.core.slack.inbox import Item
from skewcheck.flows.propose import Proposal, propose
from skewcheck.flows.redeploy import Asker, unfinished
from skewcheck.flows.rollback import to_undo, what_served
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.at_ref import at_ref
from skewcheck.flows.slack.desk import Desk
from skewcheck.flows.slack.proposals import Wish, post_proposal, standing_against
from skewcheck.render.slack.answers import render_refusals, render_told
from skewcheck.render.slack.plan import render_plan


def propose_redeploy(desk: Desk, item: Item, ask: RedeployAsk) -> None:
    with desk.open_room(ask.environment) as room:
        if _goes_on(desk, item, room):
            return
        _planning(desk, item, room)
        named = desk.named(item, room)
        asker = Asker(rollout=named.rollout, who=item.who, why=ask.why)
        there = at_ref(room, ask.ref)
        _propose(desk, item, there, propose(there, asker), asker, Wish(ref=ask.ref))


def propose_rollback(desk: Desk, item: Item, environment: str, rollout: str) -> None:
    """Of that rollout, or of the last redeploy that succeeded."""
    with desk.open_room(environment) as room:
        if _goes_on(desk, item, room):
            return
        undone = to_undo(room.engine, environment, rollout or None)
        wanted = what_served(undone)
        _planning(desk, item, room)
        asker = Asker(
            rollout=desk.named(item, room).rollout,
            who=item.who,
            why=f"undoes {undone.rollout}",
            kind=RolloutKind.ROLLBACK,
        )
        proposal = propose(room, asker, wanted)
        _propose(desk, item, room, proposal, asker, Wish(undoes=undone.rollout))


def _propose(
    desk: Desk, item: Item, room: Room, proposal: Proposal, asker: Asker, wish: Wish
) -> None:
    if proposal.order is None:
        desk.answer(item, render_plan(proposal.view, proposal.refusals))
        return
    if against := standing_against(room, proposal.order):
        desk.answer(item, render_refusals(f"{room.environment} cannot roll out now", against))
        return
    try:
        post_proposal(desk.shared, room, proposal, asker, channel=item.channel, wish=wish)
    except ActionFailedError as error:
        desk.refuse(item, error)


def _planning(desk: Desk, item: Item, room: Room) -> None:
    if item.tries <= 1:
        desk.answer(item, render_told(f"planning {room.environment}…"))


def _goes_on(desk: Desk, item: Item, room: Room) -> bool:
    """One rollout of an environment at a time: whoever asks meanwhile is shown that one."""
    run = unfinished(room.engine)
    if run is None:
        return False
    told = f"rollout {run.rollout} of {room.environment} is unfinished: it goes on first"
    there = f"{desk.page}/environments/{room.environment}"
    show = f"skewcheck rollouts show {room.environment} {run.rollout}"
    desk.answer(item, render_told(told, there if desk.page else show))
    return True
