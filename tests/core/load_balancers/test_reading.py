"""URL maps in the words of Compute Engine's API, and what is made of them."""

from typing import Any

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.load_balancers.backends import Listed
from skewcheck.core.load_balancers.reading import read_url_maps
from skewcheck.core.load_balancing import HostRoute
from skewcheck.core.reading import Unreadable
from tests.builders import NOW

API = "https://www.googleapis.com/compute/v1/projects"
BASE = f"{API}/acme"
REGION = f"{BASE}/regions/us-central1"


def service_url(name: str) -> str:
    return f"{BASE}/global/backendServices/{name}"


def group_url(name: str) -> str:
    return f"{REGION}/networkEndpointGroups/{name}"


def backend_service(name: str, *groups: str, **fields: Any) -> dict[str, Any]:
    said = {"name": name, "selfLink": service_url(name)}
    return said | {"backends": [{"group": group_url(each)} for each in groups]} | fields


def group(name: str, kind: str = "SERVERLESS", **cloud_run: str) -> dict[str, Any]:
    return {
        "name": name,
        "selfLink": group_url(name),
        "region": REGION,
        "networkEndpointType": kind,
        **({"cloudRun": cloud_run} if cloud_run else {}),
    }


def bucket(name: str) -> dict[str, Any]:
    link = f"{BASE}/global/backendBuckets/{name}"
    return {"name": name, "selfLink": link, "bucketName": "acme-files", "enableCdn": True}


def url_map(**fields: Any) -> dict[str, Any]:
    return {"name": "acme-web"} | fields


def matched(**matcher: Any) -> dict[str, Any]:
    """A map of one host, and nothing for all others."""
    return url_map(
        hostRules=[{"hosts": ["App.Example"], "pathMatcher": "m"}],
        pathMatchers=[{"name": "m"} | matcher],
    )


def look(*maps: Any, services: Any = (), buckets: Any = (), groups: Any = ()) -> Any:
    scopes = {"regions/us-central1": {"networkEndpointGroups": list(groups)}, "global": {}}
    listed = Listed(
        url_maps=[{"items": list(maps)}],
        services=[{"items": list(services)}],
        buckets=[{"items": list(buckets)}],
        groups=[{"items": scopes}],
    )
    return read_url_maps(listed, project="acme", url=f"{BASE}/global/urlMaps", read_at=NOW)


def routes(*maps: Any, **behind: Any) -> tuple[HostRoute, ...]:
    (found,) = look(*maps, **behind)
    assert isinstance(found.routes, tuple)
    return found.routes


def lines(found: tuple[HostRoute, ...]) -> list[tuple[str, str, str]]:
    return [(each.host, each.path, each.backend.name) for each in found]


def test_a_service_behind_several_regions_has_a_pair_for_each() -> None:
    elsewhere = group("eu", service="web") | {"region": f"{BASE}/regions/europe-west1"}
    (route,) = routes(
        url_map(defaultService=service_url("web")),
        services=[backend_service("web", "us", "eu", enableCDN=True, sessionAffinity="CLIENT_IP")],
        groups=[group("us", service="web"), elsewhere],
    )
    assert route.backend.cloud_run == (("us-central1", "web"), ("europe-west1", "web"))
    assert (route.backend.cdn, route.backend.affinity) == (True, "CLIENT_IP")


def test_the_order_of_a_map_is_kept_and_its_default_comes_last() -> None:
    fields = matched(
        pathRules=[{"paths": ["/ws", "/api/*"], "service": service_url("api")}],
        defaultService=service_url("web"),
    )
    assert lines(routes(fields | {"defaultService": service_url("rest")})) == [
        ("app.example", "/ws", "api"),
        ("app.example", "/api/*", "api"),
        ("app.example", "/*", "web"),
        ("*", "/*", "rest"),
    ]


def test_route_rules_are_taken_by_priority_and_told_as_paths() -> None:
    def rule(priority: int, **match: str) -> dict[str, Any]:
        return {"priority": priority, "matchRules": [match], "service": service_url("api")}

    found = routes(matched(routeRules=[rule(2, prefixMatch="/b/"), rule(1, fullPathMatch="/a")]))
    assert [each.path for each in found] == ["/a", "/b/*"]


def test_each_backend_with_weight_has_a_route() -> None:
    shares = [
        {"backendService": service_url("old"), "weight": 0},
        {"backendService": service_url("new"), "weight": 100},
    ]
    action = {"weightedBackendServices": shares}
    split = matched(pathRules=[{"paths": ["/a"], "routeAction": action}], defaultRouteAction=action)
    assert lines(routes(split)) == [("app.example", "/a", "new"), ("app.example", "/*", "new")]


def test_redirects_are_no_routes() -> None:
    assert routes(matched(defaultUrlRedirect={"httpsRedirect": True})) == ()


def test_a_bucket_is_a_backend() -> None:
    (route,) = routes(
        url_map(defaultService=f"{BASE}/global/backendBuckets/web"), buckets=[bucket("web")]
    )
    assert (route.backend.bucket, route.backend.cdn) == ("acme-files", True)


def test_a_bucket_and_a_service_of_one_name_are_two() -> None:
    (route,) = routes(
        url_map(defaultService=service_url("web")),
        services=[backend_service("web")],
        buckets=[bucket("web")],
    )
    assert route.backend.bucket == ""


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"{API}/other/global/backendServices/web", id="of another project"),
        pytest.param(f"{REGION}/backendServices/web", id="of a region"),
    ],
)
def test_a_backend_that_was_not_listed_is_known_by_name_only(url: str) -> None:
    (route,) = routes(
        url_map(defaultService=url),
        services=[backend_service("web", "us")],
        groups=[group("us", service="web")],
    )
    assert (route.backend.name, route.backend.cloud_run) == ("web", ())


def test_a_url_mask_is_told() -> None:
    (route,) = routes(
        url_map(defaultService=service_url("all")),
        services=[backend_service("all", "us")],
        groups=[group("us", urlMask="<service>.acme.example")],
    )
    assert (route.backend.url_mask, route.backend.cloud_run) == ("<service>.acme.example", ())


@pytest.mark.parametrize(
    ("groups", "named", "timeout_s"),
    [
        pytest.param([group("a", service="web")], ["a"], None, id="serverless"),
        pytest.param([group("a", "GCE_VM_IP_PORT")], ["a"], 30, id="machines"),
        pytest.param([], ["a"], 30, id="a group that was not listed"),
        pytest.param([], [], 30, id="nothing behind it"),
        pytest.param([group("a", service="web")], ["a", "b"], 30, id="not only serverless"),
    ],
)
def test_the_timeout_of_a_serverless_backend_does_not_count(
    groups: Any, named: list[str], timeout_s: int | None
) -> None:
    (route,) = routes(
        url_map(defaultService=service_url("web")),
        services=[backend_service("web", *named, timeoutSec=30)],
        groups=groups,
    )
    assert route.backend.timeout_s == timeout_s


def test_maps_are_sorted_by_name() -> None:
    assert [each.name for each in look(url_map(name="b"), url_map(name="a"))] == ["a", "b"]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"maps": [url_map(name="")]}, id="a nameless map"),
        pytest.param({"maps": [url_map(hostRules=[{"hosts": ["a"], "pathMatcher": "x"}])]}, id="m"),
        pytest.param({"maps": [url_map(hostRules="a")]}, id="rules that are no list"),
        pytest.param({"services": [{"name": "web"}]}, id="no selfLink"),
        pytest.param({"buckets": [{"selfLink": "x"}]}, id="no name"),
        pytest.param({"groups": ["text"]}, id="a group that is text"),
        pytest.param({"services": [backend_service("a", timeoutSec="soon")]}, id="timeout"),
    ],
)
def test_a_document_that_breaks_the_schema_is_told(broken: dict[str, Any]) -> None:
    maps = broken.pop("maps", [])
    found = look(*maps, **broken)
    assert isinstance(found, Unreadable)
    assert found.cause is Code.NOT_JSON
    assert found.fix == "gcloud compute url-maps list --project=acme --format=json"
