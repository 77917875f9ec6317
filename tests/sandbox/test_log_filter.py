"""The filter language of Cloud Logging, as far as the sandbox speaks it."""

import pytest

from skewcheck.sandbox.errors import ApiError
from skewcheck.sandbox.log_filter import compiled

ENTRY = {
    "logName": "projects/acme/logs/run.googleapis.com%2Frequests",
    "resource": {"type": "cloud_run_revision", "labels": {"service_name": "acme-api"}},
    "severity": "WARNING",
    "timestamp": "2026-01-02T03:04:05.000000Z",
    "textPayload": "closing 1000 main cleanup",
    "httpRequest": {"requestUrl": "http://127.0.0.1/ws?x=1", "status": 403},
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        'resource.type="cloud_run_revision" AND resource.labels.service_name="acme-api"',
        'resource.labels.service_name="acme-api"\nseverity>=WARNING',
        'textPayload:"main cleanup"',
        'httpRequest.requestUrl:"/ws" AND httpRequest.status>=400',
        'timestamp>="2026-01-02T03:04:00Z" AND timestamp<"2026-01-02T04:00:00+00:00"',
        'log_id("run.googleapis.com/requests") AND (severity=ERROR OR severity=WARNING)',
        'severity=("ERROR" OR "WARNING") -- either',
        'NOT textPayload:"welcomed"',
        'jsonPayload.event!="x"',
        'textPayload=~"closing 1\\\\d+"',
        '"main cleanup"',
    ],
)
def test_a_filter_that_fits_lets_the_entry_through(text: str) -> None:
    assert compiled(text)(ENTRY)


@pytest.mark.parametrize(
    "text",
    [
        'resource.labels.service_name="acme-web"',
        "severity>=ERROR",
        'timestamp>="2026-01-02T03:05:00Z"',
        'textPayload:"welcomed"',
        "httpRequest.status>=500",
        'jsonPayload.event:"x"',
        'log_id("run.googleapis.com/stdout")',
        "severity=WARNING AND (httpRequest.status=200 OR httpRequest.status=101)",
    ],
)
def test_a_filter_that_does_not_fit_keeps_it_back(text: str) -> None:
    assert not compiled(text)(ENTRY)


@pytest.mark.parametrize("text", ["severity=", "(severity=INFO", "a=b )", "log_id severity", "&"])
def test_a_filter_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="Unparseable filter"):
        compiled(text)


PROBED = (
    'timestamp>="2026-01-02T03:04:00Z"'
    ' AND (httpRequest.userAgent:"p-1" OR httpRequest.userAgent:"p-2")'
    ' AND ((resource.type="cloud_run_revision" AND log_id("run.googleapis.com/requests")'
    ' AND (resource.labels.service_name="acme-web" OR resource.labels.service_name="acme-api"))'
    ' OR resource.type="http_load_balancer")'
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({"httpRequest": {"userAgent": "x (probe p-2)"}}, True, id="ours"),
        pytest.param({"httpRequest": {"userAgent": "curl"}}, False, id="of somebody else"),
        pytest.param({"httpRequest": {"userAgent": "p-1"}, "timestamp": "2026-01-01T00:00:00Z"},
                     False, id="too old"),
        pytest.param({"httpRequest": {"userAgent": "p-1"},
                      "resource": {"type": "http_load_balancer"}}, True, id="load balancer"),
        pytest.param({"httpRequest": {"userAgent": "p-1"},
                      "resource": {"type": "cloud_run_revision",
                                   "labels": {"service_name": "other"}}}, False, id="other"),
    ],
)  # fmt: skip
def test_a_question_about_probes_is_understood(changes: dict[str, object], *, found: bool) -> None:
    assert compiled(PROBED)({**ENTRY, **changes}) is found


def test_a_list_of_traces_is_understood() -> None:
    asked = compiled('trace=("projects/a/traces/1" OR "projects/a/traces/2")')
    assert asked({**ENTRY, "trace": "projects/a/traces/2"})
    assert not asked({**ENTRY, "trace": "projects/a/traces/3"})
    assert not asked(ENTRY)
