"""A rollout that stands proposed in a channel, until somebody decides it or its time is up."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from skewcheck.core.rollout.order import RolloutKind


class ProposalState(StrEnum):
    """All but the first are ends: buttons are dead then."""

    OPEN = "open"
    STARTED = "started"
    DECLINED = "declined"
    EXPIRED = "expired"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """`digest` is what consent binds to. `ref` is where the manifest was read, `undoes` the rollout
    that a rollback undoes: what it takes to plan the same again.

    `order` is the order as JSON, as it was proposed or, later, started; `decided_in` is the click
    that decided it, `became` the digest of what it would be now. `channel` and `ts` say where the
    message stands, `shown` are its blocks without buttons.
    """

    rollout: str
    environment: str
    kind: RolloutKind
    digest: str
    asked_by: str
    at: datetime
    expires: datetime
    why: str = ""
    ref: str = ""
    undoes: str = ""
    triggered: bool = False
    state: ProposalState = ProposalState.OPEN
    decided_by: str = ""
    decided_in: str = ""
    became: str = ""
    order: Any = None
    channel: str = ""
    ts: str = ""
    headline: str = ""
    shown: tuple[Any, ...] = ()
