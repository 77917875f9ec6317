"""A Cloud Run on loopback for the tests of whoever changes it: the sandbox's, without processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_run_writes import CloudRunWrites, WriteLimits
from skewcheck.core.rollout.lease import ANNOTATION, PIN_ANNOTATION, Lease, Pin, write_lease
from skewcheck.core.rollout.order import Place, Share, TrafficBefore
from skewcheck.ports.rollout import Revise
from skewcheck.sandbox.api.cloud_run_v2 import CloudRunV2
from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.api.http import ControlPlane
from skewcheck.sandbox.documents import last
from skewcheck.sandbox.run import traffic as targets
from skewcheck.sandbox.run.cloud_run import Change, CloudRun
from tests.builders import NEW, NOW, OLD
from tests.sandbox.builders import FakeAddresses, FakeRuntime

PLACE = Place(project="acme-staging", region="us-central1", service="acme-api")
LOCATION = f"projects/{PLACE.project}/locations/{PLACE.region}"
NAME = f"{LOCATION}/services/{PLACE.service}"
IMAGE = "repo/backend"
PIN = Pin(rollout="r-1", at=NOW)
QUICK = WriteLimits(
    ready_s=20, shift_s=20, give_way_s=0.05, call_s=10, pause_s=0.005, longest_pause_s=0.02
)


def lease(rollout: str = "r-1", **changed: Any) -> Lease:
    said: dict[str, Any] = {
        "environment": "staging",
        "holder": "ada on ci-7",
        "taken": NOW,
        "until": NOW + timedelta(hours=1),
        "before": TrafficBefore(shares=(Share(revision="?", percent=100),)),
    }
    return Lease(rollout=rollout, **(said | changed))


def wanted(build: str = str(NEW), **changed: Any) -> Revise:
    said = {"revision": "acme-api-new-1", "tag": "r-1", "image": f"{IMAGE}:{build}", "build": build}
    return Revise(**(said | changed))


@dataclass
class Cloud:
    """A service that one revision, `first`, serves; it follows LATEST."""

    run: CloudRun
    plane: ControlPlane
    runtime: FakeRuntime
    first: str = ""
    numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first = self.deploy(str(OLD))

    def writes(self, limits: WriteLimits = QUICK, **changed: Any) -> CloudRunWrites:
        limits = replace(limits, **changed)
        return CloudRunWrites(clock=SystemClock(), endpoint=self.plane.url, limits=limits)

    def deploy(self, build: str, **body: Any) -> str:
        """Somebody deploys, with a template of their own and whatever else they say."""
        self.numbers.append(len(self.numbers) + 1)
        template = {
            "labels": {"commit-sha": build, "team": "api"},
            "containers": [{"image": f"{IMAGE}:{build}", "env": [{"name": "A", "value": "1"}]}],
            "annotations": {"acme.example/n": str(len(self.numbers))},
        }
        self.update({"template": template} | body, mask=",".join(["template", *body]))
        return last(self.document["latestCreatedRevision"])

    def update(self, body: dict[str, Any], *, mask: str) -> dict[str, Any]:
        started = self.run.update(NAME, body, Change(mask=mask, allow_missing=True))
        return self.run.operations.wait(started["name"], 10)

    def give(self, split: dict[str, int] | None) -> None:
        """All traffic like that, or to LATEST; tags stay."""
        tags = [
            targets.to_revision(each["revision"], 0, each["tag"])
            for each in targets.pinned(self.document)
            if each.get("tag")
        ]
        shares = [targets.to_revision(each, percent) for each, percent in (split or {}).items()]
        self.update({"traffic": [*(shares or [targets.to_latest()]), *tags]}, mask="traffic")

    def annotate(self, **annotations: str) -> None:
        named = {"lease": ANNOTATION, "pin": PIN_ANNOTATION}
        said = {named.get(name, name): value for name, value in annotations.items()}
        both = self.document.get("annotations", {}) | said
        kept = {name: value for name, value in both.items() if value}
        self.update({"annotations": kept}, mask="annotations")

    def hold(self, held: Lease | None) -> None:
        self.annotate(lease=write_lease(held) if held else "")

    @property
    def document(self) -> dict[str, Any]:
        return self.run.store.service(NAME)

    @property
    def split(self) -> dict[str, int]:
        return {each.revision: each.percent for each in targets.shares(self.document)}

    @property
    def follows_latest(self) -> bool:
        statuses = self.document["trafficStatuses"]
        return any(each["type"] == targets.LATEST and each.get("percent") for each in statuses)

    @property
    def annotations(self) -> dict[str, str]:
        return dict(self.document.get("annotations", {}))

    @property
    def tags(self) -> dict[str, str]:
        pinned = targets.pinned(self.document)
        return {each["tag"]: each["revision"] for each in pinned if each.get("tag")}

    @property
    def revisions(self) -> list[str]:
        """The oldest first."""
        return [last(each["name"]) for each in self.run.store.revisions_of(NAME)][::-1]

    @property
    def updates(self) -> int:
        """How many were sent to the service."""
        return sum(method == "PATCH" for method, _ in self.plane.calls)


CloudKind = TypeVar("CloudKind", bound=Cloud)


@contextmanager
def a_cloud(kind: type[CloudKind]) -> Iterator[CloudKind]:
    runtime = FakeRuntime()
    run = CloudRun(runtime, FakeAddresses(), now=lambda: NOW, takes=0.005)
    plane = ControlPlane(CloudRunV2(run).routes(), Faults())
    try:
        yield kind(run, plane, runtime)
    finally:
        run.close()
        plane.close()
