"""The past as JSON, schema 1: keys are added, never renamed or removed.

Lengths are seconds, times RFC 3339 in UTC. What is absent is null, an empty text or an empty list.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from skewcheck.core.audit.records import Record
from skewcheck.core.chronicle.account import Account, Past, rollouts_in
from skewcheck.core.chronicle.blocks import Block
from skewcheck.core.chronicle.incidents import Incident, Times
from skewcheck.core.chronicle.pieces import Hours
from skewcheck.core.chronicle.snapshot import SeenBuild, Snapshot, Stretch
from skewcheck.core.chronicle.then import NobodyLooked, Then
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.machine.as_json import dumped
from skewcheck.render.machine.observations import rfc3339
from skewcheck.render.machine.probes import JsonObject

_SCHEMA = 1


def render_records(records: Iterable[Record]) -> str:
    """The audit trail as JSON lines; ASCII only, so no terminal obeys what somebody wrote."""
    return "".join(json.dumps(each, ensure_ascii=True, sort_keys=True) + "\n" for each in records)


def render_history_json(
    past: Past, *, moment: datetime | None = None, then: Then | None = None
) -> str:
    """`at` is null where nobody asked for a moment; its `seen` is null where nobody looked then."""
    return dumped(
        {
            "schema": _SCHEMA,
            "question": "history",
            "environment": past.environment,
            "since": rfc3339(past.window.since),
            "until": rfc3339(past.window.until),
            "at": None if then is None else {"moment": rfc3339(moment), **_then(then)},
            "stretches": [_stretch(each) for each in _shown(past)],
            "rollouts": [_rollout(each) for each in rollouts_in(past)],
        }
    )


def render_report_json(accounts: Sequence[Account]) -> str:
    environments = [_account(each) for each in accounts]
    return dumped({"schema": _SCHEMA, "question": "report", "environments": environments})


def _shown(past: Past) -> Iterable[Stretch]:
    return (each for each in past.stretches if each.last >= past.window.since)


def _then(then: Then) -> JsonObject:
    if isinstance(then, NobodyLooked):
        return {"seen": None, "before": _look(then.before), "after": _look(then.after)}
    return {"seen": _stretch(then), "before": None, "after": None}


def _look(stretch: Stretch | None) -> JsonObject | None:
    return None if stretch is None else _stretch(stretch)


def _stretch(stretch: Stretch) -> JsonObject:
    return {
        "first": rfc3339(stretch.first),
        "last": rfc3339(stretch.last),
        **_snapshot(stretch.snapshot),
    }


def _snapshot(snapshot: Snapshot) -> JsonObject:
    return {
        "verdict": str(snapshot.verdict),
        "services": {
            name: [_build(each) for each in live] for name, live in snapshot.services.items()
        },
        "pairs": [
            {
                "link": pair.link,
                "client": pair.client,
                "server": pair.server,
                "fit": pair.fit,
                "percent": pair.percent,
            }
            for pair in snapshot.pairs
        ],
        "causes": [
            {"code": each.code, "subject": each.subject, "severity": str(each.severity)}
            for each in snapshot.causes
        ],
    }


def _build(seen: SeenBuild) -> JsonObject:
    return {"build": seen.build, "percent": seen.percent, "presences": list(seen.presences)}


def _rollout(view: RolloutView) -> JsonObject:
    order = view.order
    ended = max((entry.at for entry in view.entries), default=None)
    return {
        "rollout": order.rollout,
        "kind": str(order.kind),
        "who": order.who,
        "why": order.why,
        "at": rfc3339(order.at),
        "last_step": rfc3339(ended),
        "outcome": None if view.outcome is None else str(view.outcome),
        "services": {each.name: each.target for each in order.services},
    }


def _account(account: Account) -> JsonObject:
    return {
        "environment": account.environment,
        "since": rfc3339(account.window.since),
        "until": rfc3339(account.window.until),
        "lasted": _hours(account.together),
        "by_subject": {name: _hours(each) for name, each in account.by_subject.items()},
        "exposed": [
            {
                "link": each.link,
                "full_s": each.full.total_seconds(),
                "unknown_share_s": each.unknown_share.total_seconds(),
            }
            for each in account.exposed
        ],
        "incidents": [_incident(each) for each in account.incidents],
        "detected": _times(account.detected),
        "mended": _times(account.mended),
        "gates": {str(verdict): number for verdict, number in account.gates.items()},
        "blocks": [_block(each) for each in account.blocks],
        "let_past": [
            {"who": each.who, "what": each.what, "why": each.why, "times": times}
            for each, times in account.let_past.items()
        ],
        "rollouts": {
            "unfinished" if outcome is None else str(outcome): number
            for outcome, number in account.rollouts.items()
        },
    }


def _hours(hours: Hours) -> JsonObject:
    return {
        "skew_s": hours.skew.total_seconds(),
        "changing_s": hours.changing.total_seconds(),
        "unknown_s": hours.unknown.total_seconds(),
        "clear_s": hours.clear.total_seconds(),
        "unseen_s": hours.unseen.total_seconds(),
    }


def _incident(incident: Incident) -> JsonObject:
    return {
        "first": rfc3339(incident.first),
        "last": rfc3339(incident.last),
        "clear_before": rfc3339(incident.clear_before),
        "mended": rfc3339(incident.mended),
        "detected_within_s": _seconds(incident.detected_within),
        "mended_within_s": _seconds(incident.mended_within),
        "causes": _causes(incident.what),
    }


def _times(times: Times) -> JsonObject:
    return {
        "of": times.of,
        "open": times.open,
        "median_s": _seconds(times.median),
        "worst_s": _seconds(times.worst),
    }


def _block(block: Block) -> JsonObject:
    return {
        "first": rfc3339(block.first),
        "last": rfc3339(block.last),
        "times": block.times,
        "candidates": dict(block.candidates),
        "causes": _causes(block.causes),
        "became": block.became.name.lower(),
        "at": rfc3339(block.at),
        "by": block.by,
    }


def _causes(causes: Iterable[tuple[str, str]]) -> list[JsonObject]:
    return [{"code": code, "subject": subject} for code, subject in causes]


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
