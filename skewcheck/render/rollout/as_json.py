"""Rollouts as JSON, schema 1: keys are added, never renamed or removed.

An unfinished rollout has neither outcome nor exit: both are null.
"""

import json
from collections.abc import Sequence

from skewcheck.core.rollout.journal import Entry
from skewcheck.core.rollout.order import Order, ServiceOrder
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.machine.as_json import dumped
from skewcheck.render.machine.observations import rfc3339
from skewcheck.render.machine.probes import JsonObject
from skewcheck.render.rollout.words import mark_of

_SCHEMA = 1


def render_entry_json(entry: Entry) -> str:
    """One line, for programs that follow a rollout."""
    return json.dumps({"schema": _SCHEMA, **_entry(entry)}, ensure_ascii=True) + "\n"


def render_rollout_json(view: RolloutView) -> str:
    return dumped({"schema": _SCHEMA, "question": "rollout", **rollout_object(view)})


def render_rollouts_json(views: Sequence[RolloutView]) -> str:
    rollouts = [rollout_object(view) for view in views]
    return dumped({"schema": _SCHEMA, "question": "rollouts", "rollouts": rollouts})


def rollout_object(view: RolloutView) -> JsonObject:
    return {
        **_order(view.order),
        "outcome": None if view.outcome is None else str(view.outcome),
        "exit": None if view.exit is None else int(view.exit),
        "status": view.status,
        "steps": [_entry(entry) for entry in view.entries],
        "remains": list(view.remains),
        "by_hand": list(view.by_hand),
    }


def _order(order: Order) -> JsonObject:
    return {
        "rollout": order.rollout,
        "environment": order.environment,
        "kind": str(order.kind),
        "who": order.who,
        "why": order.why,
        "at": rfc3339(order.at),
        "digest": order.digest,
        "manifest_commit": order.manifest_commit,
        "policy_commit": order.policy_commit,
        "resumes": order.resumes,
        "services": [_service(order, service) for service in order.services],
    }


def _service(order: Order, service: ServiceOrder) -> JsonObject:
    return {
        "service": service.name,
        "serving": list(order.world.parties[service.name].serving),
        "target": service.target,
        "image": service.image,
        "trigger": service.trigger,
        "places": [
            {"project": place.project, "region": place.region, "service": place.service}
            for place in service.places
        ],
    }


def _entry(entry: Entry) -> JsonObject:
    """`mark` is ok, FAILED or cancelled."""
    return {
        "step": entry.key,
        "at": rfc3339(entry.at),
        "mark": mark_of(entry),
        "ok": entry.ok,
        "cancelled": entry.cancelled,
        "told": entry.told,
        "evidence": list(entry.evidence),
        "url": entry.url,
    }
