"""Acme with hands: a small cloud in which what is asked for comes about, and is then observed.

The web client is static files that a build puts into a bucket behind an edge, which holds its old
page until it is told to forget; or it runs on Cloud Run behind that edge. The api runs on Cloud
Run. Both serve `old`; git promises `new`.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal, TypeAlias

from skewcheck.core.build import BuildSha
from skewcheck.core.plan.plan import Waiver
from skewcheck.core.question import CandidateWanted
from skewcheck.core.rollout.as_json import entry_from_json, order_from_json
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import Order, Place
from skewcheck.core.strict_json import Json
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded, load_manifest
from skewcheck.flows.plan import Planned, plan_from, survey_for_plan
from skewcheck.flows.redeploy import Asker, follow, order_from, start
from skewcheck.flows.rollout.carry_out import carry_out
from skewcheck.flows.rollout.hands import Hands, Patience, Work
from skewcheck.ports.rollout import Record
from tests.builders import LONG_AGO
from tests.engine_fakes import FakeEngine, FakeNotes
from tests.fakes import FakeWorld
from tests.flows.rollout.cloud import Cloud
from tests.flows.worlds import API, APP, CHAT, MANIFEST, contract
from tests.rollout_fakes import (
    FakeBuilds,
    FakeInvalidations,
    FakePlatformWrites,
    FakeRevision,
    FakeService,
    OnCall,
    following_latest,
)

Shape: TypeAlias = Literal["any order", "server first", "client first", "narrowing"]
# What the builds speak and accept, from the oldest to the newest. Where the api serves the two
# oldest at once, the new web may meet only one of them, and so it must serve that one alone first.
SPEAK: Mapping[Shape, tuple[tuple[str, str], ...]] = {
    "any order": (("2.1", ">=2.0,<3"), ("2.1", ">=2.0,<3")),
    "server first": (("2.1", ">=2.0,<3"), ("3.0", ">=2.0,<4")),
    "client first": (("2.1", ">=2.0,<3"), ("2.2", ">=2.2,<3")),
    "narrowing": (("2.1", ">=2.0,<2.2"), ("2.1", ">=2.0,<3"), ("2.2", ">=2.2,<3")),
}
SHAPES = tuple(SPEAK)
ROLLOUT = "20261123-2210-7f3a1b"
IMAGE = "us-docker.pkg.dev/acme/{name}/{name}:{{build}}"
CDN = {"cloud_cdn": {"project": "acme", "url_map": "acme-web", "invalidate": ["/app.js"]}}
BUILT: dict[str, Any] = {
    "ref": "main",
    "url": APP,
    "version_path": "/version.json",
    "static": {},
    "deploy": {"cloud_build_trigger": "projects/acme/locations/global/triggers/deploy-web"},
    "edge": CDN,
    "lingers": "1h",
}


def on_cloud_run(name: str, url: str, **changed: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "ref": "main",
        "url": url,
        "version_path": "/version.json",
        "cloud_run": {"service": name},
        "deploy": {"image": IMAGE.format(name=name)},
    }
    return said | changed


def place(service: str, region: str = "us-central1") -> Place:
    return Place(project="acme", region=region, service=service)


def manifest(**changed: Any) -> dict[str, Any]:
    """`services` are those that differ from the usual ones."""
    services = {"web": BUILT, "api": on_cloud_run("api", API)} | changed.pop("services", {})
    return {
        "schema": "1",
        "environment": "staging",
        "policy": {"lingers": "1h"},
        "defaults": {"cloud_run": {"project": "acme", "region": "us-central1"}},
        "services": services,
        "links": {"chat": {"client": "web", "server": "api", "contract": CHAT, "path": "/ws"}},
    } | changed


@dataclass
class Rollouts:
    """The world with its engine; `shape` says which order git allows."""

    shape: Shape = "server first"
    services: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    world: FakeWorld = field(default_factory=FakeWorld)

    def __post_init__(self) -> None:
        policy = {"lingers": "1h"} | self.policy
        told = manifest(services=self.services, policy=policy, **self.changed)
        self.old, *between, self.new = self._commits(told)
        self.loaded = load_manifest(self.world.history, "staging", ref="HEAD", policy_ref=None)
        self.writes = FakePlatformWrites(clock=self.world.clock)
        for name in self.loaded.manifest.services:
            for project, region, short in self.loaded.manifest.cloud_run_of(name):
                where = Place(project=project, region=region, service=short)
                service = following_latest(self.old.value, f"{short}-00001")
                self.writes.services[where] = service
        static = self.loaded.manifest.services["web"].static is not None
        self.cloud = Cloud(self.world, self.writes, self.old if static else None)
        self.cloud.edge = self.old.value
        for middle in between:
            self.api.revisions.append(FakeRevision(name="api-00002", build=middle.value))
            self.api.give({"api-00001": 50, "api-00002": 50})
        self.builds = FakeBuilds(deploys=self.cloud.deploy)
        self.invalidations = FakeInvalidations(forgets=self.cloud.forget)
        self.notes, self.engine = FakeNotes(), FakeEngine()
        self.patience = Patience()
        self.then: dict[str, Callable[[], None]] = {}
        self.planned_order: Order | None = None

    def _commits(self, told: dict[str, Any]) -> list[BuildSha]:
        """The first, with the manifest, is old enough to be in no tab but of what serves."""
        files: dict[str, str | None] = {MANIFEST: json.dumps(told)}
        made = []
        for number, (version, accepts) in enumerate(SPEAK[self.shape]):
            files[CHAT] = contract(version, accepts)
            at = LONG_AGO + timedelta(minutes=number)
            made.append(self.world.history.add(files, f"Chat {number}", at=at))
        return made

    def stranger(self) -> BuildSha:
        """A build that no plan knows, of a branch that nobody promises."""
        return self.world.history.add({}, "Something else", branch="other", start="main")

    @property
    def api(self) -> FakeService:
        return self.writes.services[place("api")]

    @property
    def web(self) -> FakeService:
        return self.writes.services[place("web")]

    def doors(self) -> Doors:
        return replace(self.world.doors(), platform=self.cloud, http=self.cloud)

    def hands(self, loaded: Loaded | None = None) -> Hands:
        return Hands(
            doors=self.doors(),
            loaded=loaded or self.loaded,
            writes=self.writes,
            builds=self.builds,
            invalidations=self.invalidations,
            notes=self.notes,
            holder="ada on build-7",
            patience=self.patience,
        )

    def on_call(self, told: OnCall) -> None:
        """Is told before and after each change, wherever it is made."""
        self.writes.on_call = self.builds.on_call = self.invalidations.on_call = told

    def planned(
        self, *wanted: CandidateWanted, waivers: Mapping[str, Waiver] | None = None
    ) -> Planned:
        return plan_from(survey_for_plan(self.doors(), self.loaded, wanted), waivers or {})

    def order(self, rollout: str = ROLLOUT, **asked: Any) -> Order:
        asker = Asker(rollout=rollout, who="ada", why="the incident", **asked)
        return order_from(self.loaded, self.planned(), asker)

    def work(self, order: Order | None = None, *journal: Entry) -> Work:
        """For one step; without an order, the one that was planned before."""
        asked = order or self.planned_order or self.order()
        return Work(hands=self.hands(), order=asked, journal=journal)

    def redeploy(self, order: Order | None = None) -> Outcome:
        """From the question to the end."""
        return self.follow(start(self.engine, order or self.order()))

    def follow(self, rollout: str = ROLLOUT) -> Outcome:
        """As a new process would: nothing is remembered but what the engine recorded."""
        return follow(self.engine, rollout, self.body, self._watch)

    def _watch(self, entries: tuple[Entry, ...]) -> None:
        """`then` says what others do once a step is done."""
        self.then.pop(entries[-1].key, lambda: None)()

    def body(self, written: Json, record: Record) -> Json:
        return {"outcome": str(carry_out(self.hands(), order_from_json(written), record))}

    def journal(self, rollout: str = ROLLOUT) -> list[Entry]:
        return [entry_from_json(each) for each in self.engine.recorded(rollout)]

    def told(self, key: str, rollout: str = ROLLOUT) -> str:
        """What the step of that key told."""
        return next(each.told for each in self.journal(rollout) if each.key == key)

    def steps(self, rollout: str = ROLLOUT) -> list[str]:
        return [each.key for each in self.journal(rollout)]

    def changes(self) -> Counter[str]:
        """How often each thing was changed, wherever."""
        made = Counter(f"{what} {where}" for what, where in self.writes.changes)
        made["builds"], made["invalidations"] = (
            len(self.builds.started),
            len(self.invalidations.asked),
        )
        return made

    def state(self) -> dict[str, Any]:
        """All that users and others may notice, in one value."""
        return {
            "splits": {str(where): each.split for where, each in self.writes.services.items()},
            "latest": [each.follows_latest for each in self.writes.services.values()],
            "leases": [each.lease for each in self.writes.services.values()],
            "tags": [target.tag for each in self.writes.services.values()
                     for target in each.targets if target.tag],
            "bucket": self.cloud.bucket,
            "edge": self.cloud.edge,
        }  # fmt: skip
