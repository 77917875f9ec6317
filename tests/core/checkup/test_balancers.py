"""Which load balancers stand before a service?"""

import pytest

from skewcheck.core.checkup.balancers import (
    behind,
    projects_to_ask,
    serves_sockets,
    unreadable_maps,
)
from skewcheck.core.load_balancing import Backend
from tests.adoption_fakes import FakeLoadBalancers, serverless
from tests.builders import BACKEND, CHAT, FRONTEND, manifest, survey, unreadable
from tests.core.checkup.worlds import facts

VMS = Backend(name="vms", timeout_s=30)
API_HOST = "api.staging.acme.example"


def names(balancers: FakeLoadBalancers, service: str = "backend") -> list[str]:
    seen = facts(url_maps={"acme-staging": tuple(balancers.known)})
    return [each.backend.name for each in behind(seen, service)]


def test_only_servers_of_sockets_and_edges_are_looked_up() -> None:
    assert projects_to_ask(manifest()) == ("acme-staging",)
    link = CHAT | {"transport": "http"}
    bare = {"frontend": FRONTEND | {"edge": None}, "backend": BACKEND}
    assert projects_to_ask(manifest(links={"chat": link}, services=bare)) == ()
    assert serves_sockets(manifest(), "backend")
    assert not serves_sockets(manifest(), "frontend")


def test_a_backend_is_found_by_the_service_behind_it() -> None:
    balancers = FakeLoadBalancers()
    balancers.route("elsewhere.example", serverless("acme-api"))
    balancers.route("elsewhere.example", serverless("another"))
    balancers.route("elsewhere.example", serverless("acme-api", region="europe-west1"))
    assert names(balancers) == ["acme-api-backend"]


@pytest.mark.parametrize("host", [API_HOST, "*.staging.acme.example", "API.staging.acme.example"])
def test_or_by_the_host_of_its_url(host: str) -> None:
    balancers = FakeLoadBalancers()
    balancers.route(host, VMS)
    assert names(balancers) == ["vms"]


def test_another_services_backend_on_the_same_host_is_not_its_own() -> None:
    balancers = FakeLoadBalancers()
    balancers.route(API_HOST, serverless("another"))
    assert names(balancers) == []


def test_what_takes_every_host_counts_where_nothing_names_it() -> None:
    balancers = FakeLoadBalancers()
    balancers.route("*", VMS)
    assert names(balancers) == ["vms"]
    balancers.route(API_HOST, Backend(name="own"))
    assert names(balancers) == ["own"]


def test_a_backend_of_two_routes_is_told_once() -> None:
    balancers = FakeLoadBalancers()
    balancers.route(API_HOST, VMS, path="/ws")
    balancers.route(API_HOST, VMS)
    assert names(balancers) == ["vms"]


def test_the_host_of_a_declared_edge_counts_too() -> None:
    balancers = FakeLoadBalancers()
    balancers.route("edge.example", Backend(name="edge"))
    edge = {"edge": {"cloud_cdn": {"host": "Edge.Example"}}, "url": "http://127.0.0.1:8080"}
    written = manifest(services={"frontend": FRONTEND | edge, "backend": BACKEND})
    seen = facts(survey(manifest=written), url_maps={"acme-staging": tuple(balancers.known)})
    assert [each.backend.name for each in behind(seen, "frontend")] == ["edge"]


def test_lists_that_cannot_be_read_hold_nothing() -> None:
    refused = unreadable()
    seen = facts(url_maps={"acme-staging": refused})
    assert behind(seen, "backend") == ()
    assert unreadable_maps(seen, "backend") == refused
    assert unreadable_maps(facts(), "backend") is None
