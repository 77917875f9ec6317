"""Google's own Cloud Run client works on the sandbox, and meets the errors it would meet there."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from google.api_core import exceptions
from google.api_core.future.polling import DEFAULT_POLLING
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import InvalidOperation
from google.cloud import run_v2

from skewcheck.sandbox.api import faults
from skewcheck.sandbox.cloud import Sandbox
from tests.sandbox.builders import NEW, OLD, WEB_IMAGE

PARENT = "projects/acme-staging/locations/us-central1"
NAME = f"{PARENT}/services/acme-web"
REVISION = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
OFTEN = DEFAULT_POLLING.with_delay(0.02, maximum=0.1)
ANONYMOUS: Any = AnonymousCredentials


@pytest.fixture(scope="module")
def deployed(cloud: Sandbox) -> Sandbox:
    cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}", labels={"commit-sha": OLD})
    return cloud


@pytest.fixture
def services(deployed: Sandbox) -> Iterator[run_v2.ServicesClient]:
    options = {"api_endpoint": deployed.endpoint}
    with run_v2.ServicesClient(
        transport="rest", credentials=ANONYMOUS(), client_options=options
    ) as client:
        yield client


@pytest.fixture
def revisions(deployed: Sandbox) -> Iterator[run_v2.RevisionsClient]:
    options = {"api_endpoint": deployed.endpoint}
    with run_v2.RevisionsClient(
        transport="rest", credentials=ANONYMOUS(), client_options=options
    ) as client:
        yield client


def done(operation: Any) -> run_v2.Service:
    service: run_v2.Service = operation.result(timeout=10, polling=OFTEN)
    return service


def updating(service: run_v2.Service, *paths: str, **more: bool) -> run_v2.UpdateServiceRequest:
    return run_v2.UpdateServiceRequest(service=service, update_mask={"paths": paths}, **more)


def test_services_and_revisions_are_read(
    services: run_v2.ServicesClient, revisions: run_v2.RevisionsClient
) -> None:
    service = services.get_service(name=NAME)

    assert [one.name for one in services.list_services(parent=PARENT)] == [NAME]
    assert service.traffic_statuses[0].revision == ""
    assert service.generation == service.observed_generation
    newest = next(iter(revisions.list_revisions(parent=NAME)))
    assert newest.name == service.latest_ready_revision
    assert newest.labels["commit-sha"] == OLD
    assert "@sha256:" in newest.containers[0].image
    assert revisions.get_revision(name=newest.name).create_time == newest.create_time
    everywhere = revisions.list_revisions(parent=f"{PARENT}/services/-")
    assert newest.name in [one.name for one in everywhere]


def test_lists_come_in_pages(deployed: Sandbox, revisions: run_v2.RevisionsClient) -> None:
    deployed.deploy("acme-web", f"{WEB_IMAGE}:{OLD}", labels={"again": "yes"})
    deployed.deploy("acme-web", f"{WEB_IMAGE}:{OLD}", labels={"commit-sha": OLD})

    paged = revisions.list_revisions(request={"parent": NAME, "page_size": 1})

    assert len(list(paged.pages)) == len(deployed.cloud_run.store.short_names(NAME))


def test_a_candidate_is_created_tagged_and_shifted_to(
    deployed: Sandbox, services: run_v2.ServicesClient
) -> None:
    service = services.get_service(name=NAME)
    before = service.latest_ready_revision.rsplit("/", 1)[1]
    service.template.revision = "acme-web-candidate"
    service.template.containers[0].image = f"{WEB_IMAGE}:{NEW}"
    target = run_v2.TrafficTarget
    service.traffic = [
        target(type_=REVISION, revision=before, percent=100),
        target(type_=REVISION, revision="acme-web-candidate", percent=0, tag="candidate"),
    ]
    operation = services.update_service(request=updating(service, "template", "traffic"))
    assert operation.metadata.reconciling

    settled = done(operation)
    assert settled.traffic_statuses[1].uri == deployed.url("acme-web", "candidate")
    assert deployed.serving("acme-web") == {before: 100}

    settled.template.revision = ""
    settled.traffic[0].percent, settled.traffic[1].percent = 0, 100
    done(services.update_service(request=updating(settled, "traffic")))
    assert deployed.serving("acme-web") == {"acme-web-candidate": 100}
    deployed.set_traffic("acme-web", {before: 100})


def test_a_stale_etag_raises_conflict(services: run_v2.ServicesClient) -> None:
    service = services.get_service(name=NAME)
    stale = deepcopy(service)
    service.annotations["skewcheck.dev/lease"] = "mine"
    done(services.update_service(request=updating(service, "annotations")))

    with pytest.raises(exceptions.Conflict, match="current version is"):
        services.update_service(request=updating(stale, "annotations"))


def test_validate_only_changes_nothing(services: run_v2.ServicesClient) -> None:
    service = services.get_service(name=NAME)
    service.labels["dry"] = "run"
    services.update_service(request=updating(service, "labels", validate_only=True))

    assert "dry" not in services.get_service(name=NAME).labels


def test_traffic_that_does_not_add_up_raises_bad_request(
    services: run_v2.ServicesClient,
) -> None:
    service = services.get_service(name=NAME)
    service.traffic[0].percent = 50

    with pytest.raises(exceptions.BadRequest, match="must sum to 100"):
        services.update_service(request=updating(service, "traffic"))


def test_an_unknown_image_raises_failed_precondition_and_keeps_the_traffic(
    deployed: Sandbox, services: run_v2.ServicesClient
) -> None:
    before = deployed.serving("acme-web")
    service = services.get_service(name=NAME)
    service.template.revision = ""
    service.template.containers[0].image = f"{WEB_IMAGE}:unknown"

    with pytest.raises(exceptions.FailedPrecondition, match="not found"):
        done(services.update_service(request=updating(service, "template")))

    assert deployed.serving("acme-web") == before


def test_a_missing_service_and_a_wildcard_region_are_refused(
    services: run_v2.ServicesClient,
) -> None:
    with pytest.raises(exceptions.NotFound, match="does not exist"):
        services.get_service(name=f"{PARENT}/services/gone")
    with pytest.raises(exceptions.BadRequest, match="'-' is not allowed"):
        services.list_services(parent="projects/acme-staging/locations/-")


def test_a_service_is_created_and_deleted(services: run_v2.ServicesClient) -> None:
    template = {"containers": [{"image": f"{WEB_IMAGE}:{OLD}"}]}
    wanted = run_v2.Service(template=template)
    made = done(services.create_service(parent=PARENT, service_id="acme-docs", service=wanted))
    assert made.name == f"{PARENT}/services/acme-docs"

    done(services.delete_service(name=made.name))
    with pytest.raises(exceptions.NotFound):
        services.get_service(name=made.name)


def test_only_granted_permissions_come_back(
    deployed: Sandbox, services: run_v2.ServicesClient
) -> None:
    deployed.denied_permissions.add("run.services.update")
    asked = ["run.services.get", "run.services.update"]

    answer = services.test_iam_permissions(request={"resource": NAME, "permissions": asked})

    assert list(answer.permissions) == ["run.services.get"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(faults.unauthenticated(), InvalidOperation, id="401 without credentials"),
        pytest.param(faults.too_many(), exceptions.TooManyRequests, id="429"),
        pytest.param(faults.internal(), exceptions.InternalServerError, id="500"),
    ],
)
def test_a_fault_is_answered_once_and_then_no_more(
    deployed: Sandbox,
    services: run_v2.ServicesClient,
    fault: faults.Fault,
    expected: type[Exception],
) -> None:
    deployed.faults.next(1, fault, path="/services/acme-web")

    with pytest.raises(expected):
        services.get_service(name=NAME)
    assert services.get_service(name=NAME).name == NAME


def test_a_denied_call_names_permission_and_resource(
    deployed: Sandbox, services: run_v2.ServicesClient
) -> None:
    deployed.faults.always(faults.denied("run.services.get", NAME), method="GET")

    with pytest.raises(exceptions.Forbidden) as refused:
        services.get_service(name=NAME)
    deployed.faults.clear()

    assert refused.value.reason == "IAM_PERMISSION_DENIED"
    assert refused.value.metadata["permission"] == "run.services.get"
