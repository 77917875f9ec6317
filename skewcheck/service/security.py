"""Who is let in, and what every answer carries: the one guard before all routes.

Rules: where nobody vouches for visitors, only this machine's own names are served, so that no
website leads a browser here by a name of its own; else everything but OPEN needs a visitor.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skewcheck.ports.service import Logins, NotLetIn
from skewcheck.service.answers import problem

SLACK = "/slack/events"  # Slack's requests are signed
OPEN = frozenset({SLACK, "/__lbheartbeat__", "/__version__", "/__heartbeat__"})
MOST_BYTES = 100_000
STRICT_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": STRICT_CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_HSTS = "max-age=31536000"
_METHODS = ("GET", "HEAD", "POST")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_HOW_TO_LOG_IN = (
    "come through the login that stands before this service (SKEWCHECK_LOGIN), or send"
    " an identity token"
)


class Guard:
    """ASGI middleware; `logins` is None where nobody vouches for visitors."""

    def __init__(self, app: ASGIApp, *, logins: Logins | None) -> None:
        self._app, self._logins = app, logins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        secured = _with_headers(request, send)
        refused = _refused_by_method(request) or await self._refused(request)
        if refused is not None:
            await refused(scope, receive, secured)
        else:
            await self._app(scope, _bounded(receive), secured)

    async def _refused(self, request: Request) -> Response | None:
        if self._logins is None:
            return _refused_by_host(request)
        if request.url.path in OPEN:
            return None
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = await run_in_threadpool(self._logins.visitor, headers)
        if not isinstance(answer, NotLetIn):
            return None
        why = f"not let in: {answer.why}"
        asked = {"WWW-Authenticate": 'Bearer realm="skewcheck"'}
        return problem(request, 401, why, hint=_HOW_TO_LOG_IN, headers=asked)


async def crashed(request: Request, _: Exception) -> Response:
    """A bug: the traceback goes to the log, nothing of it to the visitor."""
    answer = problem(request, 500, "an error of ours: its traceback is in the service's log")
    _add_headers(request, answer.headers)
    return answer


def _refused_by_method(request: Request) -> Response | None:
    if request.method in _METHODS:
        return None
    allowed = {"Allow": ", ".join(_METHODS)}
    return problem(request, 405, f"nothing here takes {request.method}", headers=allowed)


def _refused_by_host(request: Request) -> Response | None:
    if request.url.path == SLACK or _hostname(request) in _LOOPBACK:
        return None
    why = "nobody vouches for visitors, so this service is served under this machine's names only"
    return problem(request, 403, why, hint="open http://127.0.0.1:…, or set SKEWCHECK_LOGIN")


def _hostname(request: Request) -> str:
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _with_headers(request: Request, send: Send) -> Callable[[Message], Awaitable[None]]:
    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add_headers(request, MutableHeaders(scope=message))
        await send(message)

    return secured


def _add_headers(request: Request, headers: MutableHeaders) -> None:
    """What a route says for itself stays."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    forwarded = request.headers.get("x-forwarded-proto", "")
    if "https" in (request.url.scheme, forwarded.partition(",")[0].strip()):
        headers.setdefault("Strict-Transport-Security", _HSTS)


def _bounded(receive: Receive) -> Receive:
    """No route ever holds more of a body than it may have."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise HTTPException(413, f"more than {MOST_BYTES} bytes")
        return message

    return bounded
