"""Traces of requests, as the W3C's Trace Context writes them into `traceparent`."""

import re
import secrets

from skewcheck.sandbox.edges.wire import Head

_FIELD = "traceparent"
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def traced(head: Head) -> Head:
    """The request with a trace: its own, or a new one where it has none that can be read."""
    if trace_of(head):
        return head
    return head.having(_FIELD, f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01")


def trace_of(head: Head) -> str:
    """The trace's id; empty where there is none."""
    found = _TRACEPARENT.fullmatch(head.get(_FIELD))
    return found[1] if found else ""
