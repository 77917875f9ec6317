"""Traffic is split as the state says, and an edge serves, ages and forgets what it cached."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.edges.edge import Edge, EdgeFaults
from skewcheck.sandbox.edges.listener import Listener
from tests.sandbox.builders import NEW, OLD, WEB_IMAGE, frontend

REVALIDATED = {"Cache-Control": "s-maxage=10, stale-while-revalidate=60"}


@pytest.fixture(scope="module")
def revisions(cloud: Sandbox) -> tuple[str, str]:
    old = cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}")
    return old, cloud.deploy("acme-web", f"{WEB_IMAGE}:{NEW}", traffic="none", tag="candidate")


@pytest.fixture
def edge(cloud: Sandbox, revisions: tuple[str, str]) -> Iterator[Edge]:
    cloud.set_traffic("acme-web", {revisions[0]: 100})
    edge = cloud.edge("app.acme.example", "acme-web")
    yield edge
    edge.faults = EdgeFaults()


def fetch(url: str, **more: Any) -> requests.Response:
    return requests.get(url, timeout=10, **more)


def build(url: str) -> str:
    return OLD if OLD in fetch(url).text else NEW


def test_requests_are_split_by_percentage(cloud: Sandbox, revisions: tuple[str, str]) -> None:
    old, new = revisions
    cloud.set_traffic("acme-web", {old: 75, new: 25})
    seen = Counter(build(cloud.url("acme-web")) for _ in range(60))

    assert 30 <= seen[OLD] <= 55
    assert seen[OLD] + seen[NEW] == 60


def test_a_tag_has_an_address_of_its_own(cloud: Sandbox, revisions: tuple[str, str]) -> None:
    cloud.set_traffic("acme-web", {revisions[0]: 100})

    assert build(cloud.url("acme-web", "candidate")) == NEW
    assert build(cloud.url("acme-web")) == OLD


def test_a_service_that_does_not_exist_is_a_404_page(cloud: Sandbox) -> None:
    answer = fetch(cloud.url("nowhere"))

    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_a_revision_whose_process_died_is_unavailable(cloud: Sandbox) -> None:
    cloud.images.add(WEB_IMAGE, "dies", frontend("c" * 40))
    name = cloud.deploy("acme-dies", f"{WEB_IMAGE}:dies")
    process = cloud.process("acme-dies", name)
    assert process
    process.close()

    assert fetch(cloud.url("acme-dies")).status_code == 503


def test_an_edge_caches_ages_and_ignores_the_query_string(cloud: Sandbox, edge: Edge) -> None:
    assert "Age" not in fetch(edge.url).headers
    answer = fetch(f"{edge.url}/?skewcheck=1")

    assert answer.headers["Age"] == "0"
    assert answer.headers["Via"] == "1.1 google"
    assert answer.content == fetch(cloud.url("acme-web")).content


def test_a_primed_edge_stays_old_while_its_version_document_is_new(
    cloud: Sandbox, edge: Edge, revisions: tuple[str, str]
) -> None:
    edge.prime("/", "/version.json")
    cloud.set_traffic("acme-web", {revisions[1]: 100})

    assert build(cloud.url("acme-web")) == NEW
    assert fetch(f"{edge.url}/version.json").json()["commit"] == NEW
    assert build(edge.url) == OLD
    assert fetch(f"{edge.url}/assets/app-{OLD[:7]}.js").status_code == 404

    edge.invalidate("/*")
    assert build(edge.url) == NEW


def test_an_invalidation_names_a_host_and_others_keep_what_they_have(
    cloud: Sandbox, edge: Edge, revisions: tuple[str, str]
) -> None:
    edge.prime("/")
    cloud.set_traffic("acme-web", {revisions[1]: 100})
    for host in ("other.acme.example", "*.other.example"):
        cloud.url_maps.invalidate("acme-web", "acme", {"path": "/*", "host": host}, "")
    assert build(edge.url) == OLD

    cloud.url_maps.invalidate("acme-web", "acme", {"path": "/*", "host": "*.acme.example"}, "")
    assert build(edge.url) == NEW


def test_an_invalidation_may_be_without_effect(
    cloud: Sandbox, edge: Edge, revisions: tuple[str, str]
) -> None:
    edge.faults.ignore_invalidations = True
    edge.prime("/")
    cloud.set_traffic("acme-web", {revisions[1]: 100})
    edge.invalidate()
    assert build(edge.url) == OLD

    edge.faults = EdgeFaults(invalidation_delay_s=600)
    edge.invalidate()
    assert build(edge.url) == OLD


def test_an_edge_may_hide_that_it_is_there(edge: Edge) -> None:
    edge.faults.hide_via = True
    edge.prime("/")

    assert not {"Via", "Age"} & fetch(edge.url).headers.keys()


def test_an_spa_fallback_answers_unknown_paths_with_the_page(edge: Edge) -> None:
    edge.faults.spa_fallback = True
    answer = fetch(f"{edge.url}/ws")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_an_edge_may_be_a_bad_gateway_or_hang_up(edge: Edge) -> None:
    edge.faults.bad_gateway = True
    assert fetch(edge.url).status_code == 502

    edge.faults = EdgeFaults(hang_up=True)
    with pytest.raises(requests.ConnectionError):
        fetch(edge.url)


def test_an_edge_whose_origin_is_gone_is_a_bad_gateway() -> None:
    unused = Listener(lambda _connection: None)
    unused.close()
    edge = Edge("app.acme.example", "acme-web", lambda: unused.port)
    status = fetch(edge.url).status_code
    edge.close()

    assert status == 502


def test_stale_content_is_served_once_more_while_the_edge_asks_again(
    cloud: Sandbox,
) -> None:
    cloud.images.add(WEB_IMAGE, "swr", frontend(html_headers=REVALIDATED))
    cloud.deploy("acme-swr", f"{WEB_IMAGE}:swr")
    seconds = [0.0]
    origin = int(cloud.url("acme-swr").rsplit(":", 1)[1])
    edge = Edge("app.acme.example", "acme-web", lambda: origin, monotonic=lambda: seconds[0])
    edge.prime("/")
    seconds[0] = 15
    stale = fetch(edge.url).headers["Age"]
    edge.prime("/")  # returns after the edge has asked again
    fresh = fetch(edge.url).headers["Age"]
    edge.close()

    assert (stale, fresh) == ("15", "0")


def test_other_methods_pass_through(edge: Edge) -> None:
    assert requests.head(edge.url, timeout=10).status_code == 200
    assert requests.post(edge.url, data=b"x" * 100_000, timeout=10).status_code == 501
