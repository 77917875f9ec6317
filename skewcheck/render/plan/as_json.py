"""Plans as JSON, schema 1: keys are added, never renamed or removed.

Builds are full names, lengths are seconds; null is for ever, or nobody knows.
"""

from collections.abc import Iterable

from skewcheck.core.plan.plan import Arc, Deadlock, Fix, Move, Pair, Wait, Wave
from skewcheck.core.plan.view import PlanView
from skewcheck.render.machine.as_json import dumped
from skewcheck.render.machine.observations import Json, rfc3339
from skewcheck.render.machine.probes import JsonObject
from skewcheck.render.plan.headline import summary
from skewcheck.render.plan.story import mended_in
from skewcheck.render.plan.undo import undo_from
from skewcheck.render.plan.words import exposure_words

_SCHEMA = 1


def render_plan_json(view: PlanView) -> str:
    return dumped(
        {
            **_heading(view),
            "services": [_service(view, name) for name in view.world.parties],
            "links": [
                {"link": link, "client": client, "server": server}
                for link, (client, server) in view.links.items()
            ],
            **_plan(view),
            "next": list(view.next),
        }
    )


def _heading(view: PlanView) -> JsonObject:
    return {
        "schema": _SCHEMA,
        "question": "plan",
        "environment": view.environment,
        "at": rfc3339(view.at),
        "digest": view.digest,
        "expires": rfc3339(view.expires),
        "going_back": view.going_back,
        "answer": str(view.plan.answer),
        "exit": int(view.exit),
        "summary": summary(view),
        "seconds": view.plan.seconds,
        "critical": list(view.plan.critical),
    }


def _service(view: PlanView, name: str) -> JsonObject:
    """`means` is empty and `by_trigger` false for a service that nobody may move."""
    party, means = view.world.parties[name], view.services.get(name)
    return {
        "service": name,
        "serving": list(party.serving),
        "at_edge": list(party.at_edge),
        "lingering": list(party.lingering),
        "target": party.target,
        "means": means.told if means else "",
        "by_trigger": means is not None and means.by_trigger,
        "last_took_s": means.last_took_s if means else None,
        "previous": means.previous if means else "",
        "client_lingers_s": view.client_lingers_s(name),
    }


def _plan(view: PlanView) -> JsonObject:
    plan = view.plan
    return {
        "waves": [_wave(view, number, wave) for number, wave in enumerate(plan.waves, 1)],
        "arcs": [_arc(view, arc) for arc in plan.arcs],
        "broken_now": [
            {
                **_pair(view, pair),
                "mended_in_wave": mended_in(plan, pair),
                "outlives": pair in plan.outlives,
            }
            for pair in plan.broken_now
        ],
        "broken_after": _pairs(view, plan.broken_after),
        "outlives": _pairs(view, plan.outlives),
        "too_long": [_wait(view, wait) for wait in plan.too_long],
        "deadlocks": [_deadlock(view, deadlock) for deadlock in plan.deadlocks],
    }


def _wave(view: PlanView, number: int, wave: Wave) -> JsonObject:
    """`undo`: waves from that one on at once, those before it when these new clients are gone."""
    undo = undo_from(view.plan, number)
    return {
        "wave": number,
        "waits": [_wait(view, wait) for wait in wave.waits],
        "moves": [_move(move) for move in wave.moves],
        "sticky": list(wave.sticky),
        "exposes": _pairs(view, wave.exposes),
        "mends": _pairs(view, wave.mends),
        "undo": {"at_once_from_wave": undo.at_once_from, "first_gone": list(undo.first_gone)},
    }


def _wait(view: PlanView, wait: Wait) -> JsonObject:
    """`accepts` is the exposure of a wait that somebody waived, in words; else empty."""
    waiver = wait.waiver
    return {
        "service": wait.service,
        "builds": list(wait.builds),
        "seconds": wait.seconds,
        "pairs": _pairs(view, wait.pairs),
        "waiver": None if waiver is None else {"who": waiver.who, "reason": waiver.reason},
        "accepts": exposure_words(view, wait) if waiver else "",
        "accepts_s": view.exposed_s(wait) if waiver else 0,
    }


def _move(move: Move) -> JsonObject:
    return {
        "service": move.service,
        "build": move.build,
        "away": list(move.away),
        "invalidates": move.invalidates,
        "narrows": move.narrows,
    }


def _arc(view: PlanView, arc: Arc) -> JsonObject:
    return {
        "before": arc.before,
        "after": arc.after,
        "kind": str(arc.kind),
        "wait_s": arc.wait_s,
        "pair": _pair(view, arc.pair),
    }


def _deadlock(view: PlanView, deadlock: Deadlock) -> JsonObject:
    return {
        "members": list(deadlock.members),
        "cycle": [_arc(view, arc) for arc in deadlock.cycle],
        "fixes": [_fix(fix) for fix in deadlock.fixes],
        "bridges": list(deadlock.bridges),
        "exact": deadlock.exact,
    }


def _fix(fix: Fix) -> JsonObject:
    return {"kind": fix.kind, "service": fix.service, "told": fix.told}


def _pairs(view: PlanView, pairs: Iterable[Pair]) -> list[Json]:
    return [_pair(view, pair) for pair in pairs]


def _pair(view: PlanView, pair: Pair) -> JsonObject:
    client, server = view.links[pair.link]
    return {
        "link": pair.link,
        "client": client,
        "client_build": pair.client,
        "server": server,
        "server_build": pair.server,
        "fit": "unknown" if pair.unknown else "no",
        "sentence": view.sentence(pair),
    }
