"""Slack's Web API, spoken with slack_sdk. What goes wrong is told with Slack's own error code, and
the token is sent to Slack alone and never told.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web import SlackResponse

from skewcheck.core.checkup.facts import SlackSeen, Trouble
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.remote_text import shorten
from skewcheck.ports.service import JsonObject, Message, Posted

_TIMEOUT_S = 10
_MEMBERS_LAST_S = 60.0
_LONGEST_RETRY_S = 5
_HINTS: Mapping[str, str] = {
    "not_in_channel": "invite it there: /invite @skewcheck",
    "channel_not_found": "invite it there if it is private, or name the channel by its id",
    "is_archived": "name another channel",
    "invalid_auth": "set SKEWCHECK_SLACK_BOT_TOKEN to the bot token of the app (xoxb-…)",
    "not_authed": "set SKEWCHECK_SLACK_BOT_TOKEN to the bot token of the app (xoxb-…)",
    "token_revoked": "install the app anew, and set SKEWCHECK_SLACK_BOT_TOKEN",
    "no_such_subteam": "name an existing user group in policy.approvals.by",
}
# What each method needs; docs/slack-manifest.yaml asks for these, and for `commands`.
SCOPES: Mapping[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "usergroups.users.list": "usergroups:read",
}
_UNREACHED = "try again; https://status.slack.com says whether Slack is well"


class SlackApi:
    """A `ports.service.Messenger`. `endpoint` stands for Slack, on this machine."""

    def __init__(
        self,
        token: str,
        *,
        endpoint: str = "",
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint
        self._client = client_for(token, endpoint)
        self._ticks = ticks
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._lock = threading.Lock()

    def post(self, channel: str, message: Message) -> Posted:
        asked = {"channel": channel, **_body(message), **_PLAIN, **_NOT_UNFURLED}
        answer = self._call("chat.postMessage", asked)
        return Posted(channel=str(answer.get("channel") or channel), ts=str(answer.get("ts", "")))

    def update(self, posted: Posted, message: Message) -> None:
        where = {"channel": posted.channel, "ts": posted.ts}
        self._call("chat.update", {**where, **_body(message), **_PLAIN})

    def answer(self, response_url: str, message: Message) -> None:
        told = {"response_type": "ephemeral", "replace_original": False, **_body(message)}
        with requests.Session() as session:
            session.trust_env = not self._endpoint
            try:
                answer = session.post(
                    self._checked(response_url), json=told, timeout=_TIMEOUT_S,
                    allow_redirects=False, stream=True,
                )  # fmt: skip
            except requests.RequestException as error:
                raise _unreached("a response URL", error) from None
            with answer:
                if answer.status_code != 200:
                    told_code = f"HTTP {answer.status_code}"
                    raise ActionFailedError(f"Slack refused an answer to who asked: {told_code}")

    def members(self, group: str) -> frozenset[str]:
        with self._lock:
            read_at, known = self._members.get(group, (float("-inf"), frozenset()))
        if self._ticks() - read_at < _MEMBERS_LAST_S:
            return known
        answer = self._call("usergroups.users.list", {"usergroup": group})
        users = answer.get("users")
        found = frozenset(map(str, users if isinstance(users, list) else ()))
        with self._lock:
            self._members[group] = (self._ticks(), found)
        return found

    def whoami(self) -> SlackSeen | Trouble:
        """A `ports.adoption.SlackAccount`: Slack names the token's scopes in a header."""
        try:
            answer = self._answer("auth.test", {})
        except ActionFailedError as error:
            return Trouble(str(error), error.hint)
        told = answer.data if isinstance(answer.data, dict) else {}
        headers = {name.lower(): value for name, value in answer.headers.items()}
        scopes = headers.get("x-oauth-scopes")
        return SlackSeen(
            team=shorten(str(told.get("team") or "a workspace without a name")),
            bot=shorten(str(told.get("user") or "an app without a name")),
            scopes=None if scopes is None else frozenset(re.findall(r"[^\s,]+", str(scopes))),
        )

    def _call(self, method: str, asked: JsonObject) -> dict[str, Any]:
        answer = self._answer(method, asked)
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    def _answer(self, method: str, asked: JsonObject) -> SlackResponse:
        try:
            if method.startswith("chat."):
                return self._client.api_call(method, json=asked)
            return self._client.api_call(method, params=asked)
        except SlackApiError as error:
            raise _refused(method, str(error.response.get("error") or "no error code")) from None
        except (SlackClientError, OSError, HTTPException, ValueError) as error:
            raise _unreached(method, error) from None

    def _checked(self, url: str) -> str:
        """It came with a request, so it is not ours to trust: only Slack's own host gets anything,
        and no redirect leads anywhere else."""
        try:
            read = urlsplit(url)
            place = (read.scheme, read.netloc)
        except ValueError:
            place = ("", "")
        endpoint = urlsplit(self._endpoint)
        allowed = {("https", "hooks.slack.com")}
        allowed |= {(endpoint.scheme, endpoint.netloc)} if self._endpoint else set()
        if place not in allowed:
            raise ActionFailedError(f"{shorten(url)!r} is no response URL of Slack")
        return url


class _PatientWithin(RateLimitErrorRetryHandler):
    """Waits once where Slack asks for it, but never so long that a worker is lost."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        del state, request, error
        if response is None or response.status_code != 429:
            return False
        named = {name.lower(): value for name, value in response.headers.items()}
        asked = "".join(named.get("retry-after", ["1"])[:1])
        return asked.isascii() and asked.isdigit() and int(asked) <= _LONGEST_RETRY_S


def client_for(token: str, endpoint: str) -> WebClient:
    """Of Slack, or of what stands for it on this machine, where no proxy is asked."""
    client = WebClient(
        token=token,
        base_url=endpoint or WebClient.BASE_URL,
        timeout=_TIMEOUT_S,
        retry_handlers=[_PatientWithin(max_retry_count=1)],
        logger=_quiet(),
    )
    if endpoint:
        client.proxy = None
    return client


def _quiet() -> logging.Logger:
    """What went wrong is raised; slack_sdk's own lines hold what the other side wrote."""
    logger = logging.getLogger("skewcheck.slack_sdk")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


_PLAIN: JsonObject = {"parse": "none", "link_names": False}
_NOT_UNFURLED: JsonObject = {"unfurl_links": False, "unfurl_media": False}


def _body(message: Message) -> JsonObject:
    return {"text": message.text, "blocks": list(message.blocks)}


def _refused(method: str, code: str) -> ActionFailedError:
    hint = _HINTS.get(code, f"https://api.slack.com/methods/{method} says what that means")
    if code == "missing_scope" and method in SCOPES:
        hint = f"give the app the scope {SCOPES[method]} (docs/slack-manifest.yaml), reinstall it"
    return ActionFailedError(f"Slack refused {method}: {shorten(code)}", hint=hint)


def _unreached(what: str, error: Exception) -> ActionFailedError:
    """Without the error's own words, which may hold a URL that is a secret."""
    cause = type(getattr(error, "reason", error)).__name__
    return ActionFailedError(f"Slack could not be reached for {what}: {cause}", hint=_UNREACHED)
