"""Settings that break or cut WebSockets, or send users where no split says."""

from typing import Any

import pytest

from skewcheck.core.checkup.check import Check, Name, State
from skewcheck.core.checkup.sockets import check_sockets
from skewcheck.core.findings import Code
from skewcheck.core.load_balancing import Backend
from tests.adoption_fakes import FakeLoadBalancers
from tests.builders import CHAT, backend, manifest, plane, revision, survey, target, unreadable
from tests.core.checkup.worlds import facts, only, states

API_HOST = "api.staging.acme.example"
UPDATE = "gcloud run services update acme-api --project=acme-staging --region=us-central1"


def checks_of(*planes: Any, **changed: Any) -> list[Check]:
    seen = survey(backend(planes=planes or (plane(),)))
    return list(check_sockets(facts(seen, **changed)))


def balanced(**settings: Any) -> dict[str, Any]:
    """With machines behind the api's host; the app's own map stays as it is."""
    balancers = FakeLoadBalancers()
    balancers.route(API_HOST, Backend(name="vms", **settings))
    balancers.route("app.staging.acme.example", Backend(name="app-bucket", bucket="app"))
    return {"url_maps": {"acme-staging": tuple(balancers.known)}}


def test_the_usual_settings_are_well() -> None:
    assert states(checks_of()) == {
        ("load-balancer", "frontend"): State.OK,
        ("load-balancer", "backend"): State.OK,
        ("socket-lifetime", "backend"): State.OK,
        ("http2", "backend"): State.OK,
        ("session-affinity", "backend"): State.OK,
    }


@pytest.mark.parametrize(
    ("timeout_s", "told"),
    [
        pytest.param(None, "5 min", id="the platform's default"),
        pytest.param(60.0, "60 s", id="a minute"),
        pytest.param(3600.0, "60 min", id="the most there is"),
    ],
)
def test_the_request_timeout_is_told_as_a_fact(timeout_s: float | None, told: str) -> None:
    check = only(checks_of(plane(revision(timeout_s=timeout_s))), Name.SOCKET_LIFETIME)
    assert check.state is State.OK
    assert f"cut after {told} at the latest" in check.told


def test_a_load_balancers_default_timeout_cuts_every_socket() -> None:
    check = only(checks_of(**balanced(timeout_s=30)), Name.SOCKET_LIFETIME)
    assert (check.state, check.told) == (State.BAD, "vms cuts every socket after 30 s")
    assert check.fix == (
        "gcloud compute backend-services update vms --global --project=acme-staging --timeout=3600s"
    )


def test_the_shorter_of_two_long_timeouts_counts() -> None:
    slow = plane(revision(timeout_s=3600.0))
    check = only(checks_of(slow, **balanced(timeout_s=600)), Name.SOCKET_LIFETIME)
    assert (check.state, "cut after 10 min" in check.told) == (State.OK, True)


def test_a_port_named_h2c_lets_no_websocket_through() -> None:
    check = only(checks_of(plane(revision(http2=True))), Name.HTTP2)
    assert check.state is State.BAD
    assert "acme-api-00002" in check.told
    assert check.fix == f"{UPDATE} --no-use-http2"


def test_what_does_not_serve_breaks_nothing() -> None:
    idle = revision("acme-api-00003", http2=True)
    served = plane(revision(), idle, targets=[target("acme-api-00002"), target("gone", 1)])
    assert only(checks_of(served), Name.HTTP2).state is State.OK


@pytest.mark.parametrize("protocol", ["HTTP2", "H2C"])
def test_nor_does_a_load_balancer_that_speaks_http2(protocol: str) -> None:
    check = only(checks_of(**balanced(protocol=protocol)), Name.HTTP2)
    assert (check.state, check.told.startswith(f"vms speaks {protocol}")) == (State.BAD, True)
    assert check.fix.endswith("update vms --global --project=acme-staging --protocol=HTTPS")


def test_affinity_outranks_the_split() -> None:
    check = only(checks_of(plane(session_affinity=True)), Name.SESSION_AFFINITY)
    assert (check.state, check.fix) == (State.BAD, f"{UPDATE} --no-session-affinity")
    check = only(checks_of(**balanced(affinity="GENERATED_COOKIE")), Name.SESSION_AFFINITY)
    assert "(GENERATED_COOKIE)" in check.told
    assert check.fix.endswith("--session-affinity=NONE")


def test_the_region_that_keeps_visitors_is_the_one_to_change() -> None:
    regions = {"cloud_run": {"project": "acme-staging", "regions": ["us-central1", "europe-west1"]}}
    kept = plane(region="europe-west1", session_affinity=True)
    seen = survey(backend(planes=(plane(), kept)), manifest=manifest(defaults=regions | CDN))
    check = only(check_sockets(facts(seen)), Name.SESSION_AFFINITY)
    assert "--region=europe-west1" in check.fix


CDN = {"cloud_cdn": {"project": "acme-staging", "url_map": "acme-web"}}


def test_a_service_without_edge_and_sockets_has_no_way_to_look_at() -> None:
    links = {"chat": CHAT | {"client": "backend", "server": "frontend"}}
    seen = survey(manifest=manifest(links=links))
    subjects = states(check_sockets(facts(seen)))
    assert ("load-balancer", "backend") not in subjects
    assert ("load-balancer", "frontend") in subjects


def test_of_what_nobody_could_look_at_nothing_is_said() -> None:
    checks = checks_of(unreadable(), url_maps={"acme-staging": ()})
    assert states(checks) == {
        ("load-balancer", "frontend"): State.BAD,
        ("load-balancer", "backend"): State.NOT_NEEDED,
    }


def test_an_edge_that_the_map_does_not_lead_through_is_invalidated_in_vain() -> None:
    check = only(checks_of(url_maps={"acme-staging": ()}), Name.LOAD_BALANCER, "frontend")
    assert check.told.startswith("the URL map acme-web does not lead to frontend")
    assert check.fix == "gcloud compute url-maps list --project=acme-staging"


def test_load_balancers_that_may_not_be_listed_are_told_once_a_service() -> None:
    refused = unreadable(Code.UNAUTHORIZED, fix="grant it")
    check = only(checks_of(url_maps={"acme-staging": refused}), Name.LOAD_BALANCER, "backend")
    assert (check.state, check.fix) == (State.BAD, "grant it")


def test_without_credentials_they_are_not_asked() -> None:
    refused = unreadable(Code.UNAUTHORIZED, fix="log in")
    check = only(checks_of(no_sign_in=refused, url_maps={}), Name.LOAD_BALANCER, "backend")
    assert (check.state, check.fix) == (State.UNKNOWN, "log in")
