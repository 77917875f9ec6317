"""A WebSocket through an edge of the sandbox, followed through three logs by the probe's id."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_logging import CloudLogging
from skewcheck.core.findings import Code
from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.reading import Unreadable
from skewcheck.sandbox.api.faults import denied
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.images import Image
from tests.sandbox.builders import ENCODED, OLD, contract

REPOSITORY = "us-docker.pkg.dev/acme/api/backend"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(operations_take=0.01) as sandbox:
        image = Image(program="backend", build=OLD, contract=contract())
        sandbox.images.add(REPOSITORY, OLD, image)
        sandbox.deploy("acme-api", f"{REPOSITORY}:{OLD}")
        yield sandbox


@pytest.fixture
def edge(sandbox: Sandbox) -> Edge:
    return sandbox.edge("api.acme.example", "acme-api")


def is_request(kind: str, probe: str, entry: dict[str, Any]) -> bool:
    agent = str(entry.get("httpRequest", {}).get("userAgent", ""))
    return entry["resource"]["type"] == kind and f"(probe {probe})" in agent


def says_welcomed(trace: str, entry: dict[str, Any]) -> bool:
    return entry.get("trace") == trace and "welcomed" in entry.get("textPayload", "")


def converse(sandbox: Sandbox, edge: Edge, probe: str) -> None:
    """Until load balancer and service have logged that it is over, and the program its welcome."""
    offers = [Subprotocol("jwt-auth"), Subprotocol(f"jwt.{ENCODED}")]
    url, agent = edge.url.replace("http:", "ws:"), f"skewcheck/1 (probe {probe})"
    with connect(f"{url}/ws?ticket=s3cret", subprotocols=offers, user_agent_header=agent) as socket:
        socket.recv(timeout=10)
    for kind in ("http_load_balancer", "cloud_run_revision"):
        assert sandbox.log.wait_for(partial(is_request, kind, probe), within_s=10)
    mine = partial(is_request, "cloud_run_revision", probe)
    trace = next(entry["trace"] for entry in sandbox.log.entries() if mine(entry))
    assert sandbox.log.wait_for(partial(says_welcomed, trace), within_s=10)


def look(sandbox: Sandbox, *probes: str) -> tuple[LogLine, ...] | Unreadable:
    query = LogQuery(
        probe_ids=probes,
        since=LONG_AGO,
        services=((sandbox.project, sandbox.region, "acme-api"),),
        projects=(sandbox.project,),
    )
    return CloudLogging(clock=SystemClock(), endpoint=sandbox.endpoint).lines(query)


def test_all_three_logs_tell_of_the_same_probe(sandbox: Sandbox, edge: Edge) -> None:
    converse(sandbox, edge, "p-other")
    converse(sandbox, edge, "p-1")
    found = look(sandbox, "p-1")
    assert isinstance(found, tuple)
    revision = f"acme-api/{next(iter(sandbox.serving('acme-api')))}"
    told = {(line.by, re.sub(r"in \S+ s", "in … s", line.text)) for line in found}
    assert told >= {
        ("load balancer", "GET /ws 101 in … s: websocket_closed"),
        (revision, "GET /ws 101 in … s"),
        (revision, "websocket: welcomed"),
    }
    assert {line.probe_id for line in found} == {"p-1"}
    assert [line.at for line in found] == sorted(line.at for line in found)
    assert "s3cret" not in f"{found}"


def test_what_was_never_sent_was_never_logged(sandbox: Sandbox) -> None:
    assert look(sandbox, "p-never") == ()


def test_a_permission_that_is_missing_is_named(sandbox: Sandbox) -> None:
    sandbox.faults.next(1, denied("logging.logEntries.list", "projects/acme-staging"))
    found = look(sandbox, "p-1")
    assert isinstance(found, Unreadable)
    assert found.cause is Code.UNAUTHORIZED
    assert "lacks the permission logging.logEntries.list on projects/acme-staging" in found.detail
    assert found.fix.endswith("--role=roles/logging.viewer")
