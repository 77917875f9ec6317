"""Compute, Cloud Build and Cloud Logging, asked over HTTP as an adapter asks them."""

import json
import uuid
from typing import Any

import pytest
import requests

from skewcheck.sandbox.api import faults
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.errors import SandboxError
from tests.sandbox.builders import OLD, WEB_IMAGE

URL_MAP = "/compute/v1/projects/acme-staging/global/urlMaps/acme-web"
TRIGGER = "/v1/projects/acme-staging/locations/us-central1/triggers/deploy-web:run"


@pytest.fixture(scope="module")
def deployed(cloud: Sandbox) -> Sandbox:
    cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}")
    cloud.edge("app.acme.example", "acme-web")
    return cloud


def post(cloud: Sandbox, path: str, body: Any) -> requests.Response:
    return requests.post(cloud.endpoint + path, json=body, timeout=10)


def get(cloud: Sandbox, path: str) -> Any:
    return requests.get(cloud.endpoint + path, timeout=10).json()


def waited(cloud: Sandbox, name: str) -> Any:
    path = f"/compute/v1/projects/acme-staging/global/operations/{name}/wait"
    return post(cloud, path, {}).json()


def test_an_invalidation_is_an_operation_that_gets_done(deployed: Sandbox) -> None:
    asked = post(deployed, f"{URL_MAP}/invalidateCache", {"path": "/*"}).json()
    assert asked["status"] == "RUNNING"

    done = waited(deployed, asked["name"])
    assert done["status"] == "DONE"
    assert done["targetLink"].endswith("/global/urlMaps/acme-web")
    assert get(deployed, URL_MAP)["hostRules"][0]["hosts"] == ["app.acme.example"]


def test_the_same_request_id_gets_the_same_operation(deployed: Sandbox) -> None:
    path = f"{URL_MAP}/invalidateCache?requestId={uuid.uuid4()}"
    before = len(deployed.url_maps.rules())
    names = {post(deployed, path, {"path": "/"}).json()["name"] for _ in range(2)}

    assert len(names) == 1
    assert len(deployed.url_maps.rules()) == before + 1


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param({"path": "index.html"}, id="no leading slash"),
        pytest.param({"path": "/a*"}, id="star in a name"),
        pytest.param({"path": "/*/a"}, id="star before the end"),
        pytest.param({"path": "/?a=1"}, id="query"),
        pytest.param({"path": "/#a"}, id="fragment"),
        pytest.param({"path": ""}, id="empty"),
        pytest.param({"host": "app.acme.example"}, id="no path"),
        pytest.param({"path": "/", "paths": []}, id="unknown field"),
        pytest.param({"cacheTags": [str(n) for n in range(11)]}, id="too many tags"),
    ],
)
def test_a_wrong_invalidation_is_refused(deployed: Sandbox, rule: dict[str, Any]) -> None:
    assert post(deployed, f"{URL_MAP}/invalidateCache", rule).status_code == 400


def test_an_unknown_url_map_is_not_found(deployed: Sandbox) -> None:
    assert "was not found" in get(deployed, URL_MAP + "-x")["error"]["message"]


def test_a_trigger_runs_what_it_deploys_and_the_build_says_how_it_went(
    deployed: Sandbox,
) -> None:
    commits: list[str] = []
    deployed.builds.add_trigger("deploy-web", commits.append)
    started = post(deployed, TRIGGER, {"source": {"commitSha": OLD}}).json()
    build = started["metadata"]["build"]
    assert build["status"] in ("QUEUED", "WORKING")
    deployed.builds.join()

    finished = get(deployed, f"/v1/{build['name']}")
    assert finished["status"] == "SUCCESS"
    assert finished["substitutions"]["COMMIT_SHA"] == OLD
    assert get(deployed, f"/v1/{started['name']}")["done"]
    assert commits == [OLD]


def test_a_build_whose_deploy_fails_says_why(deployed: Sandbox) -> None:
    def refuse(_commit: str) -> None:
        raise SandboxError("no space left")

    deployed.builds.add_trigger("deploy-web", refuse)
    started = post(deployed, TRIGGER, {"source": {"commitSha": OLD}}).json()
    deployed.builds.join()

    finished = get(deployed, f"/v1/{started['name']}")
    assert "no space left" in finished["error"]["message"]
    assert finished["metadata"]["build"]["status"] == "FAILURE"


def test_the_request_log_is_found_by_filter(deployed: Sandbox) -> None:
    headers = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    url = deployed.url("acme-web")
    requests.get(f"{url}/nothing-here", headers=headers, timeout=10)
    requests.get(f"{url}/", timeout=10)

    body = {
        "resourceNames": ["projects/acme-staging"],
        "filter": 'resource.labels.service_name="acme-web" AND httpRequest.status>=400',
        "orderBy": "timestamp desc",
    }
    entries = post(deployed, "/v2/entries:list", body).json()["entries"]

    assert [e["httpRequest"]["requestUrl"] for e in entries] == [f"{url}/nothing-here"]
    assert entries[0]["severity"] == "WARNING"
    assert entries[0]["trace"].endswith("/traces/0af7651916cd43dd8448eb211c80319c")


def test_a_wrong_filter_is_refused(deployed: Sandbox) -> None:
    body = {"resourceNames": ["projects/acme-staging"], "filter": "severity="}

    assert post(deployed, "/v2/entries:list", body).status_code == 400


def test_the_control_plane_takes_a_proxys_absolute_targets(deployed: Sandbox) -> None:
    answer = requests.get(
        "http://us-central1-run.sandbox.test/apis/serving.knative.dev/v1/namespaces/"
        "acme-staging/services/acme-web",
        proxies={"http": deployed.endpoint},
        timeout=10,
    )

    assert answer.json()["kind"] == "Service"


def test_a_sign_in_page_is_html_with_status_200(deployed: Sandbox) -> None:
    deployed.faults.next(1, faults.HTML)
    answer = requests.get(f"{deployed.endpoint}/v2/x", timeout=10)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_hanging_call_is_let_go_when_the_sandbox_closes() -> None:
    with Sandbox() as cloud:
        cloud.faults.always(faults.HANG)
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"{cloud.endpoint}/v2/x", timeout=0.1)


def test_a_body_that_is_no_json_is_refused(deployed: Sandbox) -> None:
    answer = requests.post(f"{deployed.endpoint}/v2/entries:list", data="{", timeout=10)

    assert json.loads(answer.content)["error"]["status"] == "INVALID_ARGUMENT"


def test_an_invalidation_may_fail_and_then_nothing_is_forgotten(deployed: Sandbox) -> None:
    deployed.url_maps.fail_next("Internal error.")
    asked = post(deployed, f"{URL_MAP}/invalidateCache", {"path": "/*"}).json()

    done = waited(deployed, asked["name"])
    assert done["error"]["errors"][0]["message"] == "Internal error."
    assert "error" not in waited(
        deployed, post(deployed, f"{URL_MAP}/invalidateCache", {"path": "/*"}).json()["name"]
    )
