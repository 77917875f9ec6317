"""`POST /slack/events`: commands and clicks alike.

Who cannot prove to be Slack, and of now, and for the first time, is told 401 and nothing else.
"""

from collections.abc import Callable

from slack_bolt import App, BoltRequest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from skewcheck.core.slack.signature import is_signed
from skewcheck.flows.slack.inbox import is_first
from skewcheck.ports.service import Shared

_MOST_BYTES = 100_000


def events_endpoint(app: App, shared: Shared, secret: str) -> Callable[[Request], object]:
    """For a Starlette route. The event loop never waits for a database here."""

    async def events(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return PlainTextResponse("too long\n", status_code=413)
        headers = dict(request.headers)
        signature = headers.get("x-slack-signature", "")
        timestamp = headers.get("x-slack-request-timestamp", "")
        now = shared.clock.now()
        if not is_signed(body, timestamp=timestamp, signature=signature, secret=secret, now=now):
            return _stranger()
        return await run_in_threadpool(_dispatch, app, shared, body, headers)

    return events


async def _read(request: Request) -> bytes | None:
    """None where it is too long, whatever length it announced."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    return body


def _stranger() -> Response:
    return PlainTextResponse("not signed by Slack, or not now\n", status_code=401)


def _dispatch(app: App, shared: Shared, body: bytes, headers: dict[str, str]) -> Response:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _stranger()
    if not is_first(shared, headers["x-slack-signature"]):
        return _stranger()
    answer = app.dispatch(BoltRequest(body=text, headers=dict(headers)))
    kind = answer.headers.get("content-type", ["text/plain"])[0]
    return Response(answer.body, status_code=answer.status, media_type=kind)
