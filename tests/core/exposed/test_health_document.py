"""What services say of their dependencies, and that nothing unsaid is taken for health."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.answer import Answer, FailureKind, NoAnswer
from skewcheck.core.exposed.health_document import Dependency, Health, read_health
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://api.example/__heartbeat__"
DOCKERFLOW = {
    "status": "error",
    "checks": {"check_supervisor": "ok", "check_db": "error", "check_redis": "warning"},
    "details": {
        "check_db": {"status": "error", "level": 40, "messages": {"db.0001": "no connection"}},
        "check_redis": {"status": "warning", "level": 30, "messages": {"redis.0002": "slow"}},
    },
}
SPRING = {
    "status": "DOWN",
    "components": {
        "db": {"status": "UP", "details": {"database": "PostgreSQL"}},
        "redis": {"status": "DOWN", "details": {"error": "connection refused"}},
        "mail": {"status": "OUT_OF_SERVICE"},
        "search": {"status": "UNKNOWN"},
    },
}
HEALTH_JSON = {
    "status": "warn",
    "checks": {
        "supervisor": [{"componentType": "component", "status": "pass"}],
        "threads": [
            {"status": "pass", "observedValue": 3},
            {"status": "fail", "output": "pool exhausted"},
        ],
        "memory": [{"status": "warn", "observedValue": 85}],
        "queue": [],
    },
}


def answer(body: bytes | str, *, status: int = 200, content_type: str = "") -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type}
    return Answer(url=URL, status=status, headers=headers, body=raw, read_at=NOON)


def health(value: Any, *requires: str, status: int = 200) -> Health:
    reading = read_health(answer(json.dumps(value), status=status), requires)
    assert isinstance(reading, Health), reading
    return reading


def one(value: Any, name: str) -> tuple[str, str]:
    (state,) = health(value, name).states
    assert state.name == name
    return state.state, state.said


def unread(read: Answer | NoAnswer, cause: Code) -> Unreadable:
    reading = read_health(read, ["db"])
    assert isinstance(reading, Unreadable), reading
    assert reading.cause is cause
    assert "version_path" not in reading.fix
    return reading


@pytest.mark.parametrize(
    ("document", "name", "expected"),
    [
        pytest.param(DOCKERFLOW, "check_supervisor", ("available", "ok"), id="dockerflow ok"),
        pytest.param(DOCKERFLOW, "check_db", ("unavailable", "error"), id="dockerflow error"),
        pytest.param(DOCKERFLOW, "check_redis", ("available", "warning"), id="dockerflow warns"),
        pytest.param(SPRING, "db", ("available", "UP"), id="spring up"),
        pytest.param(SPRING, "redis", ("unavailable", "DOWN"), id="spring down"),
        pytest.param(SPRING, "mail", ("unavailable", "OUT_OF_SERVICE"), id="spring out of service"),
        pytest.param(SPRING, "search", ("unsaid", "UNKNOWN"), id="spring cannot tell"),
        pytest.param(HEALTH_JSON, "supervisor", ("available", "pass"), id="health+json pass"),
        pytest.param(HEALTH_JSON, "threads", ("unavailable", "fail"), id="one of two fails"),
        pytest.param(HEALTH_JSON, "memory", ("available", "warn"), id="health+json warns"),
        pytest.param(HEALTH_JSON, "queue", ("unsaid", ""), id="no measurement"),
        pytest.param({"dependencies": {"db": True}}, "db", ("available", "true"), id="true"),
        pytest.param({"dependencies": {"db": False}}, "db", ("unavailable", "false"), id="false"),
        pytest.param({"dependencies": {"db": " Ok "}}, "db", ("available", "Ok"), id="plain word"),
        pytest.param({"db": "healthy"}, "db", ("available", "healthy"), id="top level"),
        pytest.param({"db": {"state": "ready"}}, "db", ("available", "ready"), id="state"),
        pytest.param({"db": {"healthy": True}}, "db", ("available", "true"), id="flag"),
        pytest.param({"db": {"ok": False}}, "db", ("unavailable", "false"), id="flag down"),
        pytest.param(
            {"db": {"status": "ok", "available": 7}}, "db", ("available", "ok"), id="a pool's size"
        ),
        pytest.param(
            {"checks": {"db": "degraded"}}, "db", ("unavailable", "degraded"), id="any other word"
        ),
    ],
)
def test_documents_in_use_tell_the_state_of_a_dependency(
    document: Any, name: str, expected: tuple[str, str]
) -> None:
    assert one(document, name) == expected


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param({"status": "ok"}, "", id="only the whole is well"),
        pytest.param({"checks": {"redis": "ok"}}, "", id="another dependency"),
        pytest.param({"checks": ["db"]}, "", id="a list of names"),
        pytest.param({"db": None}, "null", id="null"),
        pytest.param({"db": 1}, "a number", id="number"),
        pytest.param({"db": " "}, "", id="blank"),
        pytest.param({"db": "unknown"}, "unknown", id="says that it does not know"),
        pytest.param({"db": {"latency_ms": 3}}, "", id="no state among the keys"),
        pytest.param({"db": {"status": {"code": "UP"}}}, "an object", id="a state of another form"),
        pytest.param({"db": [["ok"]]}, "a list", id="a list of lists"),
        pytest.param({"db": [{"status": "pass"}, {"status": None}]}, "null", id="half said"),
        pytest.param({"details": {"db": "ok"}}, "", id="a text among the details"),
    ],
)
def test_what_is_not_plainly_said_is_unsaid(document: Any, said: str) -> None:
    assert one(document, "db") == ("unsaid", said)


def test_what_is_said_in_several_places_counts_as_its_worst() -> None:
    document = {"checks": {"db": "ok"}, "dependencies": {"db": "down"}, "db": True}
    assert one(document, "db") == ("unavailable", "down")
    assert one({"db": {"status": "ok", "healthy": False}}, "db") == ("unavailable", "false")


def test_stories_among_the_details_are_no_states() -> None:
    document = {"checks": {"db": "ok"}, "details": {"db": "connected in 3 ms"}}
    assert one(document, "db") == ("available", "ok")


def test_a_name_is_matched_exactly_and_only_else_without_its_case() -> None:
    document = {"checks": {"DB": "down", "db": "ok"}}
    assert one(document, "db") == ("available", "ok")
    assert one(document, "DB") == ("unavailable", "down")
    assert one(document, "Db") == ("unavailable", "down")


def test_states_come_in_the_order_in_which_they_are_required() -> None:
    reading = health(DOCKERFLOW, "check_db", "nothing", "check_supervisor", status=503)
    assert reading == Health(
        url=URL,
        status=503,
        states=(
            Dependency("check_db", "unavailable", "error"),
            Dependency("nothing", "unsaid"),
            Dependency("check_supervisor", "available", "ok"),
        ),
        read_at=NOON,
    )


@pytest.mark.parametrize("status", [200, 500, 503])
def test_a_document_is_read_also_from_an_answer_that_says_ill(status: int) -> None:
    assert health(SPRING, "db", status=status).status == status


@pytest.mark.parametrize("status", [502, 404, 204, 429])
def test_no_document_is_read_from_any_other_answer(status: int) -> None:
    reading = read_health(answer(json.dumps(SPRING), status=status), ["db"])
    assert isinstance(reading, Unreadable)


@pytest.mark.parametrize(
    ("read", "cause", "detail", "fix"),
    [
        pytest.param(
            answer("<!doctype html><title>app</title>"),
            Code.HTML_INSTEAD_OF_JSON,
            "HTML: <!doctype html><title>app</title>",
            "before the fallback to index.html",
            id="an SPA's fallback",
        ),
        pytest.param(
            answer("OK"),
            Code.NOT_JSON,
            "Expecting value at line 1 column 1: OK",
            "health.path",
            id="plain text",
        ),
        pytest.param(
            answer('["db"]'),
            Code.NOT_JSON,
            'a list, expected an object: ["db"]',
            "serve JSON there",
            id="JSON of another form",
        ),
        pytest.param(
            answer("<html>bad gateway</html>", status=503),
            Code.UNREACHABLE,
            "HTTP 503",
            "read the logs",
            id="a load balancer's 503",
        ),
        pytest.param(
            answer("", status=404),
            Code.EVIDENCE_MISSING,
            "HTTP 404",
            "or set the service's health.path",
            id="not there",
        ),
        pytest.param(
            answer("{}", status=401), Code.UNAUTHORIZED, "HTTP 401", "signing in", id="closed"
        ),
        pytest.param(
            NoAnswer(url=URL, kind=FailureKind.TOO_LARGE, detail="2 MiB", read_at=NOON),
            Code.UNREACHABLE,
            "body too large: 2 MiB",
            "point the service's health.path at a small document",
            id="no answer",
        ),
    ],
)
def test_what_cannot_be_read_has_a_cause_and_a_cure(
    read: Answer | NoAnswer, cause: Code, detail: str, fix: str
) -> None:
    reading = unread(read, cause)
    assert reading.detail == detail
    assert fix in reading.fix
    assert (reading.url, reading.read_at) == (URL, NOON)


def test_words_of_the_service_are_shown_and_not_obeyed() -> None:
    state, said = one({"db": "\x1b[2Jdown" + "!" * 500}, "db")
    assert state == "unavailable"
    assert said.isprintable()
    assert len(said) <= 120


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["ok", "UP", "down"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["db", "status"]), inner),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional={"checks": JSON, "details": JSON, "db": JSON}))
def test_only_what_the_document_says_makes_a_dependency_available(document: Any) -> None:
    state, said = one(document, "db")
    assert state != "available" or said.lower() in json.dumps(document).lower()
    assert one(document, "absent") == ("unsaid", "")


@given(st.binary(), st.sampled_from([200, 500, 503]))
def test_no_bytes_break_the_reader(body: bytes, status: int) -> None:
    read_health(answer(body, status=status), ["db"])
