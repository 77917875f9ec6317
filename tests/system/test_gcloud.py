"""The real gcloud CLI works on the sandbox, so what it accepts is close to what Google accepts."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from skewcheck.sandbox import story
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.images import Image
from tests.system.stage import Stage, staged

OLD, NEW = "a" * 40, "b" * 40
REPOSITORY = "us-docker.pkg.dev/acme/web/frontend"
REGION = "--region=us-central1"
Gcloud: TypeAlias = Callable[..., str]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Sandbox]:
    with Sandbox() as cloud:
        for build in (OLD, NEW):
            cloud.images.add(REPOSITORY, build, Image(program="frontend", build=build))
        cloud.deploy("acme-web", f"{REPOSITORY}:{OLD}", labels={"commit-sha": OLD})
        cloud.edge("app.staging.acme.example", "acme-web", "acme-web")
        yield cloud


@pytest.fixture
def gcloud(cloud: Sandbox) -> Gcloud:
    """Runs gcloud against the sandbox and returns what it printed on stdout."""
    return gcloud_on(cloud)


def gcloud_on(cloud: Sandbox) -> Gcloud:
    program = shutil.which("gcloud")
    if program is None:
        pytest.skip("the gcloud CLI is not on PATH")
    env = {"PATH": os.defpath, "HOME": str(cloud.directory), **cloud.exports()}

    def run(*words: str) -> str:
        done = subprocess.run(
            [program, *words], env=env, capture_output=True, text=True, timeout=90
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def listed(gcloud: Gcloud, *words: str) -> Any:
    return json.loads(gcloud(*words, "--format=json"))


def test_services_list_shows_every_service_of_the_project(gcloud: Gcloud) -> None:
    services = listed(gcloud, "run", "services", "list")

    assert [service["metadata"]["name"] for service in services] == ["acme-web"]


def test_describe_resolves_the_revision_that_latest_means(gcloud: Gcloud, cloud: Sandbox) -> None:
    service = listed(gcloud, "run", "services", "describe", "acme-web", REGION)

    shown = {target["revisionName"]: target["percent"] for target in service["status"]["traffic"]}
    assert shown == cloud.serving("acme-web")


def test_revisions_list_shows_the_digest_of_the_image(gcloud: Gcloud, cloud: Sandbox) -> None:
    revisions = listed(gcloud, "run", "revisions", "list", "--service=acme-web", REGION)

    pinned = cloud.images.pin(f"{REPOSITORY}:{OLD}")
    assert pinned in [revision["status"]["imageDigest"] for revision in revisions]


def test_a_candidate_is_deployed_tagged_and_then_given_all_traffic(
    gcloud: Gcloud, cloud: Sandbox
) -> None:
    before = cloud.serving("acme-web")
    image = f"--image={REPOSITORY}:{NEW}"
    gcloud("run", "deploy", "acme-web", image, REGION, "--no-traffic", "--tag=candidate")
    assert cloud.serving("acme-web") == before

    tagged = next(s for s in cloud.service("acme-web")["trafficStatuses"] if "tag" in s)
    assert tagged["tag"] == "candidate"
    new = tagged["revision"]
    gcloud("run", "services", "update-traffic", "acme-web", REGION, f"--to-revisions={new}=100")

    assert cloud.serving("acme-web") == {new: 100}
    gcloud("run", "services", "update-traffic", "acme-web", REGION, "--to-latest")
    assert cloud.service("acme-web")["traffic"][0]["type"].endswith("LATEST")


def test_deploy_creates_a_service_that_did_not_exist(gcloud: Gcloud, cloud: Sandbox) -> None:
    image = f"--image={REPOSITORY}:{OLD}"
    gcloud("run", "deploy", "acme-docs", image, REGION, "--allow-unauthenticated")

    assert list(cloud.serving("acme-docs").values()) == [100]


def test_an_image_that_does_not_start_fails_the_deploy(cloud: Sandbox, gcloud: Gcloud) -> None:
    before = cloud.serving("acme-web")

    with pytest.raises(AssertionError, match="not found"):
        gcloud("run", "deploy", "acme-web", f"--image={REPOSITORY}:missing", REGION)

    assert cloud.serving("acme-web") == before


def test_invalidate_cdn_cache_reaches_the_edge_of_the_host(gcloud: Gcloud, cloud: Sandbox) -> None:
    gcloud(
        *("compute", "url-maps", "invalidate-cdn-cache", "acme-web", "--global"),
        *("--path=/*", "--host=app.staging.acme.example"),
    )

    assert cloud.url_maps.rules() == [{"host": "app.staging.acme.example", "path": "/*"}]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo's world, healthy. Each gcloud command on it takes a second or more to start."""
    with staged(tmp_path_factory.mktemp("gcloud")) as stage:
        stage.healthy()
        yield stage


def tags(stage: Stage) -> dict[str, int]:
    """The tags of the backend with the traffic of each, as skewcheck sees them."""
    (plane,) = stage.look().report["observations"]["backend"]["control_plane"]
    return {each["tag"]: each["percent"] for each in plane["targets"] if each["tag"]}


def test_status_sees_a_tagged_deploy_its_traffic_and_an_invalidation(stage: Stage) -> None:
    gcloud, build = gcloud_on(stage.world.cloud), stage.world.history.next_protocol
    assert stage.look().code == 0
    gcloud(
        *("run", "deploy", story.API, REGION, "--no-traffic", "--tag=candidate"),
        *(f"--image={story.API_IMAGE}:{build}", f"--update-labels=commit-sha={build}"),
    )
    seen = stage.look()
    assert (seen.code, tags(stage)) == (0, {"candidate": 0})
    assert "deployed-without-traffic" in seen.about("backend")

    gcloud("run", "services", "update-traffic", story.API, REGION, "--to-tags=candidate=100")
    seen = stage.look()
    assert seen.code == 10
    assert "protocol-skew" in seen.codes("block")
    (served,) = (
        each["server"]["build"]
        for each in seen.report["matrix"][0]["cells"]
        if each["client"]["build"] == stage.world.history.new_frontend
    )
    assert served == build

    stage.healthy()
    stage.stale_edge()
    assert "stale-edge" in stage.look().about("frontend")
    gcloud(
        *("compute", "url-maps", "invalidate-cdn-cache", story.URL_MAP, "--global"),
        *("--path=/*", f"--host={story.WEB_HOST}"),
    )
    seen = stage.look()
    assert (seen.code, seen.codes("block")) == (0, set())
