"""Consent to a proposal, and the start of what enough people have consented to.

Rules of this file: the world is looked at again before anything starts, and consent counts for the
very plan that it was given to; of two decisive clicks one wins; a click that is carried out again,
because its replica died, ends as if it had not.
"""

from dataclasses import replace

from skewcheck.core.audit.records import approved, not_started, rollout_started
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.as_json import order_from_json, order_to_json
from skewcheck.core.rollout.consent import Approval
from skewcheck.core.rollout.order import Order, RolloutKind
from skewcheck.core.rollout.permission import Refusal
from skewcheck.core.slack.deciding import consenting, needed
from skewcheck.core.slack.inbox import Item
from skewcheck.core.slack.proposal import ProposalState, Proposed
from skewcheck.flows.propose import Proposal, propose
from skewcheck.flows.redeploy import Asker, past_rollouts, refusals, start, unfinished
from skewcheck.flows.rollback import to_undo, what_served
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.at_ref import at_ref
from skewcheck.flows.slack.desk import Desk
from skewcheck.flows.slack.posts import register
from skewcheck.flows.slack.proposals import close, show
from skewcheck.flows.slack.recording import record_once
from skewcheck.ports.service import Kept, Posted
from skewcheck.render.slack.answers import render_refusals, render_told


def approve(desk: Desk, item: Item, room: Room, kept: Kept, proposed: Proposed) -> None:
    """For whoever may; a click that has decided it already goes on where it stopped."""
    if proposed.state is ProposalState.STARTED:
        _go(desk, item, room, proposed)
        return
    again = plan_again(room, proposed)
    if again.order is None or again.order.digest != proposed.digest:
        _changed(desk, item, kept, proposed, again)
        return
    _note(desk, item, room, proposed)
    wanted, people = room.loaded.manifest.policy.approvals, _people(desk, item, room, proposed)
    if len(people) < needed(wanted, proposed.kind):
        show(desk.shared, proposed, given=people, wanted=wanted)
    elif against := _against(room, again.order):
        what = f"approved, but {room.environment} cannot roll out now; approve again later"
        desk.answer(item, render_refusals(what, against))
    else:
        _start(desk, item, room, kept, _started(proposed, item, again.order), people)


def plan_again(room: Room, proposed: Proposed) -> Proposal:
    """The same wish, in the world as it is now."""
    asker = Asker(
        rollout=proposed.rollout,
        who=proposed.asked_by,
        why=proposed.why,
        kind=proposed.kind,
        triggered=proposed.triggered,
    )
    if proposed.kind is RolloutKind.ROLLBACK:
        undone = to_undo(room.engine, proposed.environment, proposed.undoes)
        return propose(room, asker, what_served(undone))
    return propose(at_ref(room, proposed.ref), asker)


def too_late(desk: Desk, item: Item) -> None:
    desk.answer(item, render_told("somebody else has decided it at the same moment"))


def _changed(desk: Desk, item: Item, kept: Kept, proposed: Proposed, again: Proposal) -> None:
    now = f"it would be plan {again.planned.digest} now, and nothing started"
    told = f"the world has changed since plan {proposed.digest}: {now}"
    ended = replace(
        proposed,
        state=ProposalState.CHANGED,
        decided_by=item.who,
        decided_in=item.key,
        became=again.planned.digest,
    )
    close(desk.shared, kept, ended)
    desk.answer(item, render_told(told, f"/skewcheck {proposed.kind} {proposed.environment}"))


def _note(desk: Desk, item: Item, room: Room, proposed: Proposed) -> None:
    """On record first. Where nobody's consent is asked for, none is kept."""
    shared, via = desk.shared, desk.entry_of(item, room)
    now, digest = shared.clock.now(), proposed.digest
    entry = approved(
        proposed.environment, digest, who=item.who, at=now, via=via, rollout=proposed.rollout
    )
    record_once(shared, entry)
    if room.loaded.manifest.policy.approvals.count and proposed.kind is RolloutKind.REDEPLOY:
        room.notes.approve(Approval(digest=digest, who=item.who, at=now, via=via))


def _people(desk: Desk, item: Item, room: Room, proposed: Proposed) -> tuple[str, ...]:
    """All who consent now: read again, because others may have clicked meanwhile."""
    wanted, given = room.loaded.manifest.policy.approvals, room.notes.approvals(proposed.digest)
    others = consenting(proposed, wanted, given, desk.shared.clock.now())
    return tuple(dict.fromkeys((*others, item.who)))


def _against(room: Room, order: Order) -> tuple[Refusal, ...]:
    """Every reason, a rollout that is under way among them."""
    past = past_rollouts(room.engine) if order.triggered else ()
    found = refusals(order, room.loaded, room.notes, room.doors.clock.now(), past)
    run = unfinished(room.engine)
    if run is None or run.rollout == order.rollout:
        return found
    told = f"rollout {run.rollout} is unfinished: it goes on first"
    shown = f"skewcheck rollouts show {order.environment} {run.rollout}"
    return (Refusal(why=told, fix=shown), *found)


def _started(proposed: Proposed, item: Item, order: Order) -> Proposed:
    return replace(
        proposed,
        state=ProposalState.STARTED,
        decided_by=item.who,
        decided_in=item.key,
        order=order_to_json(order),
    )


def _start(
    desk: Desk, item: Item, room: Room, kept: Kept, started: Proposed, people: tuple[str, ...]
) -> None:
    if close(desk.shared, kept, started, given=people):
        _go(desk, item, room, started)
    else:
        too_late(desk, item)


def _go(desk: Desk, item: Item, room: Room, started: Proposed) -> None:
    """Once, however often: the engine knows the rollout by its name."""
    order, shared = order_from_json(started.order), desk.shared
    record_once(shared, rollout_started(order, at=shared.clock.now()))
    try:
        going_on = start(room.engine, order)
    except ActionFailedError as error:
        why = (Refusal(why=str(error), fix=error.hint),)
        now = shared.clock.now()
        shared.audit.append(not_started(order.environment, why, who=item.who, at=now))
        raise
    register(shared, going_on, order.environment, Posted(started.channel, started.ts))
