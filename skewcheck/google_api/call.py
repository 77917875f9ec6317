"""One HTTP call to a Google API: bounded in time, and in the size of what comes back."""

import time
from dataclasses import dataclass

import requests

from skewcheck import __version__

_CHUNK = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`retries` are for 429 and 503 only; a Retry-After above `longest_wait_s` is an answer."""

    deadline_s: float = 30
    size: int = 32 * 1024 * 1024
    retries: int = 2
    longest_wait_s: float = 5
    pages: int = 100
    page_size: int = 500


@dataclass(frozen=True, slots=True)
class Call:
    """A GET, or the POST of a body in JSON."""

    url: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """`headers` have lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes


class TooLargeError(Exception):
    """Caught within this package."""


def send(session: requests.Session, call: Call, signed: dict[str, str], limits: Limits) -> Got:
    """Raises what requests raises, TimeoutError and TooLargeError; follows no redirect."""
    headers = {"User-Agent": f"skewcheck/{__version__}", "Accept": "application/json"}
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    with session.request(
        "GET" if call.body is None else "POST",
        call.url,
        data=call.body,
        headers=headers,
        auth=_Signed(signed),
        timeout=limits.deadline_s,
        allow_redirects=False,
        stream=True,
    ) as response:
        named = {name.lower(): value for name, value in response.headers.items()}
        return Got(status=response.status_code, headers=named, body=_body(response, limits))


def _body(response: requests.Response, limits: Limits) -> bytes:
    ends = time.monotonic() + limits.deadline_s
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > limits.size:
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
