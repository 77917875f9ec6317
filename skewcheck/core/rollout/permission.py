"""May it roll out? Holds, freezes and approvals, and the guard over rollouts that nobody asked for.

Pure: every rule answers with a sentence why not, or nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from skewcheck.core.policy import Approvals, Freeze, Policy
from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import Order, RolloutKind

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An earlier rollout; `outcome` None where it is not over, or broke."""

    order: Order
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing may roll out now, and what would change that."""

    why: str
    fix: str


def may_roll_out(
    order: Order,
    policy: Policy,
    *,
    hold: Hold | None,
    approvals: Iterable[Approval],
    now: datetime,
) -> tuple[Refusal, ...]:
    """All reasons against it; empty where there is none."""
    found = [*_held(order, hold, now), *_frozen(order, policy.freeze, now)]
    if order.kind is RolloutKind.REDEPLOY:
        found += _unapproved(order, policy.approvals, approvals, now)
    return tuple(found)


def _held(order: Order, hold: Hold | None, now: datetime) -> Iterator[Refusal]:
    if hold is not None and hold.binds(now):
        until = f" until {hold.until:%Y-%m-%d %H:%M} UTC" if hold.until else ""
        yield Refusal(
            why=f"{order.environment} is held by {hold.who}{until}: {hold.why}",
            fix=f"skewcheck hold {order.environment} --release",
        )


def _frozen(order: Order, freezes: Iterable[Freeze], now: datetime) -> Iterator[Refusal]:
    for freeze in freezes:
        if order.kind is RolloutKind.ROLLBACK and "rollback" in freeze.allow:
            continue
        try:
            local = now.astimezone(ZoneInfo(freeze.zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            told = f"policy.freeze: the time zone {freeze.zone!r} is not known here"
            yield Refusal(why=told, fix="name one of the IANA database, or install tzdata")
            continue
        if _is_within(freeze, local):
            told = f"frozen from {freeze.from_} to {freeze.to} ({freeze.zone})"
            yield Refusal(why=told, fix=f"wait, or change policy.freeze of {order.environment}")


def _is_within(freeze: Freeze, local: datetime) -> bool:
    """A stretch of the week that may run over its end."""
    start, end = _minute(freeze.from_), _minute(freeze.to)
    now = local.weekday() * 1440 + local.hour * 60 + local.minute
    return (now - start) % _WEEK_MINUTES < (end - start) % _WEEK_MINUTES


def _minute(moment: str) -> int:
    day, _, clock = moment.partition(" ")
    hour, _, minute = clock.partition(":")
    return _DAYS.index(day) * 1440 + int(hour) * 60 + int(minute)


def _unapproved(
    order: Order, wanted: Approvals, approvals: Iterable[Approval], now: datetime
) -> Iterator[Refusal]:
    """An empty `by` allows nobody; consent binds to the digest and grows old."""
    people = {
        each.who
        for each in approvals
        if each.digest == order.digest
        and each.listed_as in wanted.by
        and now - each.at < wanted.expire
        and not (wanted.not_requester and each.who == order.who)
    }
    if len(people) < wanted.count:
        named = ", ".join(wanted.by) or "nobody (policy.approvals.by is empty)"
        yield Refusal(
            why=f"{len(people)} of {wanted.count} approvals of plan {order.digest}; may: {named}",
            fix=f"skewcheck rollouts approve {order.environment} {order.digest}",
        )


def may_trigger(
    order: Order, policy: Policy, past: Iterable[Past], now: datetime
) -> tuple[Refusal, ...]:
    """The cascade guard: whether a rollout that no person asked for may start."""
    earlier = sorted(past, key=lambda each: each.order.at, reverse=True)
    return (*_twice(order, earlier), *_after_rollback(order, earlier), *_too_many(
        order, policy, earlier, now
    ))  # fmt: skip


def _twice(order: Order, past: list[Past]) -> Iterator[Refusal]:
    for each in past:
        if each.order.world_digest == order.world_digest:
            yield Refusal(
                why=f"rollout {each.order.rollout} was already tried for this very world",
                fix=f"skewcheck rollouts show {order.environment} {each.order.rollout}",
            )
            return


def _after_rollback(order: Order, past: list[Past]) -> Iterator[Refusal]:
    """Until a person rolls something out, or git promises something else."""
    last = past[0] if past else None
    tried = next((each for each in past if each.order.kind is RolloutKind.REDEPLOY), None)
    if last is None or tried is None:
        return
    went_well = last.outcome is Outcome.SUCCEEDED and last.order.kind is RolloutKind.REDEPLOY
    if not went_well and _same_targets(tried.order, order):
        ended = "a rollback" if last.order.kind is RolloutKind.ROLLBACK else last.outcome
        yield Refusal(
            why=f"the last rollout, {last.order.rollout}, is {ended or 'unfinished'}, and the "
            "same is promised as then",
            fix=f"skewcheck redeploy {order.environment}, by a person, or promise another build",
        )


def _same_targets(one: Order, other: Order) -> bool:
    return {name: each.target for name, each in one.world.parties.items()} == {
        name: each.target for name, each in other.world.parties.items()
    }


def _too_many(order: Order, policy: Policy, past: list[Past], now: datetime) -> Iterator[Refusal]:
    today = [e for e in past if e.order.triggered and now - e.order.at < timedelta(days=1)]
    if len(today) >= policy.redeploys_per_day:
        told = f"{len(today)} rollouts have started by themselves within a day; policy: "
        yield Refusal(
            why=f"{told}redeploys_per_day: {policy.redeploys_per_day}",
            fix=f"skewcheck redeploy {order.environment}, by a person",
        )
