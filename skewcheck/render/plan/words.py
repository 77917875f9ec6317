"""Builds, pairs, waits and moves of a plan in the words that every audience shares."""

import re
from collections.abc import Iterable
from typing import assert_never

from skewcheck.core.build import OpaqueId
from skewcheck.core.plan.facts import BuildId
from skewcheck.core.plan.plan import Arc, ArcKind, Move, Pair, Wait
from skewcheck.core.plan.view import Means, PlanView
from skewcheck.render.words import lasting

_FULL_SHA = re.compile(r"\b[0-9a-f]{40}\b")
_NEVER = "for ever: they never end by themselves"


def short(build: BuildId) -> str:
    """The first seven digits of a commit; other names keep what tells them apart."""
    return build[:7] if _FULL_SHA.fullmatch(build) else OpaqueId(build).short


def shortened(text: str) -> str:
    """A sentence with its full commits told by seven digits."""
    return _FULL_SHA.sub(lambda found: found.group()[:7], text)


def shorts(builds: Iterable[BuildId]) -> str:
    return ", ".join(map(short, builds))


def pair_words(view: PlanView, pair: Pair) -> str:
    """`chat: frontend 27d5b83 → backend 1c34bac: client speaks 2.1, server accepts >=3`."""
    client, server = view.links[pair.link]
    parties = f"{client} {short(pair.client)} → {server} {short(pair.server)}"
    doubt = "not known whether they fit: " if pair.unknown else ""
    return f"{pair.link}: {parties}: {doubt}{view.sentence(pair)}"


def wait_words(view: PlanView, wait: Wait) -> str:
    """`until no client of frontend in 27d5b83 is left, up to 12 h`."""
    return f"{awaited_words(view, wait)}, {up_to(wait.seconds)}"


def awaited_words(view: PlanView, wait: Wait) -> str:
    told = f"{wait.service} in {shorts(wait.builds)}"
    if _is_of_server(view, wait):
        return f"until no drained revision of {told} gets connections (session affinity)"
    return f"until no client of {told} is left"


def exposure_words(view: PlanView, wait: Wait) -> str:
    """What is accepted where nobody waits, in clients and hours."""
    told = f"{wait.service} {shorts(wait.builds)}"
    lasts = up_to(view.exposed_s(wait))
    if _is_of_server(view, wait):
        return f"everybody whom session affinity still sends to {told}, {lasts}"
    return f"every tab of {told} that is still open, {lasts}"


def up_to(seconds: float | None) -> str:
    return _NEVER if seconds is None else f"up to {lasting(seconds)}"


def arc_words(arc: Arc) -> str:
    """Which has to move first, and what must be gone in between."""
    if arc.wait_s == 0:
        return f"{arc.before} has to be done before {arc.after} moves ({arc.kind})"
    old = "old clients" if arc.kind is ArcKind.CLIENT_FIRST else "drained revisions"
    gone = f"and its {old} gone ({up_to(arc.wait_s)})"
    return f"{arc.before} has to be done, {gone}, before {arc.after} moves ({arc.kind})"


def holder_words(view: PlanView, holder: Arc | Wait | Pair) -> str:
    """What keeps a service from moving now, with the pair that would meet otherwise."""
    match holder:
        case Arc():
            return f"{arc_words(holder)}: {pair_words(view, holder.pair)}"
        case Wait():
            told = "; ".join(pair_words(view, pair) for pair in holder.pairs)
            return f"{wait_words(view, holder)}: {told}" if told else wait_words(view, holder)
        case Pair():
            return f"the targets are not known to fit, {pair_words(view, holder)}"
        case _:
            assert_never(holder)


def move_words(view: PlanView, move: Move) -> str:
    """`frontend 27d5b83 → d4031d2 by trigger deploy-web (took 4 min last time)`."""
    build = short(move.build)
    if not move.away:
        return f"{move.service} serves {build} already: only its edge is told to forget"
    told = f"{move.service} {shorts(move.away)} → {build}"
    if move.narrows:
        told += ", which serves already: fewer builds are live then (traffic only)"
    else:
        told += f" by {means_words(view.services[move.service])}"
    return f"{told}; then its edge is told to forget" if move.invalidates else told


def means_words(means: Means) -> str:
    """A trigger's length decides how long the wave takes, so it is told, or that nobody knows."""
    if not means.by_trigger:
        return means.told
    return f"{means.told} ({took_words(means)})"


def took_words(means: Means) -> str:
    if means.last_took_s is None:
        return "nobody knows how long it takes"
    return f"took {lasting(means.last_took_s)} last time"


def _is_of_server(view: PlanView, wait: Wait) -> bool:
    """Clients linger in tabs; a server is waited for only where affinity still reaches it."""
    clients = {view.links[pair.link][0] for pair in wait.pairs}
    return bool(clients) and wait.service not in clients
