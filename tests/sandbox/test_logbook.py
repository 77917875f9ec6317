"""The log's entries, as Cloud Logging would print them."""

import json
import threading
from datetime import UTC, datetime
from typing import Any

from skewcheck.sandbox.edges.outcome import CACHED, CLIENT_GONE, Balanced, Outcome
from skewcheck.sandbox.edges.router import Served
from skewcheck.sandbox.logbook import Logbook

NOW = datetime(2026, 3, 2, 12, 0, 10, tzinfo=UTC)
SERVICE = "projects/acme/locations/r/services/api"
TRACE = "0af7651916cd43dd8448eb211c80319c"


def logbook() -> Logbook:
    return Logbook(lambda: NOW)


def balanced(outcome: Outcome) -> dict[str, Any]:
    log = logbook()
    log.balanced(
        "acme",
        Balanced(
            url_map="acme-web",
            method="GET",
            url="http://app.acme.example/",
            user_agent="curl/8",
            trace=TRACE,
            latency_s=2.5,
            outcome=outcome,
        ),
    )
    (entry,) = log.entries()
    return entry


def test_a_request_stands_under_the_time_at_which_it_came() -> None:
    log = logbook()
    log.served(Served(SERVICE, "api-1", "GET", "http://x/ws", 101, 4.0, "curl/8", TRACE))
    (entry,) = log.entries()
    assert entry["timestamp"] == "2026-03-02T12:00:06.000000Z"
    assert entry["receiveTimestamp"] == "2026-03-02T12:00:10.000000Z"
    assert entry["logName"] == "projects/acme/logs/run.googleapis.com%2Frequests"
    assert entry["trace"] == f"projects/acme/traces/{TRACE}"


def test_a_load_balancer_names_its_parts_and_how_it_ended() -> None:
    entry = balanced(Outcome(404))
    assert entry["logName"] == "projects/acme/logs/requests"
    assert entry["resource"]["type"] == "http_load_balancer"
    assert entry["resource"]["labels"].items() >= {
        ("project_id", "acme"),
        ("url_map_name", "acme-web"),
        ("forwarding_rule_name", "acme-web-rule"),
    }
    assert entry["httpRequest"] == {
        "requestMethod": "GET",
        "requestUrl": "http://app.acme.example/",
        "status": 404,
        "userAgent": "curl/8",
        "remoteIp": "127.0.0.1",
        "latency": "2.500000s",
    }
    assert entry["jsonPayload"]["statusDetails"] == "response_sent_by_backend"
    assert entry["severity"] == "WARNING"
    assert entry["timestamp"] == "2026-03-02T12:00:07.500000Z"
    assert entry["trace"] == f"projects/acme/traces/{TRACE}"


def test_a_load_balancer_says_what_came_from_its_cache() -> None:
    entry = balanced(Outcome(200, CACHED))
    assert entry["httpRequest"]["cacheHit"] is True
    assert entry["jsonPayload"]["statusDetails"] == "response_from_cache"


def test_a_client_that_got_no_answer_has_no_status() -> None:
    assert "status" not in balanced(CLIENT_GONE)["httpRequest"]


def test_a_program_names_the_trace_of_its_request() -> None:
    log = logbook()
    line = {"message": "welcomed", "severity": "INFO", "logging.googleapis.com/trace": TRACE}
    log.printed(f"{SERVICE}/revisions/api-1", json.dumps(line))
    (entry,) = log.entries()
    assert (entry["textPayload"], entry["severity"]) == ("welcomed", "INFO")
    assert entry["trace"] == f"projects/acme/traces/{TRACE}"


def test_whoever_waits_for_an_entry_is_told_when_it_comes() -> None:
    log = logbook()
    revision = f"{SERVICE}/revisions/api-1"
    late = threading.Thread(target=lambda: log.printed(revision, "here"))
    late.start()
    assert log.wait_for(lambda entry: entry.get("textPayload") == "here", within_s=10)
    late.join()
    assert not log.wait_for(lambda entry: entry.get("textPayload") == "gone", within_s=0)
