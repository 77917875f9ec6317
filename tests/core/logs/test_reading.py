"""Log entries become lines about probes: short, masked, in order; nonsense is told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.logs.query import LogLine
from skewcheck.core.logs.reading import (
    LONGEST,
    Nonsense,
    Requests,
    in_order,
    probe_in,
    read_printed,
    read_requests,
)

AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
STAMP = "2026-03-02T12:00:00.123456789Z"
TRACE = "projects/acme/traces/0af7651916cd43dd8448eb211c80319c"
JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln"
SERVICE = {
    "type": "cloud_run_revision",
    "labels": {"service_name": "acme-api", "revision_name": "acme-api-00002"},
}
BALANCER = {"type": "http_load_balancer", "labels": {"url_map_name": "acme-web"}}


def http(**more: Any) -> dict[str, Any]:
    usual = {
        "requestMethod": "GET",
        "requestUrl": "https://api.acme.example/ws?ticket=s3cret",
        "status": 101,
        "latency": "0.123456s",
        "userAgent": "Mozilla/5.0 skewcheck/1 (probe p-1)",
    }
    return usual | more


def request(**more: Any) -> dict[str, Any]:
    usual = {
        "resource": SERVICE, "timestamp": STAMP, "severity": "INFO", "trace": TRACE,
        "httpRequest": http(),
    }  # fmt: skip
    return usual | more


def printed(**more: Any) -> dict[str, Any]:
    return {"resource": SERVICE, "timestamp": STAMP, "trace": TRACE} | more


def requests_of(*entries: Any, ids: tuple[str, ...] = ("p-1",)) -> Requests:
    found = read_requests(entries, ids)
    assert isinstance(found, Requests)
    return found


def line_of(entry: dict[str, Any]) -> LogLine:
    (line,) = requests_of(entry).lines
    return line


def said(**more: Any) -> str:
    found = read_printed([printed(**more)], {})
    assert isinstance(found, tuple)
    return found[0].text


def test_a_request_of_a_service_says_what_and_how_long() -> None:
    assert line_of(request()) == LogLine(
        at=AT,
        by="acme-api/acme-api-00002",
        severity="INFO",
        text="GET /ws 101 in 0.12 s",
        probe_id="p-1",
    )


@pytest.mark.parametrize(
    ("more", "text"),
    [
        pytest.param({}, "GET /ws 101 in 0.12 s: websocket_closed", id="as it was"),
        pytest.param(
            {"httpRequest": http(status=200, cacheHit=True)},
            "GET /ws 200 in 0.12 s from the cache: websocket_closed", id="from the cache",
        ),
        pytest.param(
            {"httpRequest": http(latency="soon", status=None)},
            "GET /ws without a status: websocket_closed", id="neither time nor status",
        ),
        pytest.param({"jsonPayload": None}, "GET /ws 101 in 0.12 s", id="no details"),
        pytest.param(
            {"httpRequest": http(requestUrl="https://api.acme.example")},
            "GET / 101 in 0.12 s: websocket_closed", id="the root",
        ),
        pytest.param(
            {"httpRequest": http(requestUrl="https://[api/ws?ticket=s3cret")},
            "GET https://[api/ws 101 in 0.12 s: websocket_closed", id="no URL",
        ),
        pytest.param(
            {"httpRequest": http(requestUrl=f"https://a.example/{JWT}")},
            "GET /[jwt] 101 in 0.12 s: websocket_closed", id="a token in the path",
        ),
    ],
)  # fmt: skip
def test_a_load_balancer_adds_how_it_saw_the_end(more: dict[str, Any], text: str) -> None:
    details = {"statusDetails": "websocket_closed"}
    line = line_of(request(**{"resource": BALANCER, "jsonPayload": details} | more))
    assert (line.by, line.text) == ("load balancer", text)


@pytest.mark.parametrize(
    ("resource", "by"),
    [
        pytest.param({"type": "cloud_run_job"}, "cloud_run_job", id="another kind"),
        pytest.param({"labels": {"service_name": "api"}}, "api", id="no revision"),
        pytest.param(None, "unknown", id="nothing"),
    ],
)
def test_whoever_logged_is_named_as_well_as_is_known(resource: Any, by: str) -> None:
    assert line_of(request(resource=resource)).by == by


def test_an_entry_without_a_severity_has_the_default_one() -> None:
    assert line_of(request(severity=None)).severity == "DEFAULT"


@pytest.mark.parametrize(
    ("agent", "probe"),
    [
        ("x (probe p-1)", "p-1"),
        ("p-1", "p-1"),
        ("x (probe p-10)", ""),
        ("x (probe up-1)", ""),
        ("x (probe p-1-2)", "p-1-2"),
        ("", ""),
    ],
)
def test_an_id_counts_only_as_a_whole_word(agent: str, probe: str) -> None:
    assert probe_in(agent, ("p-1", "p-1-2", "a.b")) == probe


def test_an_id_is_no_pattern() -> None:
    assert probe_in("axb", ("a.b",)) == ""


def test_requests_of_others_are_left_out_and_traces_lead_to_their_probe() -> None:
    other = request(httpRequest=http(userAgent="curl/8"), trace="projects/acme/traces/f")
    bare = request(trace=None)
    found = requests_of(request(), other, bare)
    assert len(found.lines) == 2
    assert found.traces == {TRACE: "p-1"}


@pytest.mark.parametrize(
    ("more", "text"),
    [
        pytest.param({"textPayload": "closing 1000\nmain cleanup"}, "closing 1000 main cleanup",
                     id="text"),
        pytest.param(
            {"jsonPayload": {"message": "welcomed", "event": "ws", "code": 1000, "took": 0.5,
                             "clean": True, "dirty": False, "user": None, "more": {"a": 1}}},
            "welcomed event=ws code=1000 took=0.5 clean=true dirty=false", id="small fields",
        ),
        pytest.param(
            {"jsonPayload": {"message": {"no": "text"}, "long": "x" * 41, "short": "x" * 40,
                             "severity": "INFO", "logging.googleapis.com/spanId": "1"}},
            f"short={'x' * 40}", id="neither long nor said elsewhere",
        ),
        pytest.param(
            {"jsonPayload": {f"f{n}": n for n in range(1, 9)}}, "f1=1 f2=2 f3=3 f4=4 f5=5 f6=6",
            id="not too many",
        ),
        pytest.param(
            {"jsonPayload": {"ws_ticket": "s3cret", "api_key": "s3cret"}},
            "ws_ticket=[secret] api_key=[secret]", id="secrets by name",
        ),
        pytest.param({"textPayload": f"token {JWT} of /ws?ticket=s3cret"}, "token [jwt] of /ws",
                     id="secrets by their looks"),
        pytest.param({"textPayload": "\x1b[31mred"}, "\\x1b[31mred", id="escape codes"),
        pytest.param({}, "", id="nothing"),
    ],
)  # fmt: skip
def test_a_programs_line_is_its_message_and_its_small_fields(
    more: dict[str, Any], text: str
) -> None:
    assert said(**more) == text


@given(st.text(max_size=3 * LONGEST))
def test_whatever_a_program_prints_is_one_short_printable_line(text: str) -> None:
    shown = said(textPayload=text)
    assert len(shown) <= LONGEST
    assert shown.isprintable()


def test_a_programs_line_belongs_to_the_probe_of_its_trace() -> None:
    entries = [printed(textPayload="a"), printed(textPayload="b", trace="projects/acme/traces/f")]
    found = read_printed(entries, {TRACE: "p-1"})
    assert isinstance(found, tuple)
    assert [line.probe_id for line in found] == ["p-1", ""]


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        pytest.param("text", "a log entry is not an object", id="no object"),
        pytest.param(request(timestamp=None), "timestamp is not an RFC 3339 time", id="no time"),
        pytest.param(request(timestamp="2026-03-02T12:00:00"), "timestamp", id="no zone"),
        pytest.param(request(httpRequest=[]), "httpRequest is not an object", id="no request"),
        pytest.param(request(httpRequest=http(status="a")), "status", id="no number"),
        pytest.param(request(resource={"labels": 1}), "labels is not an object", id="no labels"),
        pytest.param(request(trace=7), "trace is not text", id="no trace"),
    ],
)
def test_an_entry_that_breaks_its_schema_spoils_the_answer(entry: Any, what: str) -> None:
    found = read_requests([request(), entry], ("p-1",))
    assert isinstance(found, Nonsense)
    assert what in found.what


def test_a_printed_entry_that_breaks_its_schema_spoils_the_answer_too() -> None:
    found = read_printed([printed(textPayload=1)], {})
    assert found == Nonsense("a log entry in which textPayload is not text")


def test_lines_come_by_time_and_those_of_one_moment_as_given() -> None:
    def line(second: int, text: str) -> LogLine:
        return LogLine(at=AT.replace(second=second), by="", severity="", text=text)

    found = in_order([line(2, "c"), line(1, "a")], [line(1, "b")])
    assert [each.text for each in found] == ["a", "b", "c"]
