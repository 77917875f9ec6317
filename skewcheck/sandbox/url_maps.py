"""URL maps: which edges belong together, and invalidations with the rules of Cloud CDN."""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from skewcheck.sandbox.balancing import (
    BackendSettings,
    backend_service,
    endpoint_group,
    global_place,
    label,
    service_url,
)
from skewcheck.sandbox.documents import Json, region
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.errors import invalid, not_found

_RULE_KEYS = {"host", "path", "cacheTags"}
_MOST_TAGS = 10


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    project: str
    url_map: str
    rule: Json
    done_at: float
    failure: str = ""


class UrlMaps:
    """Edges by URL map, and the global operations that invalidate them.

    An operation is done when it says so; when the edge has forgotten is the edge's own affair.
    """

    def __init__(self, *, takes: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.takes = takes
        self._monotonic = monotonic
        self._edges: list[Edge] = []
        self._backends: dict[str, BackendSettings] = {}
        self._asked: dict[str, _Asked] = {}
        self._by_request: dict[str, str] = {}
        self._numbers = count(1)
        self._closing = threading.Event()
        self._failures: list[str] = []

    def fail_next(self, reason: str) -> None:
        """The next invalidation is accepted and fails: no edge forgets anything."""
        self._failures.append(reason)

    def add(self, edge: Edge, *, cloud_run: str = "") -> None:
        """The edge answers for its URL map from now on; `cloud_run` is the service behind it."""
        self._edges.append(edge)
        self._backends[edge.host] = BackendSettings(cloud_run=cloud_run)

    def backend(self, host: str) -> BackendSettings:
        """What stands behind that host, to look at and to change."""
        return self._backends[host]

    def edges(self) -> list[Edge]:
        """All edges."""
        return list(self._edges)

    def get(self, name: str, project: str) -> Json:
        """The URL map, with a host rule per edge; what comes to no edge gets the first one."""
        edges = self._of(name)
        return {
            "kind": "compute#urlMap",
            "id": "1",
            "name": name,
            "selfLink": f"{global_place(project)}/urlMaps/{name}",
            "fingerprint": "c2FuZGJveA==",
            "hostRules": [
                {"hosts": [edge.host], "pathMatcher": label(edge.host)} for edge in edges
            ],
            "pathMatchers": [
                {"name": label(edge.host), "defaultService": service_url(project, edge.host)}
                for edge in edges
            ],
            "defaultService": service_url(project, edges[0].host),
        }

    def all(self, project: str) -> list[Json]:
        """Every URL map."""
        return [self.get(name, project) for name in sorted({e.url_map for e in self._edges})]

    def backend_services(self, project: str) -> list[Json]:
        """One for each host."""
        return [backend_service(project, host, each) for host, each in self._backends.items()]

    def endpoint_groups(self, project: str) -> dict[str, Json]:
        """The serverless ones, by the scope that an aggregated list has them under."""
        found: dict[str, Json] = {}
        for each in self._backends.values():
            if each.cloud_run:
                scope = f"regions/{region(each.cloud_run)}"
                groups = found.setdefault(scope, {"networkEndpointGroups": []})
                group = endpoint_group(project, each.cloud_run)
                if group not in groups["networkEndpointGroups"]:
                    groups["networkEndpointGroups"].append(group)
        return found

    def invalidate(self, name: str, project: str, rule: Json, request_id: str) -> Json:
        """Start an invalidation; the same request id gets the same operation."""
        edges = self._of(name)
        _check_rule(rule)
        request_id = _checked_id(request_id)
        if request_id in self._by_request:
            return self.operation(self._by_request[request_id])
        failure = self._failures.pop(0) if self._failures else ""
        for edge in () if failure else edges:
            if edge.answers_for(rule.get("host", "")):
                edge.invalidate(rule.get("path", "/*"), frozenset(rule.get("cacheTags", ())))
        operation = f"operation-{next(self._numbers):06d}"
        done_at = self._monotonic() + self.takes
        self._asked[operation] = _Asked(operation, project, name, rule, done_at, failure)
        if request_id:
            self._by_request[request_id] = operation
        return self.operation(operation)

    def operation(self, name: str) -> Json:
        """The operation as it is now."""
        asked = self._find(name)
        done = self._monotonic() >= asked.done_at
        base = global_place(asked.project)
        failed = {
            "error": {"errors": [{"code": "INTERNAL_ERROR", "message": asked.failure}]},
            "httpErrorStatusCode": 500,
            "httpErrorMessage": "INTERNAL SERVER ERROR",
        }
        return {
            "kind": "compute#operation",
            "id": str(int(name.rsplit("-", 1)[1])),
            "name": name,
            "operationType": "invalidateCache",
            "targetLink": f"{base}/urlMaps/{asked.url_map}",
            "selfLink": f"{base}/operations/{name}",
            "status": "DONE" if done else "RUNNING",
            "progress": 100 if done else 0,
            **(failed if done and asked.failure else {}),
        }

    def wait(self, name: str) -> Json:
        """The operation once it is done."""
        self._closing.wait(max(0.0, self._find(name).done_at - self._monotonic()))
        return self.operation(name)

    def operations(self) -> list[Json]:
        """Every operation, newest first."""
        return [self.operation(name) for name in reversed(list(self._asked))]

    def rules(self) -> list[Json]:
        """What was asked to be invalidated, oldest first."""
        return [asked.rule for asked in self._asked.values()]

    def close(self) -> None:
        """End waits and edges."""
        self._closing.set()
        for edge in self._edges:
            edge.close()

    def _of(self, name: str) -> list[Edge]:
        edges = [edge for edge in self._edges if edge.url_map == name]
        if not edges:
            raise not_found(f"The resource 'global/urlMaps/{name}' was not found")
        return edges

    def _find(self, name: str) -> _Asked:
        try:
            return self._asked[name]
        except KeyError:
            raise not_found(f"The resource 'global/operations/{name}' was not found") from None


def _check_rule(rule: Json) -> None:
    if unknown := sorted(rule.keys() - _RULE_KEYS):
        raise invalid(f'Invalid JSON payload received. Unknown name "{unknown[0]}".')
    path, tags = rule.get("path"), rule.get("cacheTags", [])
    if path is None and not tags:
        raise invalid("Invalid value for field 'resource.path': ''. A path is required.")
    if len(tags) > _MOST_TAGS:
        raise invalid(f"Invalid value for field 'resource.cacheTags': more than {_MOST_TAGS}.")
    if path is not None and not _right_path(path):
        raise invalid(
            f"Invalid value for field 'resource.path': '{path}'. The path must start with '/', "
            "must not contain '?' or '#', and may contain '*' only at the end after a '/'."
        )


def _right_path(path: str) -> bool:
    plain = path.removesuffix("/*") if path.endswith("/*") else path
    starts = path.startswith("/")
    return starts and not any(char in plain for char in "*?#")


def _checked_id(request_id: str) -> str:
    try:
        return str(uuid.UUID(request_id)) if request_id else ""
    except ValueError:
        raise invalid(f"Invalid value for field 'requestId': '{request_id}'.") from None
