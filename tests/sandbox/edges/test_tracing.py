"""Every request has a trace: its own, or a new one."""

import re

import pytest

from skewcheck.sandbox.edges.tracing import trace_of, traced
from skewcheck.sandbox.edges.wire import Head

TRACE = "0af7651916cd43dd8448eb211c80319c"
GIVEN = f"00-{TRACE}-b7ad6b7169203331-01"


def request(*fields: tuple[str, str]) -> Head:
    return Head("GET /ws HTTP/1.1", fields)


def test_a_trace_that_came_along_is_kept() -> None:
    head = request(("Traceparent", GIVEN))
    assert traced(head) is head
    assert trace_of(head) == TRACE


@pytest.mark.parametrize("fields", [(), (("traceparent", "nonsense"),)], ids=["none", "nonsense"])
def test_a_request_without_one_gets_one_of_its_own(fields: tuple[tuple[str, str], ...]) -> None:
    one, other = traced(request(*fields)), traced(request(*fields))
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", one.get("traceparent"))
    assert trace_of(one) != trace_of(other)
    assert trace_of(request(*fields)) == ""
