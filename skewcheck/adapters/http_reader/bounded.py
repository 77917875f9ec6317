"""A requests session that keeps to one deadline and follows, remembers and confesses nothing.

A timeout of `requests` bounds each single read, so a server that drips bytes, in its headers
already, can hold a call for ever. Here each read gets what is left until the deadline. Looking up
a name and trying several addresses is the one part that keeps limits of its own.
"""

import io
import time
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


@dataclass(frozen=True, slots=True)
class Limits:
    """`ends_at` is a reading of time.monotonic()."""

    ends_at: float
    read_timeout_s: float

    def left_s(self) -> float:
        """What one read may take; TimeoutError where nothing is left."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self.read_timeout_s)


LIMITS: ContextVar[Limits] = ContextVar("LIMITS")


class _BoundedStream(io.RawIOBase):
    """A socket's bytes, each read within what is left of the time."""

    def __init__(self, raw: io.RawIOBase, sock: Any) -> None:
        self._raw, self._sock, self._limits = raw, sock, LIMITS.get()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._limits.left_s())
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_BoundedStream(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _BoundedResponse


class _TlsConnection(HTTPSConnection):
    response_class = _BoundedResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _BoundedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager


class _SingleStepSession(Session):
    def get_redirect_target(self, resp: Response) -> str | None:  # noqa: ARG002
        """None: even when told not to follow, requests would read the redirect's whole body."""
        return None


def _no_auth(request: PreparedRequest) -> PreparedRequest:
    return request


def new_session() -> Session:
    """Proxies and CA bundles from the environment as everywhere (HTTPS_PROXY, NO_PROXY,
    REQUESTS_CA_BUNDLE); passwords from ~/.netrc or the URL never; no cookies."""
    session = _SingleStepSession()
    session.auth = _no_auth  # an explicit auth is what keeps netrc out while trust_env stays on
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _BoundedAdapter())
    return session
