"""GETs from the Cloud Run Admin API: bounded in time, size, pages and repetitions.

Rule of this file: nothing leaves it but a JSON object or a Refusal.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

import requests
from urllib3.exceptions import HTTPError

from skewcheck import __version__
from skewcheck.adapters.cloud_run.api_errors import (
    explain_answer,
    looks_like_html,
    without_query,
)
from skewcheck.adapters.cloud_run.auth_errors import TOKENS
from skewcheck.adapters.cloud_run.credentials import Credentials
from skewcheck.adapters.cloud_run.network_errors import explain_network
from skewcheck.adapters.cloud_run.refusal import Asked, Refusal
from skewcheck.core.answer import Answer, FailureKind
from skewcheck.core.findings import Code
from skewcheck.core.strict_json import Json, NotJsonError, parse_json
from skewcheck.ports import Clock

T = TypeVar("T")
_CHUNK = 65536
_PASSING = {429, 503}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`retries` are for 429 and 503 only; a Retry-After above `longest_wait_s` is an answer."""

    deadline_s: float = 30
    size: int = 32 * 1024 * 1024
    retries: int = 2
    longest_wait_s: float = 5
    pages: int = 100
    page_size: int = 500


class TooLargeError(Exception):
    """Caught within this file."""


class Rest:
    """One API host, asked with one set of credentials."""

    def __init__(self, base: str, credentials: Credentials, clock: Clock, limits: Limits) -> None:
        self.base = base
        self._host = urlsplit(base).netloc
        self._credentials = credentials
        self._clock = clock
        self._limits = limits

    def sign_in(self, project: str) -> Refusal | None:
        """Tries the credentials once, so that a fan-out does not fail a dozen times alike."""
        try:
            headers = within(
                self._limits.deadline_s, lambda: self._credentials.headers(self.base, project)
            )
        except OSError as error:  # a CA bundle that is not there is no error of google-auth's
            return explain_network(error, TOKENS)
        return headers if isinstance(headers, Refusal) else None

    def get(
        self, session: requests.Session, path: str, asked: Asked, **query: str
    ) -> dict[str, Json] | Refusal:
        """The JSON object at that resource path."""
        answer = self._ask(session, self.url(path, **query), asked)
        if isinstance(answer, Refusal):
            return answer
        return _object(answer) if answer.status == 200 else explain_answer(answer, asked)

    def pages(
        self, session: requests.Session, path: str, key: str, asked: Asked
    ) -> list[Json] | Refusal:
        """All entries of a list; pages follow `nextPageToken` to the end (AIP-158)."""
        found: list[Json] = []
        query = {"pageSize": str(self._limits.page_size)}
        for _ in range(self._limits.pages):
            page = self.get(session, path, asked, **query)
            if isinstance(page, Refusal):
                return page
            entries, token = page.get(key), page.get("nextPageToken")
            if not isinstance(entries, list | None) or not isinstance(token, str | None):
                return nonsense(f"{key} is no list, or its page token no text", self.url(path))
            found += entries or []
            if not token:
                return found
            query["pageToken"] = token
        return nonsense(f"more than {self._limits.pages} pages of {key}", self.url(path))

    def url(self, path: str, **query: str) -> str:
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.base}/v2/{quote(path, safe='/:')}{asked}"

    def _ask(self, session: requests.Session, url: str, asked: Asked) -> Answer | Refusal:
        answer = self._once(session, url, asked)
        for attempt in range(self._limits.retries):
            if isinstance(answer, Refusal) or answer.status not in _PASSING:
                break
            wait_s = _wait_s(answer, attempt)
            if wait_s is None or wait_s > self._limits.longest_wait_s:
                break
            self._clock.wait(wait_s)
            answer = self._once(session, url, asked)
        return answer

    def _once(self, session: requests.Session, url: str, asked: Asked) -> Answer | Refusal:
        try:
            return within(self._limits.deadline_s, lambda: self._fetch(session, url, asked))
        except TooLargeError:
            detail = f"{self._host}: {FailureKind.TOO_LARGE} (over {self._limits.size} bytes)"
            return Refusal(Code.UNREACHABLE, detail, f"curl -sS {without_query(url)} | wc -c")
        except (OSError, HTTPError) as error:  # requests raises its own and, rarely, others' errors
            return explain_network(error, self.base)

    def _fetch(self, session: requests.Session, url: str, asked: Asked) -> Answer | Refusal:
        headers = self._credentials.headers(url, asked.project)
        if isinstance(headers, Refusal):
            return headers
        with session.get(
            url,
            headers={"User-Agent": f"skewcheck/{__version__}", "Accept": "application/json"},
            auth=_Signed(headers),
            timeout=self._limits.deadline_s,
            allow_redirects=False,
            stream=True,
        ) as response:
            named = {name.lower(): value for name, value in response.headers.items()}
            body = self._body(response)
            read_at = self._clock.now()
            return Answer(
                url=url, status=response.status_code, headers=named, body=body, read_at=read_at
            )

    def _body(self, response: requests.Response) -> bytes:
        ends = time.monotonic() + self._limits.deadline_s
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self._limits.size:
                raise TooLargeError
            if time.monotonic() > ends:
                raise TimeoutError
        return bytes(body)


class _Signed(requests.auth.AuthBase):
    """As `auth` and not as headers: else an entry in ~/.netrc would replace the token."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result or error; TimeoutError after that long, whatever it hangs in.

    Neither name resolution nor a server that drips its headers obeys a socket's timeout, so the
    call gets a thread of its own, which is left behind and ends with the process at the latest.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # bugs too: it is raised again where it was asked for
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)


def _wait_s(answer: Answer, attempt: int) -> float | None:
    """Seconds only: a date in Retry-After (RFC 9110 §10.2.3) is too far away to be waited for."""
    asked = answer.headers.get("retry-after")
    if asked is None:
        return float(2**attempt)
    return float(asked) if asked.isdecimal() and len(asked) < 6 else None


def _object(answer: Answer) -> dict[str, Json] | Refusal:
    if looks_like_html(answer.body):
        told = "an HTML page instead of JSON; a proxy may have answered for Google"
        return nonsense(told, answer.url)
    try:
        read = parse_json(answer.body)
    except NotJsonError as error:
        return nonsense(f"no JSON: {error}", answer.url)
    return read if isinstance(read, dict) else nonsense("no JSON object", answer.url)


def nonsense(what: str, url: str) -> Refusal:
    place = without_query(url)
    return Refusal(Code.NOT_JSON, f"Cloud Run answered with {what}", f"curl -sS -i {place}")
