"""The log of the sandbox: request lines of router and edges, and what the programs print.

Rule of this file: a request is logged when it ends, under the time at which it came.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from itertools import count

from skewcheck.sandbox.clock import Now, stamp
from skewcheck.sandbox.documents import Json, last, project, region
from skewcheck.sandbox.edges.outcome import Balanced
from skewcheck.sandbox.edges.router import Served

_KEPT = 10_000
_BALANCER_PAYLOAD = "type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry"


class Logbook:
    """The newest entries, in the order of their arrival, as Cloud Logging prints them."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._numbers = count(1)
        self._entries: deque[Json] = deque(maxlen=_KEPT)
        self._changed = threading.Condition()

    def entries(self) -> list[Json]:
        """Everything that is kept."""
        with self._changed:
            return list(self._entries)

    def wait_for(self, wanted: Callable[[Json], bool], *, within_s: float) -> bool:
        """True once such an entry is there; False if it does not come in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: any(wanted(entry) for entry in self._entries), within_s
            )

    def served(self, request: Served) -> None:
        """A request to Cloud Run ended."""
        http = {
            "requestMethod": request.method,
            "requestUrl": request.url,
            "status": request.status,
            "latency": f"{request.latency_s:.6f}s",
            "userAgent": request.user_agent,
            "protocol": "HTTP/1.1",
        }
        name = f"{request.service}/revisions/{request.revision}"
        body: Json = {"severity": _severity(request.status), "httpRequest": http}
        body |= _revision_log(name, "requests") | _trace(project(name), request.trace)
        self._add(body, ago_s=request.latency_s)

    def balanced(self, owner: str, request: Balanced) -> None:
        """A request through an edge of that project ended."""
        outcome = request.outcome
        http: Json = {
            "requestMethod": request.method,
            "requestUrl": request.url,
            "userAgent": request.user_agent,
            "remoteIp": "127.0.0.1",
            "latency": f"{request.latency_s:.6f}s",
            **({"status": outcome.status} if outcome.status else {}),
            **({"cacheHit": True} if outcome.cache_hit else {}),
        }
        body: Json = {
            "logName": f"projects/{owner}/logs/requests",
            "resource": {"type": "http_load_balancer", "labels": _labels(owner, request.url_map)},
            "severity": _severity(outcome.status),
            "httpRequest": http,
            "jsonPayload": {"@type": _BALANCER_PAYLOAD, "statusDetails": outcome.details},
        }
        self._add(body | _trace(owner, request.trace), ago_s=request.latency_s)

    def printed(self, revision: str, line: str) -> None:
        """A program wrote a line to its standard output."""
        log = _revision_log(revision, "stdout")
        try:
            payload = json.loads(line)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            self._add({"severity": "DEFAULT", "textPayload": line, **log})
            return
        severity = payload.pop("severity", "DEFAULT")
        trace = _trace(project(revision), payload.pop("logging.googleapis.com/trace", ""))
        text = {"textPayload": payload["message"]} if payload.keys() == {"message"} else None
        self._add({"severity": severity, **(text or {"jsonPayload": payload}), **trace, **log})

    def _add(self, body: Json, *, ago_s: float = 0.0) -> None:
        now = self._now()
        entry = {
            "insertId": f"{next(self._numbers):012d}",
            "timestamp": stamp(now - timedelta(seconds=ago_s)),
            "receiveTimestamp": stamp(now),
            **body,
        }
        with self._changed:
            self._entries.append(entry)
            self._changed.notify_all()


def _revision_log(revision: str, log: str) -> Json:
    service = revision.split("/revisions/")[0]
    labels = {
        "project_id": project(revision),
        "location": region(revision),
        "service_name": last(service),
        "revision_name": last(revision),
        "configuration_name": last(service),
    }
    return {
        "logName": f"projects/{project(revision)}/logs/run.googleapis.com%2F{log}",
        "resource": {"type": "cloud_run_revision", "labels": labels},
    }


def _labels(owner: str, url_map: str) -> Json:
    return {
        "project_id": owner,
        "url_map_name": url_map,
        "forwarding_rule_name": f"{url_map}-rule",
        "target_proxy_name": f"{url_map}-proxy",
        "backend_service_name": f"{url_map}-backend",
        "zone": "global",
    }


def _severity(status: int) -> str:
    return "ERROR" if status >= 500 else "WARNING" if status >= 400 else "INFO"


def _trace(owner: str, trace: str) -> Json:
    return {"trace": f"projects/{owner}/traces/{trace}"} if trace else {}
