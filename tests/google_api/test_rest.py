"""Asking any of Google's APIs: by GET and POST, page by page, each under its own name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from skewcheck.core.findings import Code
from skewcheck.google_api.api import Api
from skewcheck.google_api.refusal import Asked, Refusal, Trouble
from skewcheck.google_api.rest import Limits, Rest, open_api
from tests.google_server import Answering, Reply, Server, as_json, refusal, serve

LOGGING = Api(
    name="Cloud Logging",
    host="logging.googleapis.com",
    version="v2",
    role="roles/logging.viewer",
    look="gcloud logging logs list --project={project}",
)
COMPUTE = Api(
    name="Cloud CDN", host="compute.googleapis.com", version="compute/v1", role="", look=""
)
ASKED = Asked(api=LOGGING, project="acme")


@dataclass
class PatientClock:
    """Time stands still; waits are written down and take none."""

    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def rest(server: Server, limits: Limits | None = None, api: Api = LOGGING) -> Rest:
    limits = limits or Limits(page_size=2)
    return open_api(api, clock=PatientClock(), endpoint=server.url, limits=limits)


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def refused(answering: Answering, session: requests.Session) -> Refusal:
    with serve(answering) as server:
        found = rest(server).post(session, "entries:list", ASKED, {})
    assert isinstance(found, Refusal)
    return found


def test_each_api_has_a_host_and_a_version_of_its_own_and_a_stand_in_plays_them_all() -> None:
    clock, limits = PatientClock(), Limits()
    for api, url in (
        (LOGGING, "https://logging.googleapis.com/v2/x"),
        (COMPUTE, "https://compute.googleapis.com/compute/v1/x"),
    ):
        real = open_api(api, clock=clock, endpoint=None, limits=limits)
        local = open_api(api, clock=clock, endpoint="http://127.0.0.1:80", limits=limits)
        assert real.url("x") == url
        assert local.url("x") == f"http://127.0.0.1:80/{api.version}/x"
        assert (real.session().trust_env, local.session().trust_env) == (True, False)


def test_a_body_is_posted_as_json_without_credentials_to_a_stand_in(
    session: requests.Session,
) -> None:
    with serve(lambda _path, _query: as_json({"entries": []})) as server:
        found = rest(server).post(session, "entries:list", ASKED, {"filter": 'a="é"'})
    assert found == {"entries": []}
    assert server.requests == ["/v2/entries:list"]
    assert json.loads(server.bodies[0]) == {"filter": 'a="é"'}
    assert server.headers[0]["content-type"] == "application/json"
    assert "authorization" not in server.headers[0]


def test_a_list_asked_for_by_post_is_followed_to_its_end_over_empty_pages(
    session: requests.Session,
) -> None:
    pages: list[dict[str, Any]] = [
        {"entries": [1, 2], "nextPageToken": "b"},
        {"nextPageToken": "c"},
        {"entries": [3]},
    ]

    with serve(lambda _path, _query: as_json(pages.pop(0))) as server:
        found = rest(server).posted_pages(session, "entries:list", "entries", ASKED, {"filter": ""})
    assert found == [1, 2, 3]
    sent = [json.loads(body) for body in server.bodies]
    assert [each.get("pageToken") for each in sent] == [None, "b", "c"]
    assert all(each["pageSize"] == 2 and each["filter"] == "" for each in sent)


def test_a_post_that_reads_is_asked_again_where_the_refusal_passes(
    session: requests.Session,
) -> None:
    replies = [as_json({}, 503), as_json({}, 429), as_json({"entries": []})]
    with serve(lambda _path, _query: replies.pop(0)) as server:
        found = rest(server).post(session, "entries:list", ASKED, {"filter": "x"})
    assert found == {"entries": []}
    assert server.bodies == [b'{"filter": "x"}'] * 3


DENIED = refusal(
    403, "PERMISSION_DENIED", "Permission denied for all log views", "IAM_PERMISSION_DENIED",
    permission="logging.logEntries.list",
)  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "cause", "detail", "fix"),
    [
        pytest.param(
            DENIED, Code.UNAUTHORIZED,
            "lacks the permission logging.logEntries.list on projects/acme (or it is not there)",
            "gcloud projects add-iam-policy-binding acme --member=user:EMAIL "
            "--role=roles/logging.viewer", id="403 permission",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "The caller does not have permission"),
            Code.UNAUTHORIZED, "may not read Cloud Logging in project acme",
            "gcloud projects add-iam-policy-binding acme --member=user:EMAIL "
            "--role=roles/logging.viewer", id="403 without a permission",
        ),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "not used before", "SERVICE_DISABLED"),
            Code.UNAUTHORIZED, "SERVICE_DISABLED in project acme",
            "gcloud services enable logging.googleapis.com --project=acme", id="API disabled",
        ),
        pytest.param(
            refusal(404, "NOT_FOUND", "Requested entity was not found."), Code.UNREACHABLE,
            "Cloud Logging knows no project acme: Requested",
            "gcloud projects describe acme", id="404",
        ),
        pytest.param(
            refusal(400, "INVALID_ARGUMENT", "Unparseable filter in region x: invalid location"),
            Code.UNREACHABLE, "Cloud Logging answered 400 INVALID_ARGUMENT",
            "gcloud logging logs list --project=acme", id="400 of an API without regions",
        ),
        pytest.param(
            Reply(b"<html>"), Code.NOT_JSON, "Cloud Logging answered with an HTML page",
            "curl -sS -i http://127.0.0.1", id="HTML",
        ),
    ],
)  # fmt: skip
def test_a_refusal_speaks_of_the_api_that_was_asked(
    session: requests.Session, reply: Reply, cause: Code, detail: str, fix: str
) -> None:
    found = refused(lambda _path, _query: reply, session)
    assert found.cause is cause
    assert detail in found.detail
    assert found.fix.startswith(fix)


def test_a_used_up_quota_is_that_of_the_api(session: requests.Session) -> None:
    reply = as_json({"error": {"message": "Quota exceeded"}}, 429, Retry_After="60")
    found = refused(lambda _path, _query: reply, session)
    assert "api/logging.googleapis.com/quotas?project=acme" in found.fix


def test_a_change_is_sent_once_with_its_query_whatever_the_answer(
    session: requests.Session,
) -> None:
    with serve(lambda _path, _query: as_json({"error": {"message": "busy"}}, 503)) as server:
        found = rest(server).change(session, "x:run", ASKED, {"a": 1}, requestId="7")
    assert isinstance(found, Refusal)
    assert (found.status, found.trouble) == (503, Trouble.PASSING)
    assert (server.requests, server.bodies) == (["/v2/x:run?requestId=7"], [b'{"a": 1}'])


def test_what_did_not_come_to_an_answer_has_no_status_and_passes(
    session: requests.Session,
) -> None:
    with serve(lambda _path, _query: as_json({})) as server:
        closed = rest(server)
    found = closed.change(session, "x:run", ASKED, {})
    assert isinstance(found, Refusal)
    assert (found.status, found.trouble) == (0, Trouble.PASSING)


def test_compute_engines_older_shape_is_understood(session: requests.Session) -> None:
    message = "Required 'compute.urlMaps.get' permission for 'projects/acme/global/urlMaps/web'"
    errors: list[dict[str, str]] = [{"reason": "forbidden", "message": message}]
    denied = as_json({"error": {"code": 403, "message": message, "errors": errors}}, 403)
    found = refused(lambda _path, _query: denied, session)
    assert "lacks the permission compute.urlMaps.get" in found.detail
    often = {"code": 403, "message": "Slow down", "errors": [{"reason": "rateLimitExceeded"}]}
    found = refused(lambda _path, _query: as_json({"error": often}, 403), session)
    assert (found.status, found.trouble) == (429, Trouble.PASSING)


def test_whoever_may_not_act_as_the_services_account_is_told_which(
    session: requests.Session,
) -> None:
    told = "Permission 'iam.serviceaccounts.actAs' denied on service account api@acme.example."
    found = refused(lambda _path, _query: refusal(403, "PERMISSION_DENIED", told), session)
    assert found.fix == (
        "gcloud iam service-accounts add-iam-policy-binding api@acme.example "
        "--member=user:EMAIL --role=roles/iam.serviceAccountUser"
    )
