"""Proposals on the shelf and in their channels: posted with buttons, and closed when it is time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from skewcheck.core.audit.records import proposed as proposed_record
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.policy import Approvals
from skewcheck.core.rollout.as_json import order_to_json
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.permission import Refusal
from skewcheck.core.slack.as_json import from_json, to_json
from skewcheck.core.slack.proposal import ProposalState, Proposed
from skewcheck.flows.propose import Proposal
from skewcheck.flows.redeploy import Asker, past_rollouts, refusals
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.desk import messenger_of, post_to
from skewcheck.ports.service import Kept, Posted, Shared
from skewcheck.render.slack.plan import headline_of, render_proposal, shown_of

PROPOSAL = "proposal"
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What it takes to plan the same again."""

    ref: str = ""
    undoes: str = ""


def post_proposal(
    shared: Shared,
    room: Room,
    proposal: Proposal,
    asker: Asker,
    *,
    channel: str = "",
    wish: Wish | None = None,
) -> Proposed:
    """With its buttons, in that channel; where none is named, in the owners' or the service's own.
    Once for each rollout's name. ActionFailedError where Slack refuses."""
    kept = shared.shelf.read(PROPOSAL, asker.rollout)
    if kept is not None:
        return from_json(Proposed, kept.value)
    if proposal.order is None:
        raise UsageError("there is nothing to propose: no order came of the plan")
    wanted = room.loaded.manifest.policy.approvals
    drafted = _drafted(proposal, proposal.order, wanted, asker, wish or Wish())
    message = render_proposal(drafted, wanted=wanted)
    posted = (
        messenger_of(shared).post(channel, message)
        if channel
        else post_to(shared, channel_for(shared, room, proposal.order), message)
    )
    # Not on the shelf, its buttons do nothing: so what cannot be recorded is not proposed.
    now = shared.clock.now()
    shared.audit.append(proposed_record(proposal.order, at=now))
    made = replace(drafted, channel=posted.channel, ts=posted.ts)
    shared.shelf.add(PROPOSAL, made.rollout, to_json(made), at=now)
    return made


def _drafted(
    proposal: Proposal, order: Order, wanted: Approvals, asker: Asker, wish: Wish
) -> Proposed:
    view = proposal.view
    bare = Proposed(
        rollout=asker.rollout,
        environment=order.environment,
        kind=order.kind,
        digest=order.digest,
        asked_by=asker.who,
        at=order.at,
        expires=order.at + wanted.expire,
        why=asker.why,
        ref=wish.ref,
        undoes=wish.undoes,
        triggered=asker.triggered,
        order=order_to_json(order),
    )
    shown = shown_of(view, bare, wanted)
    return replace(bare, headline=headline_of(view, bare), shown=shown)


def channel_for(shared: Shared, room: Room, order: Order) -> str:
    """The owners' of what moves where they have one channel, else the service's own."""
    services = room.loaded.manifest.services
    named = (services[each.name].owner.slack for each in order.services if each.name in services)
    channels = tuple(dict.fromkeys(channel for channel in named if channel))
    if len(channels) == 1 or not shared.channel:
        return channels[0] if channels else ""
    return shared.channel


def standing_against(room: Room, order: Order) -> tuple[Refusal, ...]:
    """All reasons against it but that nobody has approved it yet."""
    manifest = room.loaded.manifest
    policy = manifest.policy.model_copy(update={"approvals": Approvals()})
    loaded = replace(room.loaded, manifest=manifest.model_copy(update={"policy": policy}))
    past = past_rollouts(room.engine) if order.triggered else ()
    return refusals(order, loaded, room.notes, room.doors.clock.now(), past)


def close(shared: Shared, kept: Kept, ended: Proposed, *, given: Sequence[str] = ()) -> bool:
    """Of two who decide one does; then its buttons are gone. False for the other."""
    if not shared.shelf.replace(kept, PROPOSAL, to_json(ended), at=shared.clock.now()):
        return False
    show(shared, ended, given=given)
    return True


def show(
    shared: Shared,
    proposed: Proposed,
    *,
    given: Sequence[str] = (),
    wanted: Approvals | None = None,
) -> None:
    """As it stands. Where Slack refuses, its buttons look alive and do nothing: nobody is stopped
    by that."""
    if not proposed.ts:
        return
    posted = Posted(proposed.channel, proposed.ts)
    try:
        messenger_of(shared).update(posted, render_proposal(proposed, given=given, wanted=wanted))
    except ActionFailedError:
        return


def expire_proposals(shared: Shared) -> None:
    """Those whose time is up; what is long over is forgotten."""
    now = shared.clock.now()
    for kept, proposed in _all(shared):
        if proposed.state is ProposalState.OPEN and now >= proposed.expires:
            close(shared, kept, replace(proposed, state=ProposalState.EXPIRED))
    shared.shelf.forget(PROPOSAL, before=now - _KEPT)


def _all(shared: Shared) -> list[tuple[Kept, Proposed]]:
    return [(kept, from_json(Proposed, kept.value)) for kept in shared.shelf.all(PROPOSAL)]
