"""Slack's own framework, told to do two things only: put on the shelf what came, and acknowledge.

Rules of this file: nothing here asks Slack anything, so a Slack that is down neither keeps us from
starting nor from acknowledging; who sent a request is checked before it comes here.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from skewcheck.core.slack.inbox import Item, click_item, command_item
from skewcheck.ports import Clock

_LOG = logging.getLogger("skewcheck.slack")
_COMMAND = re.compile(r"^/skewcheck\b")
_TIMEOUT_S = 10


def build_app(accept: Callable[[Item], None], clock: Clock, endpoint: str) -> App:
    """`accept` is given each command and click before it is acknowledged; where it raises, Slack
    is told that we do not have it."""
    app = App(
        name="skewcheck",
        client=client_of(endpoint),
        authorize=_whoever,
        token_verification_enabled=False,
        request_verification_enabled=False,
        process_before_response=True,
        logger=quiet(),
    )

    def command(ack: Ack, body: dict[str, Any]) -> None:
        accept(command_item(body, clock.now()))
        ack()

    def click(ack: Ack, body: dict[str, Any]) -> None:
        accept(click_item(body, clock.now()))
        ack()

    app.command(_COMMAND)(command)
    app.action(re.compile(".*"))(click)
    app.error(_failed)
    return app


def client_of(endpoint: str) -> WebClient:
    """For Socket Mode's one question; it knows no token."""
    client = WebClient(base_url=endpoint or WebClient.BASE_URL, timeout=_TIMEOUT_S, logger=quiet())
    if endpoint:
        client.proxy = None
    return client


def quiet() -> logging.Logger:
    """The libraries' own lines hold what others wrote, and advice for their developers."""
    logger = logging.getLogger("skewcheck.slack_bolt")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


def _whoever(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None)


def _failed(error: Exception) -> BoltResponse:
    _LOG.error("a request of Slack's could not be put on the shelf: %s", error)
    return BoltResponse(status=500, body="")
