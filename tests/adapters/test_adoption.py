"""What a project has: one contract for the fakes and the adapters, and what gets in their way."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_run_directory import CloudRunServices
from skewcheck.adapters.load_balancers import ComputeLoadBalancers
from skewcheck.core.findings import Code
from skewcheck.core.load_balancing import UrlMap
from skewcheck.core.reading import Unreadable
from skewcheck.google_api.rest import Limits
from skewcheck.ports import CloudRunService
from skewcheck.ports.adoption import CloudRunDirectory, LoadBalancers
from skewcheck.sandbox.api.cloud_run_v1 import CloudRunV1
from skewcheck.sandbox.api.compute import Compute
from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.api.http import ControlPlane
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.url_maps import UrlMaps
from tests.adoption_fakes import FakeCloudRunDirectory, FakeLoadBalancers, serverless
from tests.google_server import Answering, Reply, as_json, refusal, serve
from tests.sandbox.builders import cloud_run, created

PROJECT, REGION = "acme", "us-central1"
APP, API = "app.acme.example", "api.acme.example"
QUICK = Limits(retries=0)
SERVICES = f"/v1/projects/{PROJECT}/locations/-/services"


@pytest.fixture
def real_directory() -> Iterator[CloudRunServices]:
    run = cloud_run()
    for name in ("acme-web", "acme-api"):
        created(run, name)
    plane = ControlPlane(CloudRunV1(run, REGION).routes(), Faults())
    yield CloudRunServices(clock=SystemClock(), endpoint=plane.url)
    plane.close()
    run.close()


@pytest.fixture
def fake_directory() -> FakeCloudRunDirectory:
    directory = FakeCloudRunDirectory()
    directory.add("acme-web", "acme-api", project=PROJECT)
    return directory


class DirectoryContract:
    @pytest.fixture
    def directory(self) -> CloudRunDirectory:
        raise NotImplementedError

    def test_services_are_sorted_by_name(self, directory: CloudRunDirectory) -> None:
        assert directory.services(PROJECT) == (
            CloudRunService(PROJECT, REGION, "acme-api"),
            CloudRunService(PROJECT, REGION, "acme-web"),
        )

    def test_a_project_without_any_has_none(self, directory: CloudRunDirectory) -> None:
        assert directory.services("other") == ()


class TestFakeDirectory(DirectoryContract):
    @pytest.fixture
    def directory(self, fake_directory: FakeCloudRunDirectory) -> CloudRunDirectory:
        return fake_directory


class TestRealDirectory(DirectoryContract):
    @pytest.fixture
    def directory(self, real_directory: CloudRunServices) -> CloudRunDirectory:
        return real_directory


@pytest.fixture
def real_balancers() -> Iterator[ComputeLoadBalancers]:
    maps = UrlMaps(takes=0)
    for host, service in ((APP, "acme-web"), (API, "acme-api")):
        full = f"projects/{PROJECT}/locations/{REGION}/services/{service}"
        maps.add(Edge(host, "acme-web", lambda: 9), cloud_run=full)
    maps.backend(API).cdn = False
    plane = ControlPlane(Compute(maps).routes(), Faults())
    yield ComputeLoadBalancers(clock=SystemClock(), endpoint=plane.url)
    maps.close()
    plane.close()


@pytest.fixture
def fake_balancers() -> FakeLoadBalancers:
    balancers = FakeLoadBalancers(project=PROJECT)
    balancers.route(APP, serverless("acme-web", cdn=True))
    balancers.route(API, serverless("acme-api"))
    balancers.route("*", serverless("acme-web", cdn=True))
    return balancers


class BalancersContract:
    @pytest.fixture
    def balancers(self) -> LoadBalancers:
        raise NotImplementedError

    def test_each_route_leads_to_what_stands_behind_it(self, balancers: LoadBalancers) -> None:
        (found,) = read(balancers)
        assert (found.project, found.name) == (PROJECT, "acme-web")
        assert [
            (each.host, each.path, each.backend.cloud_run, each.backend.cdn)
            for each in found.routes
        ] == [
            (APP, "/*", ((REGION, "acme-web"),), True),
            (API, "/*", ((REGION, "acme-api"),), False),
            ("*", "/*", ((REGION, "acme-web"),), True),
        ]

    def test_a_serverless_backend_has_no_timeout(self, balancers: LoadBalancers) -> None:
        (found,) = read(balancers)
        assert {each.backend.timeout_s for each in found.routes} == {None}


class TestFakeBalancers(BalancersContract):
    @pytest.fixture
    def balancers(self, fake_balancers: FakeLoadBalancers) -> LoadBalancers:
        return fake_balancers


class TestRealBalancers(BalancersContract):
    @pytest.fixture
    def balancers(self, real_balancers: ComputeLoadBalancers) -> LoadBalancers:
        return real_balancers


def read(balancers: LoadBalancers) -> tuple[UrlMap, ...]:
    found = balancers.url_maps(PROJECT)
    assert not isinstance(found, Unreadable)
    return found


Asks = Callable[[str], Any]


def directory_at(url: str) -> Any:
    return CloudRunServices(clock=SystemClock(), endpoint=url, limits=QUICK).services(PROJECT)


def balancers_at(url: str) -> Any:
    return ComputeLoadBalancers(clock=SystemClock(), endpoint=url, limits=QUICK).url_maps(PROJECT)


BOTH = pytest.mark.parametrize("asks", [directory_at, balancers_at])


@BOTH
def test_a_refusal_tells_who_may_mend_it(asks: Asks) -> None:
    denied = refusal(403, "PERMISSION_DENIED", "Permission 'x.y.list' denied on project")
    with serve(lambda *_: denied) as google:
        found = asks(google.url)
    assert isinstance(found, Unreadable)
    assert found.cause is Code.UNAUTHORIZED
    assert "x.y.list" in found.detail
    assert found.fix.startswith(f"gcloud projects add-iam-policy-binding {PROJECT}")


@BOTH
def test_an_api_that_is_off_is_told_with_the_command_that_turns_it_on(asks: Asks) -> None:
    off = refusal(403, "PERMISSION_DENIED", "not used before", "SERVICE_DISABLED", service="x.y")
    with serve(lambda *_: off) as google:
        found = asks(google.url)
    assert found.fix == f"gcloud services enable x.y --project={PROJECT}"


@BOTH
@pytest.mark.parametrize("items", [{"a": 1}, [1], "none"])
def test_a_document_that_breaks_the_schema_is_a_value(asks: Asks, items: Any) -> None:
    with serve(lambda *_: as_json({"items": items})) as google:
        found = asks(google.url)
    assert found.cause is Code.NOT_JSON


def knative(name: str, region: str) -> dict[str, Any]:
    labels = {"cloud.googleapis.com/location": region}
    return {"metadata": {"name": name, "labels": labels}}


def paged(path: str, query: dict[str, str]) -> Reply:
    assert path == SERVICES
    if query.get("continue") == "more":
        return as_json({"items": [knative("b", "r-2"), knative("a", "r-2")], "metadata": {}})
    return as_json({"items": [knative("b", "r-1")], "metadata": {"continue": "more"}})


def test_all_pages_of_all_regions_are_read() -> None:
    with serve(paged) as google:
        found = directory_at(google.url)
        assert google.requests[0] == f"{SERVICES}?limit=500"
    assert [(each.service, each.region) for each in found] == [
        ("a", "r-2"),
        ("b", "r-1"),
        ("b", "r-2"),
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param({"metadata": {"continue": 7}}, "token that is no text", id="odd token"),
        pytest.param({"metadata": {"continue": "on"}}, "more than 100 pages", id="endless"),
    ],
)
def test_paging_that_leads_nowhere_is_told(answer: dict[str, Any], told: str) -> None:
    with serve(lambda *_: as_json(answer)) as google:
        assert told in directory_at(google.url).detail


@BOTH
def test_where_nobody_listens_that_is_told(asks: Asks) -> None:
    found = asks("http://127.0.0.1:9")
    assert isinstance(found, Unreadable)
    assert found.cause is Code.UNREACHABLE


def test_the_lists_of_load_balancers_come_in_pages_too() -> None:
    answering: Answering = _two_maps
    with serve(answering) as google:
        found = balancers_at(google.url)
    assert [each.name for each in found] == ["one", "two"]


def _two_maps(path: str, query: dict[str, str]) -> Reply:
    if not path.endswith("/urlMaps"):
        return as_json({})
    assert query["maxResults"] == "500"
    if "pageToken" in query:
        return as_json({"items": [{"name": "one"}]})
    return as_json({"items": [{"name": "two"}], "nextPageToken": "next"})
