"""The Knative view shows the same state, and writing back what was read changes nothing."""

from typing import Any

import pytest
import requests

from skewcheck.sandbox.cloud import Sandbox
from tests.sandbox.builders import NEW, OLD, WEB_IMAGE

NAMESPACE = "/apis/serving.knative.dev/v1/namespaces/acme-staging"
SERVICE = f"{NAMESPACE}/services/acme-web"


@pytest.fixture(scope="module")
def deployed(cloud: Sandbox) -> Sandbox:
    cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}", labels={"commit-sha": OLD})
    return cloud


def ask(cloud: Sandbox, method: str, path: str, body: Any = None) -> Any:
    return requests.request(method, cloud.endpoint + path, json=body, timeout=10).json()


def settled(cloud: Sandbox) -> Any:
    """The service once its last operation is done."""
    cloud.update("acme-web", {"description": "settled"}, mask="description")
    return ask(cloud, "GET", SERVICE)


def test_a_list_may_span_all_regions(deployed: Sandbox) -> None:
    path = "/v1/projects/acme-staging/locations/{}/services"

    assert len(ask(deployed, "GET", path.format("-"))["items"]) == 1
    assert ask(deployed, "GET", path.format("europe-west1"))["items"] == []


def test_v1_says_which_revision_latest_means(deployed: Sandbox) -> None:
    service = ask(deployed, "GET", SERVICE)

    [target] = service["status"]["traffic"]
    assert target["latestRevision"] is True
    assert target["revisionName"] == service["status"]["latestReadyRevisionName"]


def test_writing_back_what_was_read_makes_no_revision(deployed: Sandbox) -> None:
    before = deployed.cloud_run.store.short_names(deployed.name_of("acme-web"))
    read = settled(deployed)
    written = ask(deployed, "PUT", SERVICE, read)

    assert written["spec"] == read["spec"]
    assert deployed.cloud_run.store.short_names(deployed.name_of("acme-web")) == before


def test_an_old_resource_version_is_a_conflict(deployed: Sandbox) -> None:
    read = settled(deployed)
    settled(deployed)

    assert ask(deployed, "PUT", SERVICE, read)["error"]["code"] == 409


def test_a_dry_run_changes_nothing(deployed: Sandbox) -> None:
    read = settled(deployed)
    read["spec"]["template"]["spec"]["containers"][0]["image"] = f"{WEB_IMAGE}:{NEW}"
    ask(deployed, "PUT", f"{SERVICE}?dryRun=all", read)

    assert deployed.service("acme-web")["template"]["containers"][0]["image"].endswith(OLD)


def test_a_service_is_created_and_deleted(deployed: Sandbox) -> None:
    container = {"image": f"{WEB_IMAGE}:{OLD}"}
    body = {
        "metadata": {"name": "acme-docs", "annotations": {"run.googleapis.com/client-name": "x"}},
        "spec": {"template": {"spec": {"containers": [container], "timeoutSeconds": 60}}},
    }
    created = ask(deployed, "POST", f"{NAMESPACE}/services", body)
    assert created["metadata"]["name"] == "acme-docs"
    assert deployed.service("acme-docs")["client"] == "x"
    assert deployed.service("acme-docs")["template"]["timeout"] == "60s"

    ask(deployed, "DELETE", f"{NAMESPACE}/services/acme-docs")
    assert ask(deployed, "GET", f"{NAMESPACE}/services/acme-docs")["error"]["code"] == 404


def test_a_revision_shows_the_digest_that_v2_has_no_field_for(deployed: Sandbox) -> None:
    selector = "labelSelector=serving.knative.dev/service%20%3D%20acme-web"
    revisions = ask(deployed, "GET", f"{NAMESPACE}/revisions?{selector}")["items"]
    revision = ask(deployed, "GET", f"{NAMESPACE}/revisions/{revisions[0]['metadata']['name']}")

    assert revision["status"]["imageDigest"] == deployed.images.pin(f"{WEB_IMAGE}:{OLD}")
    assert revision["metadata"]["labels"]["commit-sha"] == OLD
    assert ask(deployed, "GET", f"{NAMESPACE}/revisions/none")["error"]["code"] == 404


def test_a_failed_deploy_is_a_condition_that_is_false(deployed: Sandbox) -> None:
    read = settled(deployed)
    read["spec"]["template"]["spec"]["containers"][0]["image"] = "unknown"
    ask(deployed, "PUT", SERVICE, read)
    operations = deployed.cloud_run.operations
    operations.wait(operations.newest(), 5)

    ready = ask(deployed, "GET", SERVICE)["status"]["conditions"][0]
    assert (ready["type"], ready["status"]) == ("Ready", "False")
    assert "Image 'unknown' not found" in ready["message"]
