"""The Cloud Run adapter against a real local server: its calls, its limits and its refusals."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from skewcheck.adapters.cloud_run import CloudRunPlatform, Limits
from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.errors import UsageError
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.ports import CloudRunService
from tests.cloud_run_documents import NEW, Json, revision, service
from tests.google_server import Answering, Reply, Server, as_json, refusal, serve

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SERVICES = "/v2/projects/acme/locations/us-central1/services"
PAGE = "?pageSize=500"
BACKEND = CloudRunService("acme", "us-central1", "backend")
FRONTEND = CloudRunService("acme", "us-central1", "frontend")
ELSEWHERE = CloudRunService("acme", "europe-west1", "backend")
BRISK = Limits(deadline_s=0.25)
OK = Reply()


@dataclass
class PatientClock:
    """Time stands still; waits are written down and take none."""

    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return NOW

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


class Google:
    """A project with some services of one revision each; pages of `page` entries."""

    def __init__(self, *names: str, page: int = 1000) -> None:
        self.names = names
        self.page = page

    def __call__(self, path: str, query: dict[str, str]) -> Reply:
        parts = path.partition("/services")[2].strip("/").split("/")
        match parts:
            case [""]:
                return self._paged("services", [service(each) for each in self.names], query)
            case [name] if name in self.names:
                return as_json(service(name))
            case [name, "revisions"]:
                of = self.names if name == "-" else (name,)
                found = [revision(f"{each}-00002", of=each) for each in of]
                return self._paged("revisions", found, query)
            case _:
                return self._absent(parts[0])

    def _absent(self, name: str) -> Reply:
        message = f"Resource '{name}' of kind 'SERVICE' in region 'r' does not exist."
        return refusal(404, "NOT_FOUND", message)

    def _paged(self, key: str, entries: list[Json], query: dict[str, str]) -> Reply:
        start = int(query.get("pageToken", "0"))
        more = start + self.page < len(entries)
        token = {"nextPageToken": str(start + self.page)} if more else {}
        shown = entries[start : start + self.page]
        return as_json({**({key: shown} if shown else {}), **token})


def observe(
    answering: Answering,
    wanted: Sequence[CloudRunService] = (BACKEND,),
    *,
    limits: Limits | None = None,
    clock: PatientClock | None = None,
) -> tuple[dict[CloudRunService, ControlPlane | Unreadable], Server]:
    with serve(answering) as server:
        platform = CloudRunPlatform(
            clock=clock or PatientClock(), endpoint=server.url, limits=limits
        )
        return dict(platform.observe(wanted)), server


def refused(answering: Answering, **options: Any) -> Unreadable:
    found, _ = observe(answering, **options)
    answer = unread(found)
    assert answer.url.endswith(f"{SERVICES}/backend")
    assert answer.read_at == NOW
    assert answer.detail.isprintable()
    return answer


def plane(found: dict[CloudRunService, ControlPlane | Unreadable]) -> ControlPlane:
    read = found[BACKEND]
    assert isinstance(read, ControlPlane)
    return read


def unread(found: Mapping[CloudRunService, ControlPlane | Unreadable]) -> Unreadable:
    read = found[BACKEND]
    assert isinstance(read, Unreadable)
    return read


def always(reply: Reply) -> Answering:
    return lambda _path, _query: reply


def test_nothing_asked_is_nothing_called() -> None:
    found, server = observe(Google(), ())
    assert (found, server.requests) == ({}, [])


def test_one_service_costs_two_calls() -> None:
    found, server = observe(Google("backend", "frontend", "other"))
    assert server.requests == [f"{SERVICES}/backend", f"{SERVICES}/backend/revisions{PAGE}"]
    read = plane(found)
    assert (read.service, read.region, read.read_at) == ("backend", "us-central1", NOW)
    assert [each.build for each in read.revisions] == [BuildName(BuildSha(NEW))]


def test_half_of_a_region_or_more_costs_two_calls_however_many_services_it_has() -> None:
    found, server = observe(Google("backend", "frontend", "a", "b"), [BACKEND, FRONTEND])
    assert server.requests == [f"{SERVICES}{PAGE}", f"{SERVICES}/-/revisions{PAGE}"]
    for wanted, read in found.items():
        assert isinstance(read, ControlPlane)
        assert [each.name for each in read.revisions] == [f"{wanted.service}-00002"]


def test_few_services_of_a_large_region_are_listed_one_by_one() -> None:
    found, server = observe(Google("backend", "frontend", "a", "b", "c"), [BACKEND, FRONTEND])
    assert server.requests[0] == f"{SERVICES}{PAGE}"
    assert sorted(server.requests[1:]) == [
        f"{SERVICES}/backend/revisions{PAGE}",
        f"{SERVICES}/frontend/revisions{PAGE}",
    ]
    assert all(isinstance(read, ControlPlane) for read in found.values())


def test_each_region_is_asked_for_itself_and_a_question_asked_twice_only_once() -> None:
    found, server = observe(Google("backend"), [BACKEND, ELSEWHERE, BACKEND])
    there = SERVICES.replace("us-central1", "europe-west1")
    assert sorted(server.requests) == sorted(
        f"{place}/backend{rest}"
        for place in (SERVICES, there)
        for rest in ("", f"/revisions{PAGE}")
    )
    assert set(found) == {BACKEND, ELSEWHERE}


def test_all_pages_are_followed() -> None:
    found, server = observe(Google("a", "backend", "frontend", page=1), [BACKEND, FRONTEND])
    assert server.requests == [
        f"{SERVICES}{PAGE}",
        f"{SERVICES}{PAGE}&pageToken=1",
        f"{SERVICES}{PAGE}&pageToken=2",
        f"{SERVICES}/-/revisions{PAGE}",
        f"{SERVICES}/-/revisions{PAGE}&pageToken=1",
        f"{SERVICES}/-/revisions{PAGE}&pageToken=2",
    ]
    assert all(isinstance(read, ControlPlane) for read in found.values())


def test_pages_without_an_end_are_given_up() -> None:
    def endless(path: str, query: dict[str, str]) -> Reply:
        if path.endswith("revisions"):
            return as_json({"nextPageToken": "again"})
        return Google("backend")(path, query)

    found, server = observe(endless, limits=Limits(pages=3))
    answer = unread(found)
    assert (answer.cause, len(server.requests)) == (Code.NOT_JSON, 4)
    assert "more than 3 pages of revisions" in answer.detail


@pytest.mark.parametrize("wanted", [[BACKEND], [BACKEND, FRONTEND]], ids=["get", "list"])
def test_a_service_that_is_not_there_is_not_deployed(wanted: list[CloudRunService]) -> None:
    found, _ = observe(Google("frontend"), wanted)
    answer = unread(found)
    assert answer.cause is Code.NOT_DEPLOYED
    assert answer.detail == "Cloud Run has no service backend in us-central1 of project acme"
    assert answer.fix == "gcloud run services list --project=acme --region=us-central1"
    assert all(isinstance(found[each], ControlPlane) for each in wanted if each != BACKEND)


def test_a_list_with_a_nameless_entry_does_not_prove_an_absence() -> None:
    found, _ = observe(always(as_json({"services": [{}]})), [BACKEND, FRONTEND])
    answer = unread(found)
    assert answer.cause is Code.NOT_JSON


def test_a_revision_of_nobody_makes_the_answer_unreadable() -> None:
    def odd(path: str, query: dict[str, str]) -> Reply:
        if path.endswith("revisions"):
            return as_json({"revisions": [revision("backend-00002"), "surprise"]})
        return Google("backend", "frontend")(path, query)

    found, _ = observe(odd, [BACKEND, FRONTEND])
    assert {each.cause for each in found.values() if isinstance(each, Unreadable)} == {
        Code.NOT_JSON
    }


DENIED = refusal(
    403,
    "PERMISSION_DENIED",
    "Permission 'run.services.get' denied on resource 'projects/acme/…' (or it may not exist).",
    "IAM_PERMISSION_DENIED",
    permission="run.services.get",
    resource="projects/acme/locations/us-central1/services/backend",
)
HTML = Reply(b"\n<!DOCTYPE html><title>Sign in</title>", headers=(("Content-Type", "text/html"),))
SERVICE_DISABLED = refusal(
    403, "PERMISSION_DENIED", "Cloud Run Admin API has not been used in project acme before.",
    "SERVICE_DISABLED", service="run.googleapis.com", consumer="projects/123",
)  # fmt: skip
LOGIN = "gcloud auth application-default login"
GRANT = "gcloud projects add-iam-policy-binding acme --member=user:EMAIL --role=roles/run.viewer"
QUOTA = "gcloud auth application-default set-quota-project acme"


@pytest.mark.parametrize(
    ("reply", "cause", "told", "fix"),
    [
        pytest.param(
            refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
            Code.UNAUTHORIZED, "invalid authentication credentials", LOGIN, id="401",
        ),
        pytest.param(
            DENIED, Code.UNAUTHORIZED, "lacks the permission run.services.get on projects/acme/"
            "locations/us-central1/services/backend", GRANT, id="403 permission",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "Permission 'run.services.get' denied on resource"),
            Code.UNAUTHORIZED, "run.services.get on projects/acme/locations/us-central1 ", GRANT,
            id="403 permission in the message only",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "The caller does not have permission"),
            Code.UNAUTHORIZED, "may not read Cloud Run in project acme: The caller", GRANT,
            id="403 without a permission",
        ),
        pytest.param(
            SERVICE_DISABLED, Code.UNAUTHORIZED, "SERVICE_DISABLED in project acme",
            "gcloud services enable run.googleapis.com --project=acme", id="403 API disabled",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "Your application requires a quota project", "X"),
            Code.UNAUTHORIZED, "quota project", QUOTA, id="403 quota project",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "insufficient authentication scopes",
                    "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            Code.UNAUTHORIZED, "scopes",
            f"{LOGIN} --scopes=https://www.googleapis.com/auth/cloud-platform", id="403 scopes",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "Request is prohibited by organization's policy.",
                    "SECURITY_POLICY_VIOLATED"),
            Code.UNAUTHORIZED, "prohibited", "ask for an ingress rule in the VPC service "
            "perimeter: gcloud access-context-manager perimeters list  # it holds acme",
            id="403 perimeter",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED",
                    "Permission denied on 'locations/us-central1' (or it may not exist)."),
            Code.UNREACHABLE, "Cloud Run has no region us-central1 for acme",
            "correct the region in the manifest: gcloud run regions list --project=acme",
            id="403 region",
        ),
        pytest.param(
            refusal(404, "NOT_FOUND", "Location us-central1 is not found."),
            Code.UNREACHABLE, "no region us-central1",
            "correct the region in the manifest: gcloud run regions list --project=acme",
            id="404 region",
        ),
        pytest.param(
            refusal(404, "NOT_FOUND", "Project 'acme' not found or deleted."),
            Code.UNREACHABLE, "no project acme", "gcloud projects describe acme",
            id="404 project",
        ),
        pytest.param(
            refusal(404, "NOT_FOUND", "Requested entity was not found."),
            Code.NOT_DEPLOYED, "no service backend",
            "gcloud run services list --project=acme --region=us-central1", id="404 service",
        ),
        pytest.param(
            refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric"),
            Code.UNREACHABLE, "429 RESOURCE_EXHAUSTED: the API quota is used up",
            "wait a minute and run again, or raise the quota: https://console.cloud.google.com/"
            "apis/api/run.googleapis.com/quotas?project=acme", id="429",
        ),
        pytest.param(
            refusal(500, "INTERNAL", "Internal error encountered."),
            Code.UNREACHABLE, "Cloud Run answered 500 INTERNAL",
            "run again in a minute; https://status.cloud.google.com tells of outages", id="500",
        ),
        pytest.param(
            refusal(400, "INVALID_ARGUMENT", "Location is invalid."),
            Code.UNREACHABLE, "no region us-central1",
            "correct the region in the manifest: gcloud run regions list --project=acme",
            id="400 region",
        ),
        pytest.param(
            refusal(400, "INVALID_ARGUMENT", "Bad."), Code.UNREACHABLE, "400 INVALID_ARGUMENT",
            "gcloud run services list --project=acme --region=us-central1", id="400",
        ),
    ],
)  # fmt: skip
def test_each_refusal_of_the_api_has_its_own_words_and_command(
    reply: Reply, cause: Code, told: str, fix: str
) -> None:
    answer = refused(always(reply))
    assert (answer.cause, answer.fix) == (cause, fix)
    assert told in answer.detail


def test_a_list_that_is_refused_is_the_answer_for_all_services_of_the_region() -> None:
    found, server = observe(always(DENIED), [BACKEND, FRONTEND])
    assert {each.fix for each in found.values() if isinstance(each, Unreadable)} == {GRANT}
    assert server.requests == [f"{SERVICES}{PAGE}"]


@pytest.mark.parametrize(
    ("reply", "cause", "told"),
    [
        pytest.param(HTML, Code.NOT_JSON, "HTML page instead of JSON", id="HTML"),
        pytest.param(Reply(HTML.body, 403), Code.NOT_JSON, "HTTP 403 with an HTML", id="403 HTML"),
        pytest.param(Reply(HTML.body, 502), Code.UNREACHABLE, "502 with an HTML", id="502 HTML"),
        pytest.param(Reply(b"no", 404), Code.NOT_JSON, "no API error", id="404 of somebody else"),
        pytest.param(Reply(b"[]", 500), Code.UNREACHABLE, "no API error", id="500 noise"),
        pytest.param(Reply(b"not json"), Code.NOT_JSON, "no JSON:", id="garbage"),
        pytest.param(Reply(b"[" * 100_000), Code.NOT_JSON, "nested too deeply", id="too deep"),
        pytest.param(Reply(b"[]"), Code.NOT_JSON, "no JSON object", id="a list"),
        pytest.param(Reply(b'{"name": "ba'), Code.NOT_JSON, "no JSON:", id="cut inside"),
        pytest.param(Reply(b"{}"), Code.NOT_JSON, "breaks its own schema", id="empty"),
        pytest.param(
            Reply(b'{"name"', promised=99), Code.UNREACHABLE, "connection broken", id="cut short"
        ),
        pytest.param(
            Reply(b"not gzip at all", headers=(("Content-Encoding", "gzip"),)),
            Code.UNREACHABLE, "cannot be decoded", id="not gzip",
        ),
        pytest.param(
            Reply(status=302, headers=(("Location", "https://login.acme.example/?token=s3cret"),)),
            Code.UNREACHABLE, "302, a redirect to login.acme.example", id="redirect",
        ),
        pytest.param(Reply(status=407), Code.UNREACHABLE, "wants a password", id="proxy"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_google_is_told_apart(reply: Reply, cause: Code, told: str) -> None:
    answer = refused(always(reply))
    assert answer.cause is cause
    assert told in answer.detail
    assert "s3cret" not in f"{answer}"


@pytest.mark.parametrize(
    ("key", "value"), [("revisions", {}), ("nextPageToken", 7)], ids=["no list", "no token"]
)
def test_a_list_that_is_none_is_not_json(key: str, value: object) -> None:
    def odd(path: str, query: dict[str, str]) -> Reply:
        if path.endswith("revisions"):
            return as_json({key: value})
        return Google("backend")(path, query)

    assert refused(odd).cause is Code.NOT_JSON


@pytest.mark.parametrize(
    "reply", [Reply(hang=True), Reply(b"{", promised=999, drip=True)], ids=["hangs", "drips"]
)
def test_a_call_ends_at_its_deadline(reply: Reply) -> None:
    answer = refused(always(reply), limits=BRISK)
    assert answer.cause is Code.UNREACHABLE
    assert answer.detail.endswith("timed out")
    assert answer.fix.startswith("curl -sS -v -m 30 -o /dev/null http://127.0.0.1:")


def test_an_answer_over_the_size_cap_is_refused() -> None:
    answer = refused(always(Reply(b" " * 2000)), limits=Limits(size=1000))
    assert answer.cause is Code.UNREACHABLE
    assert "body too large (over 1000 bytes)" in answer.detail


def test_a_refused_connection_is_told() -> None:
    with serve(always(OK)) as server:
        pass
    platform = CloudRunPlatform(clock=PatientClock(), endpoint=server.url)
    answer = unread(platform.observe([BACKEND]))
    assert answer.detail.endswith("connection refused")


def test_tls_that_is_none_is_told() -> None:
    with serve(always(OK)) as server:
        endpoint = server.url.replace("http:", "https:")
        platform = CloudRunPlatform(clock=PatientClock(), endpoint=endpoint)
        answer = unread(platform.observe([BACKEND]))
    assert "TLS failed" in answer.detail
    assert "REQUESTS_CA_BUNDLE" in answer.fix


def flaky(times: int, reply: Reply) -> Answering:
    left, lock = [reply] * times, threading.Lock()

    def answer(path: str, query: dict[str, str]) -> Reply:
        with lock:
            return left.pop() if left else Google("backend")(path, query)

    return answer


@pytest.mark.parametrize(
    ("status", "headers", "waits"),
    [
        pytest.param(429, {"Retry_After": "3"}, [3.0, 3.0], id="as it asks"),
        pytest.param(503, {}, [1.0, 2.0], id="without a word on it"),
    ],
)
def test_a_passing_refusal_is_asked_again_twice(
    status: int, headers: dict[str, str], waits: list[float]
) -> None:
    clock = PatientClock()
    found, server = observe(flaky(2, as_json({}, status, **headers)), clock=clock)
    assert isinstance(found[BACKEND], ControlPlane)
    assert (len(server.requests), clock.waits) == (4, waits)


@pytest.mark.parametrize(
    ("reply", "calls"),
    [
        pytest.param(as_json({}, 503), 3, id="503 that stays"),
        pytest.param(as_json({}, 429, Retry_After="60"), 1, id="a long wait"),
        pytest.param(as_json({}, 503, Retry_After="Mon, 02 Mar 2026 13:00:00 GMT"), 1, id="a date"),
        pytest.param(as_json({}, 500), 1, id="500"),
        pytest.param(DENIED, 1, id="403"),
        pytest.param(HTML, 1, id="HTML"),
    ],
)
def test_nothing_else_is_asked_again(reply: Reply, calls: int) -> None:
    found, server = observe(always(reply))
    assert isinstance(found[BACKEND], Unreadable)
    assert len(server.requests) == calls


def test_a_local_stand_in_is_sent_no_credentials() -> None:
    _, server = observe(Google("backend"))
    assert all("authorization" not in sent for sent in server.headers)
    assert all("x-goog-api-key" not in sent for sent in server.headers)


def test_an_endpoint_elsewhere_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(UsageError, match="never sent anywhere but to Google"):
        CloudRunPlatform(clock=PatientClock(), endpoint="https://run.example.com")
