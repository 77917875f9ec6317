"""The Cloud Logging adapter against a real local server: its questions and its refusals."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from skewcheck.adapters.cloud_logging import CloudLogging
from skewcheck.core.findings import Code
from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.reading import Unreadable
from tests.google_server import Answering, Reply, Server, as_json, refusal, serve

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TRACE = "projects/acme/traces/0af7651916cd43dd8448eb211c80319c"
SERVICE = {
    "type": "cloud_run_revision",
    "labels": {"service_name": "acme-api", "revision_name": "acme-api-00002"},
}
BALANCER = {"type": "http_load_balancer"}
REQUEST = {
    "resource": SERVICE, "timestamp": "2026-03-02T12:00:01Z", "trace": TRACE,
    "httpRequest": {"requestMethod": "GET", "requestUrl": "https://a.example/ws?ticket=s3cret",
                    "status": 101, "userAgent": "x (probe p-1)", "latency": "1.5s"},
}  # fmt: skip
BALANCED = REQUEST | {
    "resource": BALANCER,
    "timestamp": "2026-03-02T12:00:00Z",
    "jsonPayload": {"statusDetails": "websocket_closed"},
}
PRINTED = {
    "resource": SERVICE, "timestamp": "2026-03-02T12:00:02Z", "trace": TRACE,
    "jsonPayload": {"message": "websocket: welcomed"},
}  # fmt: skip
QUERY = LogQuery(
    probe_ids=("p-1",),
    since=NOW,
    services=(("acme", "us-central1", "acme-api"),),
    projects=("acme", "acme-edge"),
)


@dataclass(frozen=True)
class Clock:
    """Time stands still and nobody waits."""

    def now(self) -> datetime:
        return NOW

    def wait(self, seconds: float) -> None:
        """None is taken."""


def google(*replies: Reply) -> Answering:
    """One reply for each question, and then nothing more."""
    left = list(replies)
    return lambda _path, _query: left.pop(0) if left else as_json({})


def entries(*found: Any, **more: str) -> Reply:
    return as_json({"entries": list(found)} | more)


def look(
    answering: Answering, query: LogQuery = QUERY
) -> tuple[tuple[LogLine, ...] | Unreadable, Server]:
    with serve(answering) as server:
        return CloudLogging(clock=Clock(), endpoint=server.url).lines(query), server


def asked(server: Server) -> list[dict[str, Any]]:
    assert set(server.requests) <= {"/v2/entries:list"}
    return [json.loads(body) for body in server.bodies]


def test_request_logs_are_asked_for_first_and_then_what_the_programs_printed() -> None:
    found, server = look(google(entries(REQUEST, BALANCED), entries(PRINTED)))
    assert isinstance(found, tuple)
    assert [(line.by, line.text, line.probe_id) for line in found] == [
        ("load balancer", "GET /ws 101 in 1.50 s: websocket_closed", "p-1"),
        ("acme-api/acme-api-00002", "GET /ws 101 in 1.50 s", "p-1"),
        ("acme-api/acme-api-00002", "websocket: welcomed", "p-1"),
    ]
    first, second = asked(server)
    for each in (first, second):
        assert each["resourceNames"] == ["projects/acme", "projects/acme-edge"]
        assert (each["orderBy"], each["pageSize"]) == ("timestamp asc", 200)
    assert 'httpRequest.userAgent:"p-1"' in first["filter"]
    assert f'trace=("{TRACE}")' in second["filter"]


def test_where_no_request_was_logged_nothing_more_is_asked() -> None:
    found, server = look(google(as_json({})))
    assert (found, len(asked(server))) == ((), 1)


@pytest.mark.parametrize(
    "query",
    [LogQuery(probe_ids=(), since=NOW, projects=("acme",)), LogQuery(probe_ids=("p",), since=NOW)],
    ids=["no probe", "no place"],
)
def test_where_nothing_could_be_found_nothing_is_asked_at_all(query: LogQuery) -> None:
    found, server = look(google(), query)
    assert (found, server.requests) == ((), [])


def test_all_pages_and_all_batches_are_read() -> None:
    ids = tuple(f"p-{number}" for number in range(150))
    agent = REQUEST["httpRequest"] | {"userAgent": "x (probe p-149)"}  # type: ignore[operator]
    late = REQUEST | {"httpRequest": agent}
    query = LogQuery(probe_ids=ids, since=NOW, projects=("acme",))
    replies = (entries(REQUEST, nextPageToken="more"), entries(), entries(late))
    found, server = look(google(*replies), query)
    assert isinstance(found, tuple)
    assert [line.probe_id for line in found] == ["p-1", "p-149"]
    assert [each.get("pageToken") for each in asked(server)] == [None, "more", None, None]


GRANT = (
    "gcloud projects add-iam-policy-binding acme --member=user:EMAIL --role=roles/logging.viewer"
)
DENIED = refusal(
    403, "PERMISSION_DENIED", "Permission denied for all log views", "IAM_PERMISSION_DENIED",
    permission="logging.logEntries.list",
)  # fmt: skip


@pytest.mark.parametrize("before", [0, 1], ids=["requests", "printed"])
@pytest.mark.parametrize(
    ("reply", "cause", "detail", "fix"),
    [
        pytest.param(DENIED, Code.UNAUTHORIZED, "lacks the permission logging.logEntries.list",
                     GRANT, id="403"),
        pytest.param(refusal(401, "UNAUTHENTICATED", "no"), Code.UNAUTHORIZED,
                     "does not accept the credentials",
                     "gcloud auth application-default login", id="401"),
        pytest.param(as_json({"error": {"message": "Quota exceeded"}}, 429, Retry_After="60"),
                     Code.UNREACHABLE, "the API quota is used up", "wait a minute", id="429"),
        pytest.param(Reply(b"<html>"), Code.NOT_JSON, "Cloud Logging answered with an HTML page",
                     "curl", id="HTML"),
        pytest.param(entries({"timestamp": 1, "httpRequest": {"userAgent": "p-1"}}), Code.NOT_JSON,
                     "Cloud Logging answered with a log entry in which timestamp is not",
                     "curl", id="no entry"),
    ],
)  # fmt: skip
def test_a_refusal_of_either_question_is_told_with_its_cure(
    before: int, reply: Reply, cause: Code, detail: str, fix: str
) -> None:
    found, _ = look(google(*[entries(REQUEST)] * before, reply))
    assert isinstance(found, Unreadable)
    assert (found.cause, found.read_at) == (cause, NOW)
    assert found.url.endswith("/v2/entries:list")
    assert detail in found.detail
    assert found.fix.startswith(fix)


def test_a_local_stand_in_is_sent_no_credentials() -> None:
    _, server = look(google(entries(REQUEST), entries(PRINTED)))
    assert all("authorization" not in sent for sent in server.headers)
