"""The order to roll out: all that carrying it out needs, as plain data that any machine can resume.

Nothing here is secret, and nothing depends on the place from which it was given.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from skewcheck.core.plan.facts import BuildId, PlanWorld
from skewcheck.core.plan.plan import Plan
from skewcheck.core.rollout.journal import Entry


class RolloutKind(StrEnum):
    REDEPLOY = "redeploy"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One Cloud Run service in one region."""

    project: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.service}@{self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A line of the traffic split: a revision's short name, its percentage and its tag."""

    revision: str
    percent: int
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficBefore:
    """The split to go back to. `followed_latest`: all of it went to whatever was the latest."""

    shares: tuple[Share, ...]
    followed_latest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOrder:
    """The Cloud CDN in front of a service: what to invalidate there."""

    project: str
    url_map: str
    host: str
    paths: tuple[str, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrder:
    """One service that moves: from `before` (by place) to `target`.

    Exactly one of `image` (with the build filled in) and `trigger` says how; both are empty for a
    service that is only stale at its edge. `previous` is the build that a trigger goes back to;
    `serving` says by place which revision serves which build.
    """

    name: str
    target: BuildId
    places: tuple[Place, ...] = ()
    before: tuple[TrafficBefore, ...] = ()
    serving: tuple[tuple[tuple[BuildId, str], ...], ...] = ()
    image: str = ""
    trigger: str = ""
    trigger_project: str = ""
    trigger_region: str = "global"
    previous: BuildId = ""
    edge: EdgeOrder | None = None
    lingers_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`manifest_commit` and `policy_commit` are where promises and rules were read; `world` is what
    was observed when the plan was made, `world_digest` stands for it and for where it was to go.
    `resumes` names the rollout whose journal, `past`, goes on."""

    rollout: str
    environment: str
    kind: RolloutKind
    who: str
    why: str
    at: datetime
    digest: str
    manifest_commit: str
    policy_commit: str
    world: PlanWorld
    plan: Plan
    services: tuple[ServiceOrder, ...]
    world_digest: str = ""
    keep_candidates: int = 3
    triggered: bool = False
    resumes: str = ""
    past: tuple[Entry, ...] = ()

    @property
    def root(self) -> str:
        """The rollout in whose name leases are held and revisions made."""
        return self.resumes or self.rollout

    def service(self, name: str) -> ServiceOrder:
        return next(each for each in self.services if each.name == name)
