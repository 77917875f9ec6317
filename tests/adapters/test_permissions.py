"""What our credentials may do: one contract for the fake and for the adapter against the sandbox's
API; then the four shapes of the question, and what gets in the way.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.permissions import IamPermissions, Limits
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.ports.adoption import Permissions, Resource
from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.api.http import ControlPlane
from skewcheck.sandbox.api.iam import Permissions as SandboxIam
from tests.doctor_fakes import FakePermissions
from tests.google_api.homes import ROOT, Home
from tests.google_server import Reply, as_json, refusal, serve

PROJECT = Resource(kind="project", project="acme")
SERVICE = Resource(kind="cloud-run-service", project="acme", region="us-central1", name="api")
URL_MAP = Resource(kind="url-map", project="acme", name="acme-web")
ACCOUNT = Resource(kind="service-account", project="acme", name="runner@acme.example")
EVERYTHING = (PROJECT, SERVICE, URL_MAP, ACCOUNT)
WANTED = ("run.services.get", "run.services.update")


def real(endpoint: str) -> IamPermissions:
    return IamPermissions(clock=SystemClock(), endpoint=endpoint, limits=Limits(retries=0))


@pytest.fixture(params=["fake", "adapter"])
def denying_updates(request: pytest.FixtureRequest) -> Iterator[Permissions]:
    denied = {"run.services.update"}
    if request.param == "fake":
        yield FakePermissions(denied=denied)
        return
    plane = ControlPlane(SandboxIam(denied).routes(), Faults())
    try:
        yield real(plane.url)
    finally:
        plane.close()


class TestContract:
    @pytest.mark.parametrize("on", EVERYTHING, ids=lambda on: on.kind)
    def test_the_granted_subset_is_told(self, denying_updates: Permissions, on: Resource) -> None:
        assert denying_updates.granted(on, WANTED) == frozenset({"run.services.get"})

    def test_nothing_granted_is_an_empty_set(self, denying_updates: Permissions) -> None:
        assert denying_updates.granted(PROJECT, ["run.services.update"]) == frozenset()


def asked_of(on: Resource, reply: Reply) -> tuple[frozenset[str] | Unreadable, str, Any]:
    """The answer, the path that was asked and what was posted there."""
    with serve(lambda _path, _query: reply) as server:
        answer = real(server.url).granted(on, WANTED)
    return answer, server.requests[0], json.loads(server.bodies[0])


@pytest.mark.parametrize(
    ("on", "path"),
    [
        pytest.param(PROJECT, "/v1/projects/acme:testIamPermissions", id="project"),
        pytest.param(
            SERVICE,
            "/v2/projects/acme/locations/us-central1/services/api:testIamPermissions",
            id="service",
        ),
        pytest.param(
            URL_MAP,
            "/compute/v1/projects/acme/global/urlMaps/acme-web/testIamPermissions",
            id="URL map",
        ),
        pytest.param(
            ACCOUNT,
            "/v1/projects/-/serviceAccounts/runner%40acme.example:testIamPermissions",
            id="account",
        ),
    ],
)
def test_each_kind_is_asked_in_its_own_shape(on: Resource, path: str) -> None:
    answer, asked, posted = asked_of(on, as_json({"permissions": ["run.services.get"]}))
    assert answer == frozenset({"run.services.get"})
    assert asked == path
    assert posted == {"permissions": list(WANTED)}


def test_what_was_not_asked_for_is_not_believed() -> None:
    answer, _, _ = asked_of(PROJECT, as_json({"permissions": ["owner.of.everything"]}))
    assert answer == frozenset()


@pytest.mark.parametrize("told", ["run.services.get", [1], {"run.services.get": True}])
def test_an_answer_that_breaks_the_schema_is_told(told: Any) -> None:
    answer, _, _ = asked_of(PROJECT, as_json({"permissions": told}))
    assert isinstance(answer, Unreadable)
    assert answer.cause is Code.NOT_JSON


def test_an_api_that_is_disabled_comes_with_the_command_that_enables_it() -> None:
    service = "cloudresourcemanager.googleapis.com"
    reply = refusal(403, "PERMISSION_DENIED", "disabled", "SERVICE_DISABLED", service=service)
    answer, _, _ = asked_of(PROJECT, reply)
    assert isinstance(answer, Unreadable)
    assert answer.fix == f"gcloud services enable {service} --project=acme"


def test_a_resource_that_is_not_there_is_no_lack_of_permissions() -> None:
    answer, _, _ = asked_of(SERVICE, refusal(404, "NOT_FOUND", "Resource 'api' was not found"))
    assert isinstance(answer, Unreadable)
    assert answer.cause is Code.UNREACHABLE


def test_a_stand_in_is_asked_as_nobody() -> None:
    assert real("http://127.0.0.1:1").who("acme") == ""


PROGRAM = """
import json
from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.permissions import IamPermissions
from skewcheck.core.checkup.resource import Resource
iam = IamPermissions(clock=SystemClock())
answers = [iam.who("acme"), iam.granted(Resource(kind="project", project="acme"), ["a.b.c"])]
print(json.dumps([[str(each.cause), each.fix] for each in answers]))
"""


def test_who_has_no_credentials_is_told_to_log_in(tmp_path: Path) -> None:
    told = Home(tmp_path).run(PROGRAM, credentials=None, PYTHONPATH=str(ROOT))
    assert told == 2 * [["unauthorized", "gcloud auth application-default login"]]
