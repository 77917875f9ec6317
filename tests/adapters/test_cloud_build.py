"""Running triggers: one contract for the fake and for Cloud Build, and what gets in the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_build import CloudBuild
from skewcheck.core.errors import ActionFailedError
from skewcheck.google_api.patience import Endurance
from skewcheck.google_api.rest import Limits
from skewcheck.ports.rollout import BuildRun, Builds, Trigger
from skewcheck.sandbox.api import cloud_build, faults
from skewcheck.sandbox.api.faults import Fault, Faults
from skewcheck.sandbox.api.http import ControlPlane, Moment
from skewcheck.sandbox.builds import Builds as SandboxBuilds
from skewcheck.sandbox.builds import trigger_id
from skewcheck.sandbox.clock import system_now
from skewcheck.sandbox.errors import ApiError, SandboxError
from tests.builders import NEW, OLD
from tests.rollout_fakes import FakeBuilds

TRIGGER = Trigger(project="acme-staging", region="us-central1", name="deploy-web")
NEWEST, OLDEST = str(NEW), str(OLD)
QUICK = Endurance(seconds=10, pause_s=0.005, longest_pause_s=0.02)
RUN = {"method": "POST", "path": ":run"}


class World(Protocol):
    """A trigger that deploys; `deployed` are the commits, and with a reason in `fails` it fails."""

    deployed: list[str]
    fails: str

    @property
    def builds(self) -> Builds: ...
    def join(self) -> None: ...


class Fake:
    def __init__(self) -> None:
        self.deployed: list[str] = []
        self.fails = ""
        self.builds = FakeBuilds(deploys=self._deploy, triggers={TRIGGER.name})

    def join(self) -> None:
        """Its runs end when they are read."""

    def _deploy(self, _trigger: Trigger, commit: str) -> str:
        self.deployed.append(commit)
        return self.fails


@dataclass
class Cloud:
    sandbox: SandboxBuilds
    plane: ControlPlane
    deployed: list[str]
    fails: str = ""

    @property
    def builds(self) -> CloudBuild:
        return self.adapter()

    def adapter(self, endurance: Endurance = QUICK, **limits: Any) -> CloudBuild:
        return CloudBuild(
            clock=SystemClock(),
            endpoint=self.plane.url,
            limits=Limits(**({"retries": 0, "pages": 10} | limits)),
            endurance=endurance,
        )

    def join(self) -> None:
        self.sandbox.join()

    def deploy(self, commit: str) -> None:
        if self.fails:
            raise SandboxError(self.fails)
        self.deployed.append(commit)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    sandbox = SandboxBuilds(takes=0.01, now=system_now)
    plane = ControlPlane(cloud_build.CloudBuild(sandbox).routes(), Faults())
    cloud = Cloud(sandbox, plane, [])
    sandbox.add_trigger("deploy-other", cloud.deploy)
    sandbox.add_trigger(TRIGGER.name, cloud.deploy)
    yield cloud
    sandbox.close()
    plane.close()


@pytest.fixture(params=["fake", "cloud build"])
def world(request: pytest.FixtureRequest, cloud: Cloud) -> World:
    return Fake() if request.param == "fake" else cloud


def ended(world: World, run: BuildRun) -> BuildRun:
    world.join()
    return world.builds.read(TRIGGER, run)


class TestBuilds:
    def test_a_run_is_started_and_followed_to_its_end(self, world: World) -> None:
        run = world.builds.start(TRIGGER, NEWEST, key="r-1/web")
        assert not run.is_over
        done = ended(world, run)
        assert (done.id, done.succeeded, world.deployed) == (run.id, True, [NEWEST])
        assert done.took_s is not None
        assert done.log_url == run.log_url

    def test_the_same_key_gets_the_same_run_also_when_it_is_over(self, world: World) -> None:
        run = world.builds.start(TRIGGER, NEWEST, key="r-1/web")
        ended(world, run)
        assert world.builds.start(TRIGGER, NEWEST, key="r-1/web").id == run.id
        assert world.deployed == [NEWEST]

    def test_another_key_gets_another(self, world: World) -> None:
        first = world.builds.start(TRIGGER, NEWEST, key="r-1/web")
        back = world.builds.start(TRIGGER, OLDEST, key="r-1/web/back")
        assert first.id != back.id

    def test_one_that_fails_says_why(self, world: World) -> None:
        world.fails = "no space left"
        done = ended(world, world.builds.start(TRIGGER, NEWEST, key="k"))
        assert (done.is_over, done.succeeded, done.detail) == (True, False, "no space left")

    def test_how_long_the_last_good_one_took_is_known_once_there_is_one(self, world: World) -> None:
        assert world.builds.last_took_s(TRIGGER) is None
        done = ended(world, world.builds.start(TRIGGER, NEWEST, key="k"))
        world.fails = "no space left"
        ended(world, world.builds.start(TRIGGER, NEWEST, key="l"))
        assert world.builds.last_took_s(TRIGGER) == done.took_s

    def test_a_trigger_that_is_not_there_is_told(self, world: World) -> None:
        absent = Trigger(project=TRIGGER.project, region=TRIGGER.region, name="deploy-nothing")
        with pytest.raises(ActionFailedError, match="deploy-nothing"):
            world.builds.start(absent, NEWEST, key="k")


def test_a_trigger_may_be_named_by_its_id(cloud: Cloud) -> None:
    by_id = Trigger(project=TRIGGER.project, region=TRIGGER.region, name=trigger_id(TRIGGER.name))
    assert cloud.builds.start(by_id, NEWEST, key="k").id


def test_a_run_of_another_trigger_is_not_taken_for_ours(cloud: Cloud) -> None:
    other = Trigger(project=TRIGGER.project, region=TRIGGER.region, name="deploy-other")
    first = cloud.builds.start(other, NEWEST, key="k")
    assert cloud.builds.start(TRIGGER, NEWEST, key="k").id != first.id


def test_a_run_is_found_on_a_later_page_but_not_looked_for_for_ever(cloud: Cloud) -> None:
    run = cloud.builds.start(TRIGGER, NEWEST, key="k")
    for number in range(101):
        cloud.sandbox.run(place(), TRIGGER.name, {"commitSha": str(number)})
    assert cloud.builds.start(TRIGGER, NEWEST, key="k").id == run.id
    assert cloud.adapter(pages=1).start(TRIGGER, NEWEST, key="k").id != run.id


@pytest.mark.parametrize("status", [500, 503])
def test_a_run_that_began_unheard_is_found(cloud: Cloud, status: int) -> None:
    cloud.plane.on_call = on_run("after", lambda: refuse(status))
    run = cloud.builds.start(TRIGGER, NEWEST, key="k")
    assert [each["id"] for each in cloud.sandbox.builds()] == [run.id]


@pytest.mark.parametrize("fault", [faults.too_many(), faults.internal(), faults.HTML])
def test_one_that_did_not_begin_is_asked_for_again(cloud: Cloud, fault: Fault) -> None:
    cloud.plane.faults.next(1, fault, **RUN)
    cloud.builds.start(TRIGGER, NEWEST, key="k")
    assert len(cloud.sandbox.builds()) == 1


def test_a_call_that_hangs_is_given_up_and_looked_for(cloud: Cloud) -> None:
    cloud.plane.faults.next(1, faults.HANG, **RUN)
    cloud.adapter(deadline_s=0.2).start(TRIGGER, NEWEST, key="k")
    assert len(cloud.sandbox.builds()) == 1


def test_reading_bears_what_passes(cloud: Cloud) -> None:
    run = cloud.builds.start(TRIGGER, NEWEST, key="k")
    cloud.plane.faults.next(2, faults.too_many(), method="GET")
    assert cloud.builds.read(TRIGGER, run).id == run.id


def test_a_permission_that_is_missing_is_told_at_once(cloud: Cloud) -> None:
    denied = faults.denied("cloudbuild.builds.create", "projects/acme-staging")
    cloud.plane.faults.always(denied, **RUN)
    with pytest.raises(ActionFailedError, match=r"cloudbuild\.builds\.create") as caught:
        cloud.builds.start(TRIGGER, NEWEST, key="k")
    assert caught.value.hint.endswith("--role=roles/cloudbuild.builds.editor")


def test_how_long_it_took_is_nobodys_failure(cloud: Cloud) -> None:
    cloud.plane.faults.always(faults.too_many())
    assert cloud.builds.last_took_s(TRIGGER) is None


@pytest.mark.parametrize("build", [b"{}", b'{"id": 7}', b'{"id": "x", "failureInfo": []}'])
def test_an_answer_that_breaks_the_schema_is_no_build(cloud: Cloud, build: bytes) -> None:
    run = cloud.builds.start(TRIGGER, NEWEST, key="k")
    cloud.plane.faults.always(Fault(200, build), path="/builds/")
    with pytest.raises(ActionFailedError, match="breaks its own schema"):
        cloud.builds.read(TRIGGER, run)


def place() -> str:
    return f"projects/{TRIGGER.project}/locations/{TRIGGER.region}"


def refuse(status: int) -> None:
    raise ApiError(status, "UNAVAILABLE", "as the test wants it")


def on_run(when: str, act: Callable[[], object]) -> Callable[[Moment], None]:
    """Acts at that moment of the first run."""
    seen: list[Moment] = []

    def on_call(moment: Moment) -> None:
        if moment.path.endswith(":run") and moment.when == when and not seen:
            seen.append(moment)
            act()

    return on_call
