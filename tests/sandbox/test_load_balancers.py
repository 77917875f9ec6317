"""The sandbox's load balancers, as Compute Engine's API lists them."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from skewcheck.sandbox.api.compute import Compute
from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.api.http import ControlPlane
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.url_maps import UrlMaps

HOST = "app.acme.example"
SERVICE = "projects/acme/locations/us-central1/services/acme-web"


@pytest.fixture
def maps() -> Iterator[UrlMaps]:
    maps = UrlMaps(takes=0)
    maps.add(Edge(HOST, "acme-web", lambda: 9), cloud_run=SERVICE)
    yield maps
    maps.close()


@pytest.fixture
def plane(maps: UrlMaps) -> Iterator[ControlPlane]:
    plane = ControlPlane(Compute(maps).routes(), Faults())
    yield plane
    plane.close()


def listed(plane: ControlPlane, path: str, **query: str) -> Any:
    where = f"{plane.url}/compute/v1/projects/acme/{path}"
    return requests.get(where, params=query, timeout=10).json()


def test_a_host_leads_to_a_service_through_four_documents(plane: ControlPlane) -> None:
    (url_map,) = listed(plane, "global/urlMaps")["items"]
    (matcher,) = url_map["pathMatchers"]
    assert url_map["hostRules"] == [{"hosts": [HOST], "pathMatcher": matcher["name"]}]

    (backend,) = listed(plane, "global/backendServices")["items"]
    assert matcher["defaultService"] == url_map["defaultService"] == backend["selfLink"]

    scopes = listed(plane, "aggregated/networkEndpointGroups")["items"]
    (group,) = scopes["regions/us-central1"]["networkEndpointGroups"]
    assert backend["backends"][0]["group"] == group["selfLink"]
    assert group["cloudRun"] == {"service": "acme-web"}
    assert "networkEndpointGroups" not in scopes["global"]


def test_two_hosts_of_one_service_share_its_endpoint_group(
    maps: UrlMaps, plane: ControlPlane
) -> None:
    maps.add(Edge("www.acme.example", "acme-web", lambda: 9), cloud_run=SERVICE)
    scopes = listed(plane, "aggregated/networkEndpointGroups")["items"]
    assert len(scopes["regions/us-central1"]["networkEndpointGroups"]) == 1


def test_settings_of_a_backend_are_shown_as_they_are_now(
    maps: UrlMaps, plane: ControlPlane
) -> None:
    backend = maps.backend(HOST)
    backend.cdn, backend.timeout_s = False, 3600
    backend.protocol, backend.affinity, backend.cloud_run = "HTTP2", "CLIENT_IP", ""
    (shown,) = listed(plane, "global/backendServices")["items"]
    assert (shown["enableCDN"], shown["timeoutSec"]) == (False, 3600)
    assert (shown["protocol"], shown["sessionAffinity"]) == ("HTTP2", "CLIENT_IP")
    assert "instanceGroups" in shown["backends"][0]["group"]


def test_an_empty_list_has_no_items(plane: ControlPlane) -> None:
    assert "items" not in listed(plane, "global/backendBuckets")


def test_lists_come_in_pages(maps: UrlMaps, plane: ControlPlane) -> None:
    maps.add(Edge("www.acme.example", "acme-web", lambda: 9))
    first = listed(plane, "global/backendServices", maxResults="1")
    rest = listed(plane, "global/backendServices", maxResults="1", pageToken=first["nextPageToken"])
    assert [len(page["items"]) for page in (first, rest)] == [1, 1]
    assert "nextPageToken" not in rest


def test_parameters_of_other_apis_are_refused(plane: ControlPlane) -> None:
    assert listed(plane, "global/urlMaps", pageSize="5")["error"]["code"] == 400
