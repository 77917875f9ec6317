"""Records of the audit trail: who did what, where, when and why.

Every record has `schema`, `at`, `event`, `environment`, `who` and `why`; the rest is the event's
own. Keys are added, never renamed. A person in Slack is `slack:` and their id.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

from skewcheck.core.alerts import Alert
from skewcheck.core.rollout.consent import Hold
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.permission import Refusal
from skewcheck.core.strict_json import Json

Record: TypeAlias = dict[str, Json]

_SCHEMA = 1
ITSELF = "skewcheck"


def record(
    event: str, at: datetime, environment: str, *, who: str, why: str = "", **own: Json
) -> Record:
    return {
        "schema": _SCHEMA,
        "at": written(at),
        "event": event,
        "environment": environment,
        "who": who,
        "why": why,
        **own,
    }


def written(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def proposed(order: Order, *, at: datetime) -> Record:
    """Told with its plan, and waiting for consent."""
    return _about(order, "proposed", at, order.who, order.why)


def approved(
    environment: str, digest: str, *, who: str, at: datetime, via: str = "", rollout: str = ""
) -> Record:
    """`via` is the group that lets them; `rollout` where consent was asked for one."""
    return record("approved", at, environment, who=who, digest=digest, via=via, rollout=rollout)


def declined(order: Order, *, who: str, at: datetime, why: str = "") -> Record:
    return _about(order, "declined", at, who, why)


def rollout_started(order: Order, *, at: datetime) -> Record:
    return _about(order, "rollout-started", at, order.who, order.why)


def rollout_ended(order: Order, outcome: Outcome, *, at: datetime) -> Record:
    return _about(order, "rollout-ended", at, order.who, order.why, outcome=str(outcome))


def resumed(environment: str, rollout: str, *, who: str, at: datetime) -> Record:
    return record("resumed", at, environment, who=who, rollout=rollout)


def cancelled(environment: str, rollout: str, *, who: str, at: datetime) -> Record:
    return record("cancelled", at, environment, who=who, rollout=rollout)


def not_started(environment: str, refusals: Iterable[Refusal], *, who: str, at: datetime) -> Record:
    """Why a rollout that nobody asked for did not start by itself."""
    against = tuple(refusals)
    told: list[Json] = [{"why": each.why, "fix": each.fix} for each in against]
    why = "; ".join(each.why for each in against)
    return record("not-started", at, environment, who=who, why=why, refusals=told)


def held(environment: str, hold: Hold) -> Record:
    until = None if hold.until is None else written(hold.until)
    return record("hold", hold.at, environment, who=hold.who, why=hold.why, until=until)


def released(environment: str, *, who: str, at: datetime) -> Record:
    return record("released", at, environment, who=who)


def alerted(alert: Alert, *, at: datetime) -> Record:
    return record(
        "alert",
        at,
        alert.environment,
        who=ITSELF,
        why=alert.sentence,
        kind=str(alert.kind),
        code=alert.code,
        subject=alert.subject,
        since=written(alert.since),
        channel=alert.channel,
    )


def _about(order: Order, event: str, at: datetime, who: str, why: str, **own: Json) -> Record:
    return record(
        event,
        at,
        order.environment,
        who=who,
        why=why,
        rollout=order.rollout,
        kind=str(order.kind),
        digest=order.digest,
        triggered=order.triggered,
        resumes=order.resumes,
        services={each.name: each.target for each in order.services},
        **own,
    )
