"""One GET for one witness: bounded in time and size, and redirected only where we may go."""

import threading
import time
from contextlib import closing
from urllib.parse import urljoin, urlsplit

import requests
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from skewcheck import __version__
from skewcheck.adapters.http_reader.bounded import LIMITS, Limits, new_session
from skewcheck.adapters.http_reader.failures import explain
from skewcheck.core.answer import Answer, FailureKind, HttpRead, NoAnswer
from skewcheck.core.remote_text import without_secrets
from skewcheck.ports import Clock

MAX_BYTES = 256 * 1024
PAGE_MAX_BYTES = 8 * 1024 * 1024
_PIECE = 16 * 1024
_MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_ENCODINGS = {"gzip", "x-gzip", "deflate", "br", "zstd", "identity", ""}
_OURS = f"skewcheck/{__version__}"
_PLAIN = {"User-Agent": _OURS, "Accept-Encoding": "identity"}
_BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/140.0.0.0 Safari/537.36 {_OURS}",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-US,en;q=0.9",
}


class _RefusedError(Exception):
    """We stopped reading ourselves."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class RequestsReader:
    """Safe for many threads: each has a session, and nothing is kept from one read to the next.

    Connections are not kept either: a server may close an idle one just as it is used again
    (RFC 9112 §9.3.1), which would look like a failure, and a kept one always meets the same
    machine behind a load balancer.

    `allowed_hosts` are the host names, without ports, that a redirect may lead to. Deadlines are
    measured by the system's own steady clock; `clock` only dates the reads.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str],
        clock: Clock,
        *,
        connect_timeout_s: float = 3.05,
        read_timeout_s: float = 10,
        total_s: float = 15,
    ) -> None:
        self._allowed_hosts = frozenset(map(_plain_host, allowed_hosts))
        self._clock = clock
        self._connect_timeout_s = connect_timeout_s
        self._read_timeout_s = read_timeout_s
        self._total_s = total_s
        self._local = threading.local()

    def read(self, url: str, *, as_browser: bool, accept: str = "*/*") -> HttpRead:
        headers = {**(_BROWSER if as_browser else _PLAIN), "Accept": accept}
        limits = Limits(time.monotonic() + self._total_s, self._read_timeout_s)
        token = LIMITS.set(limits)
        try:
            return self._follow(url, headers, PAGE_MAX_BYTES if as_browser else MAX_BYTES)
        except _RefusedError as refused:
            return self._failed(url, refused.kind, str(refused))
        # ValueError: what is no URL at all; urlsplit, idna and requests each have their own.
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            kind, detail = explain(error)
            return self._failed(url, kind, detail)
        finally:
            LIMITS.reset(token)

    def close(self) -> None:
        """Each read closes what it opened; what is left is the calling thread's empty session."""
        self._session().close()

    def _follow(self, url: str, headers: dict[str, str], max_bytes: int) -> Answer:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._get(url, headers, max_bytes)
            target = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not target:
                return answer
            url = self._permit(url, urljoin(url, target))
        raise _RefusedError(FailureKind.REDIRECT, f"more than {_MOST_REDIRECTS} redirects")

    def _permit(self, source: str, target: str) -> str:
        parts = urlsplit(target)
        shown = without_secrets(target)
        if parts.scheme not in {"http", "https"}:
            raise _RefusedError(FailureKind.REDIRECT, f"to {shown}, which is not HTTP")
        if urlsplit(source).scheme == "https" and parts.scheme == "http":
            raise _RefusedError(FailureKind.REDIRECT, f"to {shown}, without TLS")
        if _plain_host(parts.hostname or "") not in self._allowed_hosts:
            raise _RefusedError(FailureKind.REDIRECT, f"to {shown}, a host not in the manifest")
        return parts._replace(fragment="").geturl()

    def _get(self, url: str, headers: dict[str, str], max_bytes: int) -> Answer:
        session = self._session()
        with closing(session), closing(self._open(session, url, headers)) as response:
            return Answer(
                url=url,
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                body=_read_body(response, max_bytes),
                read_at=self._clock.now(),
            )

    def _open(
        self, session: requests.Session, url: str, headers: dict[str, str]
    ) -> requests.Response:
        left_s = LIMITS.get().left_s()
        timeout = (min(self._connect_timeout_s, left_s), left_s)
        return session.get(
            url, headers=headers, stream=True, allow_redirects=False, timeout=timeout
        )

    def _session(self) -> requests.Session:
        """This thread's own; closing it closes its connections and leaves it ready for more."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = new_session()
        return session

    def _failed(self, url: str, kind: FailureKind, detail: str) -> NoAnswer:
        return NoAnswer(url=url, kind=kind, detail=detail, read_at=self._clock.now())


def _read_body(response: requests.Response, max_bytes: int) -> bytes:
    """A refusal counts by its status: what is wrong with the body of a 404 must not hide it."""
    try:
        return _decoded(response.raw, max_bytes)
    except (_RefusedError, HTTPError, OSError):
        if response.status_code >= 300:
            return b""
        raise


def _decoded(raw: BaseHTTPResponse, max_bytes: int) -> bytes:
    """Decoded piece by piece, so that a bomb never unfolds further than one piece past the cap."""
    encodings = raw.headers.get("content-encoding", "").lower().split(",")
    for encoding in encodings:
        if encoding.strip() not in _ENCODINGS:
            raise _RefusedError(FailureKind.UNDECODABLE, "a Content-Encoding that nobody asked for")
    body = bytearray()
    while piece := raw.read(_PIECE, decode_content=True):
        body += piece
        if len(body) > max_bytes:
            raise _RefusedError(FailureKind.TOO_LARGE, f"more than {max_bytes} bytes")
    return bytes(body)


def _plain_host(host: str) -> str:
    return host.lower().rstrip(".")
