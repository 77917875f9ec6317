"""Wrong answers of the control plane, on demand: for the next calls, or for all that match."""

import json
import re
import threading
from dataclasses import dataclass

from skewcheck.sandbox.errors import ApiError, permission_denied

_JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer instead of the right one; status 0 is no answer at all, for as long as we live."""

    status: int
    content: bytes = b""
    kind: str = _JSON


HANG = Fault(0)
HTML = Fault(200, b"<!doctype html><title>Sign in</title>\n", "text/html; charset=utf-8")


def error(code: int, status: str, message: str) -> Fault:
    """Any error of Google's shape."""
    return _fault(ApiError(code, status, message))


def unauthenticated() -> Fault:
    """401: no credentials, or expired ones."""
    return error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")


def denied(permission: str, resource: str) -> Fault:
    """403 that names the permission and the resource."""
    return _fault(permission_denied(permission, resource))


def too_many() -> Fault:
    """429: out of quota."""
    return error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests'.")


def internal() -> Fault:
    """500: their fault."""
    return error(500, "INTERNAL", "Internal error encountered.")


@dataclass(slots=True)
class _Rule:
    method: str
    path: re.Pattern[str]
    fault: Fault
    remaining: int | None


class Faults:
    """Which calls go wrong, and how; the oldest rule that matches wins."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        self._released = threading.Event()

    def next(self, calls: int, fault: Fault, *, method: str = "", path: str = "") -> None:
        """The next so many calls go wrong; `path` is a regular expression to search for."""
        self._rules.append(_Rule(method, re.compile(path), fault, calls))

    def always(self, fault: Fault, *, method: str = "", path: str = "") -> None:
        """All matching calls go wrong until `clear`."""
        self._rules.append(_Rule(method, re.compile(path), fault, None))

    def clear(self) -> None:
        """Everything works again."""
        self._rules.clear()

    def release(self) -> None:
        """Let go of the calls that hang."""
        self._released.set()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this call, if there is one; a hanging call waits here."""
        fault = self._matching(method, path)
        if fault == HANG:
            self._released.wait()
        return fault

    def _matching(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for rule in self._rules:
                hit = rule.method in ("", method) and rule.path.search(path)
                if hit and rule.remaining != 0:
                    if rule.remaining is not None:
                        rule.remaining -= 1
                    return rule.fault
        return None


def _fault(problem: ApiError) -> Fault:
    return Fault(problem.code, json.dumps(problem.body()).encode())
