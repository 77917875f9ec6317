"""The Cloud Run adapter follows a service of the sandbox through everything that deployers do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_run import CloudRunPlatform
from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.ports import CloudRunService
from skewcheck.sandbox.api.faults import denied
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.images import Image

OLD, NEW = "1a" * 20, "2b" * 20
REPOSITORY = "us-docker.pkg.dev/acme/web/frontend"


@dataclass(frozen=True)
class Cloud:
    sandbox: Sandbox
    platform: CloudRunPlatform

    def deploy(self, build: str, *, service: str = "acme-web", tag: str = "") -> str:
        """The revision's name; with a tag it gets no traffic."""
        image = f"{REPOSITORY}:{build}"
        send: Literal["none", "latest"] = "none" if tag else "latest"
        return self.sandbox.deploy(
            service, image, labels={"commit-sha": build}, traffic=send, tag=tag
        )

    def observe(self, service: str = "acme-web") -> ControlPlane | Unreadable:
        asked = CloudRunService(self.sandbox.project, self.sandbox.region, service)
        return self.platform.observe([asked])[asked]

    def plane(self) -> ControlPlane:
        found = self.observe()
        assert isinstance(found, ControlPlane)
        return found

    def split(self) -> dict[str, int]:
        """Builds and their share of the traffic, as the platform observes them."""
        plane = self.plane()
        shares = {}
        for target in plane.targets:
            revision = plane.revision(target.revision)
            if target.percent and revision and revision.build:
                shares[str(revision.build.build)] = target.percent
        return shares


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Sandbox(operations_take=0.01) as sandbox:
        for build in (OLD, NEW):
            sandbox.images.add(REPOSITORY, build, Image(program="frontend", build=build))
        platform = CloudRunPlatform(clock=SystemClock(), endpoint=sandbox.endpoint)
        cloud = Cloud(sandbox, platform)
        cloud.deploy(OLD)
        yield cloud


def test_a_deploy_moves_all_traffic_that_follows_the_latest(cloud: Cloud) -> None:
    assert cloud.split() == {OLD: 100}
    newest = cloud.deploy(NEW)
    plane = cloud.plane()
    assert cloud.split() == {NEW: 100}
    assert (plane.latest_ready, plane.settled, plane.problem) == (newest, True, "")
    assert [each.revision for each in plane.targets if each.follows_latest] == [newest]
    assert [each.build for each in plane.revisions] == [
        BuildName(BuildSha(build)) for build in (NEW, OLD)
    ]


def test_a_tagged_deploy_without_traffic_is_seen_beside_what_serves(cloud: Cloud) -> None:
    candidate = cloud.deploy(NEW, tag="next")
    plane = cloud.plane()
    assert cloud.split() == {OLD: 100}
    (tagged,) = (target for target in plane.targets if target.tag)
    assert (tagged.revision, tagged.percent) == (candidate, 0)
    assert tagged.url == cloud.sandbox.url("acme-web", "next")
    assert plane.revisions[0].named_by == "label commit-sha"


def test_a_split_and_the_way_back_are_seen(cloud: Cloud) -> None:
    (before,) = (each.name for each in cloud.plane().revisions)
    after = cloud.deploy(NEW)
    cloud.sandbox.set_traffic("acme-web", {before: 90, after: 10})
    assert cloud.split() == {OLD: 90, NEW: 10}
    cloud.sandbox.set_traffic("acme-web", {before: 100})
    plane = cloud.plane()
    assert cloud.split() == {OLD: 100}
    assert not any(target.follows_latest for target in plane.targets)
    assert plane.latest_ready == after


def test_several_services_are_read_at_once_each_with_its_own_revisions(cloud: Cloud) -> None:
    cloud.deploy(NEW, service="acme-api")
    where = cloud.sandbox.project, cloud.sandbox.region
    web, api = (CloudRunService(*where, name) for name in ("acme-web", "acme-api"))
    found = cloud.platform.observe([web, api])
    builds = {
        asked.service: [each.build for each in plane.revisions]
        for asked, plane in found.items()
        if isinstance(plane, ControlPlane)
    }
    assert builds == {
        "acme-web": [BuildName(BuildSha(OLD))],
        "acme-api": [BuildName(BuildSha(NEW))],
    }


def test_a_service_that_was_never_deployed_is_told_as_such(cloud: Cloud) -> None:
    found = cloud.observe("acme-nothing")
    assert isinstance(found, Unreadable)
    assert found.cause is Code.NOT_DEPLOYED


def test_a_permission_that_is_missing_is_named(cloud: Cloud) -> None:
    no = denied("run.revisions.list", "projects/acme-staging/locations/us-central1")
    cloud.sandbox.faults.always(no, path="/revisions")
    found = cloud.observe()
    assert isinstance(found, Unreadable)
    assert found.cause is Code.UNAUTHORIZED
    assert "lacks the permission run.revisions.list on projects/acme-staging" in found.detail
