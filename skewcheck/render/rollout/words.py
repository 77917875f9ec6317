"""Rollouts, their steps and how they ended, in the words that every audience shares."""

from collections.abc import Iterator
from datetime import UTC

from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import Order, ServiceOrder
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.plan.words import short, shorts
from skewcheck.render.words import count, moment

OK, FAILED, CANCELLED = "ok", "FAILED", "cancelled"
UNFINISHED = "UNFINISHED"
_OUTCOME_WORDS = {
    Outcome.SUCCEEDED: "SUCCEEDED",
    Outcome.ROLLED_BACK: "ROLLED BACK",
    Outcome.STUCK: "STUCK",
}


def outcome_word(view: RolloutView) -> str:
    return UNFINISHED if view.outcome is None else _OUTCOME_WORDS[view.outcome]


def mark_of(entry: Entry) -> str:
    if entry.cancelled:
        return CANCELLED
    return OK if entry.ok else FAILED


def time_of(entry: Entry) -> str:
    return f"{entry.at.astimezone(UTC):%H:%M:%S}"


def told_of(entry: Entry) -> str:
    """A step that says nothing of itself is told by its key."""
    return entry.told or entry.key


def evidence_of(entry: Entry) -> tuple[str, ...]:
    """What proves the step, and where the revision that it made answers."""
    return (*entry.evidence, *([f"answers at {entry.url}"] if entry.url else []))


def facts(view: RolloutView) -> Iterator[tuple[str, str]]:
    """Who, when, why, by which rules: label and words."""
    order = view.order
    yield "who", order.who
    yield "why", order.why
    yield "plan", f"{order.digest}, {count(len(order.plan.waves), 'wave')}"
    promises, rules = short(order.manifest_commit), short(order.policy_commit)
    yield "rules", f"promises at {promises}, policy at {rules}"
    if order.resumes:
        yield "resumes", order.resumes
    if view.status:
        yield "status", view.status
    for service in order.services:
        yield "service", service_words(order, service)


def service_words(order: Order, service: ServiceOrder) -> str:
    """`backend 9e39e39 → 1c34bac by image …, in acme-api@europe-west1`."""
    told = f"{service.name} {shorts(order.world.parties[service.name].serving)}"
    told += f" → {short(service.target)} by {_means(service)}"
    places = ", ".join(map(str, service.places))
    return f"{told}, in {places}" if places else told


def targets_words(order: Order) -> str:
    """`frontend d4031d2, backend 1c34bac`."""
    return ", ".join(f"{service.name} {short(service.target)}" for service in order.services)


def steps_words(view: RolloutView) -> str:
    """`7 steps, 1 FAILED, until 2026-11-23 22:31 UTC`."""
    if not view.entries:
        return "no step yet"
    told = count(len(view.entries), "step")
    for mark in (FAILED, CANCELLED):
        number = sum(mark_of(entry) == mark for entry in view.entries)
        told += f", {number} {mark}" if number else ""
    return f"{told}, until {moment(max(entry.at for entry in view.entries).astimezone(UTC))}"


def _means(service: ServiceOrder) -> str:
    if service.image:
        return f"image {service.image}"
    return f"trigger {service.trigger}" if service.trigger else "its edge only"
