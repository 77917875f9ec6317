"""Worlds for the planner with boring defaults: everything serves `old`, goes to `new`, and fits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.facts import BuildId, Channel, Party, PlanWorld
from skewcheck.core.plan.plan import Plan, Waiver

HOUR = 3600.0
# What does not fit, as "link: client server"; with a ? it is unknown.
Misfit = str


def party(name: str, **facts: Any) -> Party:
    return Party(name=name, **{"serving": ("old",), "target": "new", **facts})


def channel(way: str, **facts: Any) -> Channel:
    """`web>api` is also its name."""
    client, server = way.split(">")
    return Channel(name=way, client=client, server=server, **facts)


def world(parties: Iterable[Party], channels: Iterable[Channel] = ()) -> PlanWorld:
    return PlanWorld(parties={each.name: each for each in parties}, channels=tuple(channels))


@dataclass(frozen=True)
class Book:
    """`Fits` from a list of what does not."""

    no: frozenset[tuple[str, BuildId, BuildId]] = frozenset()
    unknown: frozenset[tuple[str, BuildId, BuildId]] = frozenset()

    def __call__(self, link: str, client: BuildId, server: BuildId) -> Fit:
        key = link, client, server
        if key in self.no:
            return Fit.NO
        return Fit.UNKNOWN if key in self.unknown else Fit.YES


def misfits(*told: Misfit) -> Book:
    no = set[tuple[str, BuildId, BuildId]]()
    unknown = set[tuple[str, BuildId, BuildId]]()
    for line in told:
        link, client, server = line.rstrip("?").replace(":", "").split()
        (unknown if line.endswith("?") else no).add((link, client, server))
    return Book(frozenset(no), frozenset(unknown))


ALL_FIT = misfits()
CLIENT_FIRST = misfits("web>api: old new")
SERVER_FIRST = misfits("web>api: new old")
CONFLICT = misfits("web>api: old new", "web>api: new old")


def pair_world(
    *, web: dict[str, Any] | None = None, api: dict[str, Any] | None = None
) -> PlanWorld:
    """One link; the web's tabs live for an hour."""
    client = {"client_linger_s": HOUR, **(web or {})}
    return world([party("web", **client), party("api", **(api or {}))], [channel("web>api")])


def waived(service: str) -> dict[str, Waiver]:
    return {service: Waiver(service=service, who="jo", reason="2 a.m.")}


def told(plan: Plan) -> str:
    """`web=new | wait web api=new`: the waves in short."""
    return " | ".join(
        " ".join(
            [f"wait {wait.service}({','.join(wait.builds)})" for wait in wave.waits]
            + [f"{move.service}={move.build}" for move in wave.moves]
        )
        for wave in plan.waves
    )


def with_party(before: PlanWorld, name: str, **facts: Any) -> PlanWorld:
    return replace(before, parties={**before.parties, name: replace(before.parties[name], **facts)})
