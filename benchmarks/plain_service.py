"""What one writes in an afternoon: slack-bolt's own Starlette adapter, which answers each command
in the listener, and a page that never changes. Usage: plain_service.py PAGE; prints its address.

It remembers nothing: no replays, no replicas, and what it has acknowledged dies with it.
"""

import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route


def whoever(**_: Any) -> AuthorizeResult:
    """Else it would first ask Slack itself who it is."""
    return AuthorizeResult(enterprise_id=None, team_id=None)


def build(page: bytes, secret: str) -> Starlette:
    bolt = App(signing_secret=secret, authorize=whoever, token_verification_enabled=False)
    handler = SlackRequestHandler(bolt)

    @bolt.command("/skewcheck")
    def answer(ack: Callable[[], Any], respond: Callable[[str], Any]) -> None:
        ack()
        respond("staging: all is well")

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def show(_: Request) -> Response:
        return HTMLResponse(page)

    return Starlette(routes=[Route("/", show), Route("/slack/events", events, methods=["POST"])])


def main() -> None:
    logging.disable(logging.CRITICAL)
    app = build(Path(sys.argv[1]).read_bytes(), os.environ["SKEWCHECK_SLACK_SIGNING_SECRET"])  # noqa: TID251 - a program of its own
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        sys.stderr.write(f"listening on http://127.0.0.1:{listening.getsockname()[1]}/\n")
        sys.stderr.flush()
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None,
                                access_log=False)  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])


main()
