"""Skew that appears by itself starts the redeploy that mends it, where the policy says so.

Rules of this file: two surveys in a row must have seen it; people are told before anything moves,
and what does not start is told once for each world and reason. The cascade guard stands over it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from skewcheck.core.audit.records import not_started, rollout_started
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.mending import redeploy_is_wanted
from skewcheck.core.plan.plan import Answer
from skewcheck.core.report import Report
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.permission import Refusal
from skewcheck.flows.mend_memory import read_memory, remember_seen, remember_told
from skewcheck.flows.propose import Proposal, propose
from skewcheck.flows.redeploy import Asker, start, unfinished
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.proposals import standing_against
from skewcheck.ports.service import Shared

WHY = "on_skew: redeploy"
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How people hear of it. Each raises ActionFailedError where they cannot be told now."""

    announce: Callable[[Room, Order, str], object]
    ask: Callable[[Room, Proposal, Asker], object]
    not_started: Callable[[str, tuple[Refusal, ...]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """`who` is the service's own identity; `voice` is None where Slack is not set up."""

    shared: Shared
    who: str
    voice: Voice | None = None


def is_due(shared: Shared, report: Report) -> bool:
    """Counts surveys in a row that want it mended; `not_seen` breaks the row."""
    if not redeploy_is_wanted(report):
        not_seen(shared, report.environment)
        return False
    seen = min(read_memory(shared, report.environment).seen + 1, _IN_A_ROW)
    remember_seen(shared, report.environment, seen)
    return seen >= _IN_A_ROW


def not_seen(shared: Shared, environment: str) -> None:
    """This survey failed, or saw nothing to be mended."""
    remember_seen(shared, environment, 0)


def mend(mending: Mending, room: Room) -> str:
    """What keeps it from telling people, and so from starting; empty where nothing does."""
    if unfinished(room.engine) is not None:
        return ""
    asker = Asker(rollout=room.new_rollout(), who=mending.who, why=WHY, triggered=True)
    try:
        proposal = propose(room, asker)
    except UsageError as error:
        return _tell(mending, room, "", (Refusal(why=str(error), fix=error.hint),))
    against, world = _against(room, proposal), proposal.planned.world_digest
    if proposal.order is not None and against and not standing_against(room, proposal.order):
        return _ask(mending, room, proposal, asker)
    if proposal.order is None or against:
        return _tell(mending, room, world, against)
    return _start(mending, room, proposal.order)


def _against(room: Room, proposal: Proposal) -> tuple[Refusal, ...]:
    """Nothing, too, where the newest survey finds nothing left to do."""
    answer = proposal.planned.plan.answer
    if proposal.order is None and not proposal.refusals and answer is not Answer.SAFE:
        told = f"no redeploy mends it ({answer})"
        return (Refusal(why=told, fix=f"skewcheck plan {room.environment}"),)
    return proposal.refusals


def _ask(mending: Mending, room: Room, proposal: Proposal, asker: Asker) -> str:
    """Once for each plan; who is asked and does not answer is not asked again."""
    voice, digest = mending.voice, proposal.planned.digest
    if voice is None:
        return _tell(mending, room, digest, proposal.refusals)
    if _is_told(mending, room, f"ask {digest}"):
        return ""
    try:
        voice.ask(room, proposal, asker)
    except ActionFailedError as error:
        return f"a redeploy would mend it, and nobody can be asked for consent: {error}"
    remember_told(mending.shared, room.environment, f"ask {digest}")
    return ""


def _tell(mending: Mending, room: Room, world: str, against: tuple[Refusal, ...]) -> str:
    key = _key(world, *(each.why for each in against))
    if not against or _is_told(mending, room, key):
        return ""
    now, shared = room.doors.clock.now(), mending.shared
    if mending.voice is not None:
        try:
            mending.voice.not_started(room.environment, against)
        except ActionFailedError as error:
            return f"no redeploy starts by itself, and Slack cannot be told why: {error}"
    shared.audit.append(not_started(room.environment, against, who=mending.who, at=now))
    remember_told(mending.shared, room.environment, key)
    return ""


def _start(mending: Mending, room: Room, order: Order) -> str:
    shared = mending.shared
    if mending.voice is not None:
        try:
            mending.voice.announce(room, order, WHY)
        except ActionFailedError as error:
            return f"nothing was redeployed, because it could not be announced: {error}"
    shared.audit.append(rollout_started(order, at=room.doors.clock.now()))
    start(room.engine, order)
    return ""


def _is_told(mending: Mending, room: Room, key: str) -> bool:
    return key in read_memory(mending.shared, room.environment).told


def _key(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
