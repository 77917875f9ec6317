"""The write side of the cloud against the whole sandbox: real processes behind every revision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import requests

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_build import CloudBuild
from skewcheck.adapters.cloud_cdn import CloudCdn
from skewcheck.adapters.cloud_run_writes import CloudRunWrites, WriteLimits
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.lease import Pin
from skewcheck.core.rollout.order import EdgeOrder, Place
from skewcheck.google_api.patience import Endurance
from skewcheck.ports.rollout import Revise, Trigger
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.images import Image
from tests.adapters.writing import lease
from tests.builders import NEW, NOW, OLD

REPOSITORY = "us-docker.pkg.dev/acme/web/frontend"
HOST = "app.acme.example"
PLACE = Place(project="acme-staging", region="us-central1", service="acme-web")
CANDIDATE = Revise(
    revision="acme-web-new-1", tag="r-1", image=f"{REPOSITORY}:{NEW}", build=str(NEW)
)
QUICK = WriteLimits(pause_s=0.02)


@dataclass(frozen=True)
class Cloud:
    sandbox: Sandbox
    writes: CloudRunWrites

    def build(self, tag: str = "") -> str:
        """What really answers there."""
        url = self.sandbox.url("acme-web", tag)
        commit: str = requests.get(f"{url}/version.json", timeout=10).json()["commit"]
        return commit


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Sandbox(operations_take=0.01) as sandbox:
        for build in (str(OLD), str(NEW)):
            sandbox.images.add(REPOSITORY, build, Image(program="frontend", build=build))
        sandbox.deploy("acme-web", f"{REPOSITORY}:{OLD}")
        yield Cloud(
            sandbox, CloudRunWrites(clock=SystemClock(), endpoint=sandbox.endpoint, limits=QUICK)
        )


def test_a_rollout_and_its_way_back_are_what_users_get(cloud: Cloud) -> None:
    held = lease(before=cloud.writes.traffic(PLACE))
    cloud.writes.claim(PLACE, held, now=NOW)
    made = cloud.writes.create(PLACE, held, CANDIDATE)
    assert "@sha256:" in made.image
    assert made.url == cloud.sandbox.url("acme-web", "r-1")
    assert (cloud.build(), cloud.build("r-1")) == (str(OLD), str(NEW))

    cloud.writes.shift(PLACE, held, made.revision)
    assert cloud.build() == str(NEW)
    cloud.writes.restore(PLACE, held)
    assert cloud.build() == str(OLD)
    cloud.writes.shift(PLACE, held, made.revision)
    cloud.writes.release(PLACE, held, tag="r-1", pin=Pin(rollout="r-1", at=NOW))
    assert cloud.sandbox.service("acme-web")["traffic"][0]["type"].endswith("LATEST")
    assert cloud.build() == str(NEW)


def test_a_container_that_does_not_start_is_told_and_users_notice_nothing(cloud: Cloud) -> None:
    broken = Image(program="frontend", build="e" * 40, start_failure="missing secret")
    image = cloud.sandbox.images.add(REPOSITORY, "broken", broken)
    held = lease(before=cloud.writes.traffic(PLACE))
    cloud.writes.claim(PLACE, held, now=NOW)
    with pytest.raises(ActionFailedError, match="failed to start and listen on the port"):
        cloud.writes.create(PLACE, held, replace(CANDIDATE, image=image, build="e" * 40))
    assert cloud.build() == str(OLD)


def test_one_that_never_gets_ready_does_not_hold_us_up_for_ever(cloud: Cloud) -> None:
    slow = Image(program="frontend", build="e" * 40, start_delay=3600)
    image = cloud.sandbox.images.add(REPOSITORY, "slow", slow)
    held = lease(before=cloud.writes.traffic(PLACE))
    cloud.writes.claim(PLACE, held, now=NOW)
    limits = replace(QUICK, ready_s=0.2)
    writes = CloudRunWrites(clock=SystemClock(), endpoint=cloud.sandbox.endpoint, limits=limits)
    with pytest.raises(ActionFailedError, match=r"has not ended after 0\.2 s"):
        writes.create(PLACE, held, replace(CANDIDATE, image=image, build="e" * 40))
    assert cloud.build() == str(OLD)


def test_a_trigger_deploys_and_the_edge_forgets(cloud: Cloud) -> None:
    edge = cloud.sandbox.edge(HOST, "acme-web")
    assert requests.get(edge.url, headers={"Host": HOST}, timeout=10).ok
    cloud.sandbox.builds.add_trigger(
        "deploy-web", lambda commit: cloud.sandbox.deploy("acme-web", f"{REPOSITORY}:{commit}")
    )
    where = {"clock": SystemClock(), "endpoint": cloud.sandbox.endpoint}
    trigger = Trigger(project=PLACE.project, region=PLACE.region, name="deploy-web")
    builds = CloudBuild(**where)  # type: ignore[arg-type]
    run = builds.start(trigger, str(NEW), key="k")
    cloud.sandbox.builds.join()
    assert builds.read(trigger, run).succeeded
    assert cloud.build() == str(NEW)

    order = EdgeOrder(project=PLACE.project, url_map="acme-web", host=HOST, paths=("/*",))
    quick = Endurance(seconds=60, pause_s=0.02)
    CloudCdn(endurance=quick, **where).invalidate(order, key="k")  # type: ignore[arg-type]
    answer = requests.get(f"{edge.url}/version.json", headers={"Host": HOST}, timeout=10)
    assert answer.json()["commit"] == str(NEW)
