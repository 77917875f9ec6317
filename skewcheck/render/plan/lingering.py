"""What no invalidation reaches: old clients in tabs, in browser caches, in running instances."""

from collections.abc import Iterator

from skewcheck.core.plan.facts import BuildId
from skewcheck.core.plan.plan import Pair
from skewcheck.core.plan.view import PlanView
from skewcheck.render.plan.section import Line
from skewcheck.render.plan.words import pair_words, shorts, up_to


def lingering_lines(view: PlanView) -> Iterator[Line]:
    """One line for each client that leaves old builds behind, with the pairs that outlive it."""
    for service in dict.fromkeys(client for client, _ in view.links.values()):
        pairs = [pair for pair in view.plan.outlives if view.links[pair.link][0] == service]
        lasts = view.client_lingers_s(service)
        builds = _left_behind(view, service, pairs)
        if builds and (pairs or lasts != 0):
            where = _where(view, service)
            told = f"{where} {service} {shorts(builds)}, {up_to(lasts)} by policy"
            reasons = tuple(pair_words(view, pair) for pair in pairs)
            yield Line(label="lingers", told=told, reasons=reasons)


def _left_behind(view: PlanView, service: str, pairs: list[Pair]) -> tuple[BuildId, ...]:
    """Builds that stay with clients: what moves away, and what lingers beside the target."""
    party = view.world.parties[service]
    moves = [move for wave in view.plan.waves for move in wave.moves if move.service == service]
    away = [build for move in moves for build in move.away]
    old = [*away, *party.at_edge, *party.lingering] if moves else []
    builds = [*(build for build in old if build != party.target), *(pair.client for pair in pairs)]
    return tuple(dict.fromkeys(builds))


def _where(view: PlanView, service: str) -> str:
    behind_edge = view.world.parties[service].behind_edge
    return "open tabs and browser caches of" if behind_edge else "running clients of"
