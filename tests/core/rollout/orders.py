"""Orders to roll out with boring defaults: web talks to api, both serve `old` and go to `new`."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.facts import Channel, Fits, Party, PlanWorld
from skewcheck.core.plan.make import make_plan
from skewcheck.core.rollout.journal import Entry
from skewcheck.core.rollout.order import (
    EdgeOrder,
    Order,
    Place,
    RolloutKind,
    ServiceOrder,
    Share,
    TrafficBefore,
)
from skewcheck.core.rollout.steps import Step
from tests.builders import NOW

HOUR = 3600.0
EDGE = EdgeOrder(project="acme", url_map="acme-web", host="app.acme.example", paths=("/",))


def party(name: str, serving: str = "old", target: str = "new", **facts: Any) -> Party:
    return Party(name=name, serving=tuple(serving.split()), target=target, **facts)


def world(*parties: Party) -> PlanWorld:
    """The web's tabs live for an hour, and it stands behind an edge."""
    usual = (
        party("web", client_linger_s=HOUR, behind_edge=True, at_edge=("old",)),
        party("api"),
    )
    known = {each.name: each for each in (*usual, *parties)}
    return PlanWorld(parties=known, channels=(Channel(name="chat", client="web", server="api"),))


def never(*pairs: str) -> Fits:
    """`old new` is the old client with the new server; they do not fit, all else does."""

    def fits(link: str, client: str, server: str) -> Fit:
        del link
        return Fit.NO if f"{client} {server}" in pairs else Fit.YES

    return fits


ANY_ORDER, CLIENT_FIRST, SERVER_FIRST = never(), never("old new"), never("new old")


def places(service: str, *regions: str) -> tuple[Place, ...]:
    return tuple(Place(project="acme", region=region, service=service) for region in regions)


def on_cloud_run(name: str, *regions: str, serving: str = "old", **changed: Any) -> ServiceOrder:
    """Deployed by its image, one revision for each build that serves."""
    where = places(name, *(regions or ("us-central1",)))
    builds = serving.split()
    shares = tuple(
        Share(revision=f"{name}-{build}", percent=100 // len(builds)) for build in builds
    )
    said: dict[str, Any] = {
        "target": "new",
        "places": where,
        "before": (TrafficBefore(shares=shares, followed_latest=True),) * len(where),
        "serving": (tuple((build, f"{name}-{build}") for build in builds),) * len(where),
        "image": f"registry.test/{name}:new",
    }
    return ServiceOrder(name=name, **(said | changed))


def by_trigger(name: str = "web", **changed: Any) -> ServiceOrder:
    """Static, deployed by a build, behind an edge."""
    said: dict[str, Any] = {
        "target": "new",
        "trigger": f"deploy-{name}",
        "trigger_project": "acme",
        "previous": "old",
        "edge": EDGE,
        "lingers_s": HOUR,
    }
    return ServiceOrder(name=name, **(said | changed))


def order(
    *services: ServiceOrder,
    seen: PlanWorld | None = None,
    fits: Fits = ANY_ORDER,
    **changed: Any,
) -> Order:
    """The planner's own plan for that world; services that do not move are left out."""
    live = seen or world()
    plan = changed.pop("plan", None) or make_plan(live, fits)
    moving = {move.service for wave in plan.waves for move in wave.moves}
    known = {each.name: each for each in (by_trigger(), on_cloud_run("api"), *services)}
    said: dict[str, Any] = {
        "rollout": "20261123-2210-7f3a1b",
        "environment": "staging",
        "kind": RolloutKind.REDEPLOY,
        "who": "ada",
        "why": "the incident",
        "at": NOW,
        "digest": "0123456789abcdef",
        "manifest_commit": "c0ffee" * 6 + "c0ff",
        "policy_commit": "c0ffee" * 6 + "c0ff",
        "world": live,
        "services": tuple(known[name] for name in live.parties if name in moving),
    }
    return Order(plan=plan, **(said | changed))


def entry(step: Step | str, *, ok: bool = True, **changed: Any) -> Entry:
    key = step if isinstance(step, str) else step.key
    said: dict[str, Any] = {"key": key, "ok": ok, "at": NOW, "told": "as the test wants it"}
    return Entry(**(said | changed))


def names(steps: Iterable[Step]) -> list[str]:
    return [step.name for step in steps]


def with_party(before: PlanWorld, name: str, **facts: Any) -> PlanWorld:
    changed = replace(before.parties[name], **facts)
    return replace(before, parties={**before.parties, name: changed})
