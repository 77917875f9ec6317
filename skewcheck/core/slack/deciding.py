"""What a click on a proposal comes to: pure, by the policy's rules.

An empty allowlist allows nobody, and a rollout that nobody need approve still wants one click of
somebody who is listed: in Slack everybody can press a button.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from skewcheck.core.policy import Approvals
from skewcheck.core.rollout.consent import Approval
from skewcheck.core.rollout.order import RolloutKind
from skewcheck.core.slack.proposal import ProposalState, Proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """`key` tells one click from the next; `via` is the entry of the allowlist that lets `who` act,
    empty where there is none."""

    key: str
    who: str
    via: str
    approves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enough:
    """It may start; `people` have consented, who clicked among them."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """It counts, and more is needed."""

    people: tuple[str, ...]
    wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The click changes nothing; `dead` where no click on this proposal does any more."""

    why: str
    dead: bool = False


Decision: TypeAlias = Enough | Consent | Declined | Refused


def decide(
    proposed: Proposed,
    click: Click,
    wanted: Approvals,
    approvals: Iterable[Approval],
    now: datetime,
) -> Decision:
    """`approvals` are those given so far, to whatever plan."""
    if why := _dead(proposed, click, now):
        return Refused(why=why, dead=True)
    if not click.via:
        return Refused(why=not_listed(wanted))
    if not click.approves:
        return Declined()
    if proposed.kind is RolloutKind.ROLLBACK:
        return Enough(people=(click.who,))
    return _consent(proposed, click, wanted, approvals, now)


def not_listed(wanted: Approvals) -> str:
    if not wanted.by:
        return "nobody may decide this in Slack: policy.approvals.by is empty"
    return f"only those whom policy.approvals.by lists may: {', '.join(wanted.by)}"


def needed(wanted: Approvals, kind: RolloutKind) -> int:
    return 1 if kind is RolloutKind.ROLLBACK else max(1, wanted.count)


def consenting(
    proposed: Proposed, wanted: Approvals, approvals: Iterable[Approval], now: datetime
) -> tuple[str, ...]:
    """Everybody whose consent to this very plan counts now, once; as core/rollout/permission."""
    people = (
        each.who
        for each in approvals
        if each.digest == proposed.digest
        and each.listed_as in wanted.by
        and now - each.at < wanted.expire
        and not (wanted.not_requester and each.who == proposed.asked_by)
    )
    return tuple(dict.fromkeys(people))


def _dead(proposed: Proposed, click: Click, now: datetime) -> str:
    """A click that was decisive and is done again, because its replica died, goes on."""
    if proposed.state is ProposalState.STARTED and proposed.decided_in == click.key:
        return ""
    if proposed.state is ProposalState.OPEN:
        return "" if now < proposed.expires else "it has expired: what was seen then is too old"
    if proposed.state is ProposalState.EXPIRED:
        return "it has expired: what was seen then is too old"
    if proposed.state is ProposalState.CHANGED:
        return "the world has changed since: it would be another plan now"
    return f"it is decided already: {proposed.state}"


def _consent(
    proposed: Proposed,
    click: Click,
    wanted: Approvals,
    approvals: Iterable[Approval],
    now: datetime,
) -> Decision:
    if wanted.count and wanted.not_requester and click.who == proposed.asked_by:
        return Refused(why="who asked for it cannot approve it: policy.approvals.not_requester")
    given = consenting(proposed, wanted, approvals, now)
    people = tuple(dict.fromkeys((*given, click.who)))
    if len(people) >= needed(wanted, proposed.kind):
        return Enough(people=people)
    return Consent(people=people, wanted=wanted.count)
