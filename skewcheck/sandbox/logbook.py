"""The log of the sandbox: request lines from the router and what the programs print."""

import json
import threading
from collections import deque
from itertools import count

from skewcheck.sandbox.clock import Now, stamp
from skewcheck.sandbox.documents import Json, last, project, region
from skewcheck.sandbox.edges.router import Served

_KEPT = 10_000


class Logbook:
    """The newest entries, oldest first, as Cloud Logging prints them."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._numbers = count(1)
        self._entries: deque[Json] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def entries(self) -> list[Json]:
        """Everything that is kept."""
        with self._lock:
            return list(self._entries)

    def served(self, request: Served) -> None:
        """A request ended."""
        http = {
            "requestMethod": request.method,
            "requestUrl": request.url,
            "status": request.status,
            "latency": f"{request.latency_s:.6f}s",
            "userAgent": request.user_agent,
            "protocol": "HTTP/1.1",
        }
        name = f"{request.service}/revisions/{request.revision}"
        severity = (
            "ERROR" if request.status >= 500 else "WARNING" if request.status >= 400 else "INFO"
        )
        body: Json = {"severity": severity, "httpRequest": http}
        self._add(name, "requests", body | _trace(name, request.trace))

    def printed(self, revision: str, line: str) -> None:
        """A program wrote a line to its standard output."""
        try:
            payload = json.loads(line)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            self._add(revision, "stdout", {"severity": "DEFAULT", "textPayload": line})
            return
        severity = payload.pop("severity", "DEFAULT")
        trace = _trace(revision, payload.pop("logging.googleapis.com/trace", ""))
        text = {"textPayload": payload["message"]} if payload.keys() == {"message"} else None
        self._add(
            revision,
            "stdout",
            {"severity": severity, **(text or {"jsonPayload": payload}), **trace},
        )

    def _add(self, revision: str, log: str, body: Json) -> None:
        at = stamp(self._now())
        service = revision.split("/revisions/")[0]
        labels = {
            "project_id": project(revision),
            "location": region(revision),
            "service_name": last(service),
            "revision_name": last(revision),
            "configuration_name": last(service),
        }
        entry = {
            "insertId": f"{next(self._numbers):012d}",
            "logName": f"projects/{project(revision)}/logs/run.googleapis.com%2F{log}",
            "resource": {"type": "cloud_run_revision", "labels": labels},
            "timestamp": at,
            "receiveTimestamp": at,
            **body,
        }
        with self._lock:
            self._entries.append(entry)


def _trace(name: str, trace: str) -> Json:
    return {"trace": f"projects/{project(name)}/traces/{trace}"} if trace else {}
