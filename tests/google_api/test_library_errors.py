"""Google's own client library refuses in the same words as the REST calls."""

from datetime import UTC, datetime
from typing import Any

import google.auth.exceptions
import pytest
import requests
from google.api_core import exceptions as untyped
from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]

from skewcheck.core.findings import Code
from skewcheck.google_api.api import Api
from skewcheck.google_api.library_errors import explain_library, library_errors
from skewcheck.google_api.refusal import Asked, Refusal, Trouble

exceptions: Any = untyped
auth: Any = google.auth.exceptions
NOW = datetime(2026, 3, 2, tzinfo=UTC)
API = Api(
    name="Cloud Run",
    host="run.googleapis.com",
    version="v2",
    role="roles/run.developer",
    look="gcloud run services list --project={project} --region={region}",
    deed="change",
)
ASKED = Asked(api=API, project="acme", region="us-central1", service="web", member="user:a@b.c")


def explained(error: Exception) -> Refusal:
    assert isinstance(error, library_errors())
    return explain_library(error, ASKED, API.base, now=NOW)


def answered(status: int, body: bytes) -> Refusal:
    response = requests.Response()
    response.status_code, response._content = status, body
    response.request = requests.Request(
        "GET", "https://run.googleapis.com/v2/x?key=s3cr3t"
    ).prepare()
    return explained(exceptions.from_http_response(response))


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (400, Trouble.FINAL),
        (401, Trouble.FINAL),
        (403, Trouble.FINAL),
        (404, Trouble.FINAL),
        (409, Trouble.CONFLICT),
        (412, Trouble.CONFLICT),
        (429, Trouble.PASSING),
        (500, Trouble.INTERNAL),
        (502, Trouble.PASSING),
        (503, Trouble.PASSING),
        (504, Trouble.PASSING),
    ],
)
def test_the_status_says_whether_asking_again_may_help(status: int, trouble: Trouble) -> None:
    body = b'{"error": {"code": %d, "status": "X", "message": "no"}}' % status
    found = answered(status, body)
    assert (found.status, found.trouble) == (status, trouble)
    assert "s3cr3t" not in f"{found.detail} {found.fix}"


def test_a_refusal_names_who_may_not_change_what() -> None:
    found = answered(403, b'{"error": {"code": 403, "message": "no", "status": "X"}}')
    assert found.detail == "user:a@b.c may not change Cloud Run in project acme: no"
    assert found.fix.endswith("--member=user:a@b.c --role=roles/run.developer")


def test_a_gateways_page_passes_too() -> None:
    assert answered(502, b"<html>").trouble is Trouble.PASSING


def test_an_error_without_an_answer_is_told_by_its_code() -> None:
    found = explained(exceptions.ServiceUnavailable("gone fishing"))
    assert (found.status, found.detail) == (503, "Cloud Run answered 503: gone fishing")


@pytest.mark.parametrize(
    ("error", "trouble", "cause"),
    [
        (requests.ConnectionError("x"), Trouble.PASSING, Code.UNREACHABLE),
        (TimeoutError(), Trouble.PASSING, Code.UNREACHABLE),
        (auth.RefreshError("x", {}), Trouble.FINAL, Code.UNAUTHORIZED),
        (auth.TransportError("x"), Trouble.PASSING, Code.UNREACHABLE),
        (ParseError("x"), Trouble.FINAL, Code.NOT_JSON),
    ],
)
def test_what_happens_on_the_way_is_told_apart(
    error: Exception, trouble: Trouble, cause: Code
) -> None:
    found = explained(error)
    assert (found.trouble, found.cause) == (trouble, cause)
