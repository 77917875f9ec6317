"""What adapters ask of a Google API: objects and lists, bounded in pages and repetitions.

Rule of this file: nothing leaves it but JSON or a Refusal.
"""

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import requests
from urllib3.exceptions import HTTPError

from skewcheck.core.answer import Answer, FailureKind
from skewcheck.core.findings import Code
from skewcheck.core.strict_json import Json, NotJsonError, parse_json
from skewcheck.deadline import within
from skewcheck.google_api.api import Api
from skewcheck.google_api.api_errors import explain_answer, looks_like_html, without_query
from skewcheck.google_api.auth_errors import TOKENS
from skewcheck.google_api.call import Call, Limits, TooLargeError, send
from skewcheck.google_api.credentials import Credentials
from skewcheck.google_api.endpoint import read_endpoint
from skewcheck.google_api.network_errors import explain_network
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.ports import Clock

__all__ = ["Limits", "Rest", "open_api"]

_PASSING = {429, 503}
_Page: TypeAlias = Callable[[Mapping[str, str]], dict[str, Json] | Refusal]


def open_api(api: Api, *, clock: Clock, endpoint: str | None, limits: Limits) -> "Rest":
    """`endpoint` is a loopback URL where a stand-in plays all APIs, and gets no credentials."""
    base = read_endpoint(endpoint) if endpoint else api.base
    credentials = Credentials(anonymous=bool(endpoint), timeout_s=limits.deadline_s)
    return Rest(api, base, credentials, clock, limits)


class Rest:
    """One API at one host, asked with one set of credentials."""

    def __init__(
        self, api: Api, base: str, credentials: Credentials, clock: Clock, limits: Limits
    ) -> None:
        self.api = api
        self.base = base
        self._host = urlsplit(base).netloc
        self._credentials = credentials
        self._clock = clock
        self._limits = limits

    @property
    def member(self) -> str:
        """Who asks, as IAM writes it; empty where the credentials do not say."""
        return self._credentials.member

    def session(self) -> requests.Session:
        """For the calls of one question; to be closed."""
        session = requests.Session()
        session.trust_env = self.base == self.api.base  # a proxy has no business on loopback
        return session

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
        return self._object(session, Call(self.url(path, **query)), asked)

    def post(
        self, session: requests.Session, path: str, asked: Asked, body: Mapping[str, Json]
    ) -> dict[str, Json] | Refusal:
        """For methods that only read: like a GET it may be sent more than once."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        return self._object(session, Call(self.url(path), sent), asked)

    def change(
        self,
        session: requests.Session,
        path: str,
        asked: Asked,
        body: Mapping[str, Json],
        **query: str,
    ) -> dict[str, Json] | Refusal:
        """For methods that change things: sent once. After a refusal that passes nobody knows
        whether it took effect; whoever asks again makes sure that twice is like once."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        answer = self._once(session, Call(self.url(path, **query), sent), asked)
        return answer if isinstance(answer, Refusal) else self._explained(answer, asked)

    def pages(
        self, session: requests.Session, path: str, key: str, asked: Asked
    ) -> list[Json] | Refusal:
        """All entries of a list."""
        size = {"pageSize": str(self._limits.page_size)}
        return self._all(lambda token: self.get(session, path, asked, **size, **token), path, key)

    def posted_pages(
        self,
        session: requests.Session,
        path: str,
        key: str,
        asked: Asked,
        body: Mapping[str, Json],
    ) -> list[Json] | Refusal:
        """All entries of a list that is asked for by POST."""
        sized = {**body, "pageSize": self._limits.page_size}
        return self._all(
            lambda token: self.post(session, path, asked, {**sized, **token}), path, key
        )

    def url(self, path: str, **query: str) -> str:
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.base}/{self.api.version}/{quote(path, safe='/:')}{asked}"

    def nonsense(self, what: str, url: str) -> Refusal:
        """Something answered, but not as this API does."""
        place = without_query(url)
        return Refusal(
            Code.NOT_JSON, f"{self.api.name} answered with {what}", f"curl -sS -i {place}"
        )

    def _all(self, read: _Page, path: str, key: str) -> list[Json] | Refusal:
        """Pages follow `nextPageToken` to the end, empty ones too (AIP-158)."""
        found: list[Json] = []
        token: dict[str, str] = {}
        for _ in range(self._limits.pages):
            page = read(token)
            if isinstance(page, Refusal):
                return page
            entries, more = page.get(key), page.get("nextPageToken")
            if not isinstance(entries, list | None) or not isinstance(more, str | None):
                told = f"{key} is no list, or its page token no text"
                return self.nonsense(told, self.url(path))
            found += entries or []
            if not more:
                return found
            token = {"pageToken": more}
        return self.nonsense(f"more than {self._limits.pages} pages of {key}", self.url(path))

    def _object(
        self, session: requests.Session, call: Call, asked: Asked
    ) -> dict[str, Json] | Refusal:
        answer = self._ask(session, call, asked)
        return answer if isinstance(answer, Refusal) else self._explained(answer, asked)

    def _explained(self, answer: Answer, asked: Asked) -> dict[str, Json] | Refusal:
        return self._read(answer) if answer.status == 200 else explain_answer(answer, asked)

    def _ask(self, session: requests.Session, call: Call, asked: Asked) -> Answer | Refusal:
        answer = self._once(session, call, asked)
        for attempt in range(self._limits.retries):
            if isinstance(answer, Refusal) or answer.status not in _PASSING:
                break
            wait_s = _wait_s(answer, attempt)
            if wait_s is None or wait_s > self._limits.longest_wait_s:
                break
            self._clock.wait(wait_s)
            answer = self._once(session, call, asked)
        return answer

    def _once(self, session: requests.Session, call: Call, asked: Asked) -> Answer | Refusal:
        try:
            return within(self._limits.deadline_s, lambda: self._fetch(session, call, asked))
        except TooLargeError:
            detail = f"{self._host}: {FailureKind.TOO_LARGE} (over {self._limits.size} bytes)"
            fix = f"curl -sS {without_query(call.url)} | wc -c"
            return Refusal(Code.UNREACHABLE, detail, fix)
        except (OSError, HTTPError) as error:  # requests raises its own and, rarely, others' errors
            return explain_network(error, self.base)

    def _fetch(self, session: requests.Session, call: Call, asked: Asked) -> Answer | Refusal:
        signed = self._credentials.headers(call.url, asked.project)
        if isinstance(signed, Refusal):
            return signed
        got = send(session, call, signed, self._limits)
        return Answer(
            url=call.url,
            status=got.status,
            headers=got.headers,
            body=got.body,
            read_at=self._clock.now(),
        )

    def _read(self, answer: Answer) -> dict[str, Json] | Refusal:
        if looks_like_html(answer.body):
            told = "an HTML page instead of JSON; a proxy may have answered for Google"
            return self.nonsense(told, answer.url)
        try:
            read = parse_json(answer.body)
        except NotJsonError as error:
            return self.nonsense(f"no JSON: {error}", answer.url)
        return read if isinstance(read, dict) else self.nonsense("no JSON object", answer.url)


def _wait_s(answer: Answer, attempt: int) -> float | None:
    """Seconds only: a date in Retry-After (RFC 9110 §10.2.3) is too far away to be waited for."""
    asked = answer.headers.get("retry-after")
    if asked is None:
        return float(2**attempt)
    return float(asked) if asked.isdecimal() and len(asked) < 6 else None
