"""What an edge writes into the load balancer's log, and the trace that leads on from there."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import requests

from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.edges.edge import Edge, EdgeFaults
from tests.sandbox.builders import API_IMAGE, OLD, WEB_IMAGE
from tests.sandbox.clients import NEW_FORMAT, OLD_FORMAT, heard, opened, socket_url

Entry = dict[str, Any]


@pytest.fixture(scope="module")
def deployed(cloud: Sandbox) -> Sandbox:
    cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}")
    cloud.deploy("acme-api", f"{API_IMAGE}:{OLD}")
    return cloud


@pytest.fixture
def web(deployed: Sandbox) -> Edge:
    return deployed.edge("app.acme.example", "acme-web")


@pytest.fixture
def api(deployed: Sandbox) -> Iterator[Edge]:
    edge = deployed.edge("api.acme.example", "acme-api")
    yield edge
    edge.faults = EdgeFaults()


def of_edge(entry: Entry, edge: Edge) -> bool:
    url = str(entry.get("httpRequest", {}).get("requestUrl", ""))
    return entry["resource"]["type"] == "http_load_balancer" and f":{edge.port}/" in url


def logged(cloud: Sandbox, edge: Edge, count: int = 1) -> list[Entry]:
    """The edge's entries; a request is logged only after its client has everything."""
    seen: set[str] = set()

    def enough(entry: Entry) -> bool:
        if of_edge(entry, edge):
            seen.add(entry["insertId"])
        return len(seen) >= count

    assert cloud.log.wait_for(enough, within_s=10)
    return [entry for entry in cloud.log.entries() if of_edge(entry, edge)]


def asks_for(url: str, entry: Entry) -> bool:
    return bool(entry.get("httpRequest", {}).get("requestUrl") == url)


def details(entry: Entry) -> tuple[int | None, str]:
    return entry["httpRequest"].get("status"), entry["jsonPayload"]["statusDetails"]


def test_an_answer_is_the_backends_once_and_the_caches_from_then_on(
    deployed: Sandbox, web: Edge
) -> None:
    requests.get(web.url, timeout=10)
    (first,) = logged(deployed, web)
    requests.get(web.url, timeout=10)
    _, second = logged(deployed, web, 2)
    assert details(first) == (200, "response_sent_by_backend")
    assert details(second) == (200, "response_from_cache")
    assert ("cacheHit" in first["httpRequest"], second["httpRequest"]["cacheHit"]) == (False, True)


def test_a_websocket_is_logged_when_it_closes(deployed: Sandbox, api: Edge) -> None:
    with opened(socket_url(api.url), NEW_FORMAT) as socket:
        socket.recv(timeout=10)
        assert not [entry for entry in deployed.log.entries() if of_edge(entry, api)]
    (entry,) = logged(deployed, api)
    assert details(entry) == (101, "websocket_closed")


def test_a_websocket_that_the_backend_refused_is_a_failed_handshake(
    deployed: Sandbox, api: Edge
) -> None:
    assert heard(socket_url(api.url), OLD_FORMAT) == "400"
    (entry,) = logged(deployed, api)
    assert details(entry) == (400, "websocket_handshake_failed")


def test_a_gateway_that_is_bad_could_not_connect(deployed: Sandbox, api: Edge) -> None:
    api.faults.bad_gateway = True
    requests.get(api.url, timeout=10)
    (entry,) = logged(deployed, api)
    assert details(entry) == (502, "failed_to_connect_to_backend")


@pytest.mark.parametrize("offers", [NEW_FORMAT, OLD_FORMAT], ids=["welcomed", "refused"])
def test_edge_service_and_program_log_under_one_trace(
    deployed: Sandbox, api: Edge, offers: tuple[str, ...]
) -> None:
    heard(socket_url(api.url), offers)
    (edges,) = logged(deployed, api)
    trace = edges["trace"]

    def is_request(entry: Entry) -> bool:
        return bool(entry.get("trace") == trace and entry["logName"].endswith("%2Frequests"))

    def is_printed(entry: Entry) -> bool:
        return bool(entry.get("trace") == trace and entry["logName"].endswith("%2Fstdout"))

    assert deployed.log.wait_for(is_request, within_s=10)
    assert deployed.log.wait_for(is_printed, within_s=10)


def test_without_an_edge_the_front_door_gives_each_request_a_trace(deployed: Sandbox) -> None:
    url = deployed.url("acme-web")
    for asked in (f"{url}/one", f"{url}/two"):
        requests.get(asked, timeout=10)
        assert deployed.log.wait_for(partial(asks_for, asked), within_s=10)
    mine = [e for e in deployed.log.entries() if e.get("httpRequest", {}).get("status") == 404]
    traces = {e["trace"] for e in mine if e["httpRequest"]["requestUrl"].startswith(url)}
    assert len(traces) == 2


def test_entries_of_the_load_balancer_are_listed_for_their_project_by_time(
    deployed: Sandbox, web: Edge
) -> None:
    requests.get(web.url, headers={"User-Agent": "x (probe p-1)"}, timeout=10)
    logged(deployed, web)
    body = {
        "resourceNames": [f"projects/{deployed.project}"],
        "filter": 'httpRequest.userAgent:"p-1"',
        "orderBy": "timestamp asc",
    }
    url = f"{deployed.endpoint}/v2/entries:list"
    entries = requests.post(url, json=body, timeout=10).json()["entries"]
    kinds = {entry["resource"]["type"] for entry in entries}
    assert kinds == {"http_load_balancer", "cloud_run_revision"}
    stamps = [entry["timestamp"] for entry in entries]
    assert stamps == sorted(stamps)
