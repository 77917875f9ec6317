"""A stand-in for Slack on loopback: its Web API, its response URLs and its sockets, as strict about
messages as Block Kit's documented limits are.

`said` is what it was told, in order; `fails` makes a method answer otherwise.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as serve_sockets

from skewcheck.core.slack.signature import signature_of
from tests.google_server import Reply, as_json
from tests.slack_blocks import wrong_with

SECRET = "a-signing-secret-of-the-tests"
TOKEN = "xoxb-a-token-of-the-tests"
APP_TOKEN = "xapp-a-token-of-the-tests"
CHANNEL = "C0RELEASES"


@dataclass(frozen=True)
class Said:
    """One call: the method (or `response_url`), and what stood in it."""

    method: str
    body: dict[str, Any]


@dataclass
class Slack:
    """`fails` maps a method to Slack's error code, `down` or `ratelimited`, once or for ever."""

    url: str = ""
    said: list[Said] = field(default_factory=list)
    fails: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    channels: set[str] = field(default_factory=lambda: {CHANNEL})
    tokens: list[str] = field(default_factory=list)
    scopes: str = "commands,chat:write,usergroups:read"
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    socket_url: str = ""
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[ServerConnection] = field(default_factory=list)
    connected: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def endpoint(self) -> str:
        return f"{self.url}/api/"

    def response_url(self, number: int = 1) -> str:
        return f"{self.url}/commands/T1/{number}/secret"

    def told(self, method: str) -> list[dict[str, Any]]:
        with self.changed:
            return [each.body for each in self.said if each.method == method]

    def wait_for(self, method: str, count: int = 1, *, within_s: float = 20) -> dict[str, Any]:
        """The newest of that method, once there are so many."""
        with self.changed:
            came = self.changed.wait_for(
                lambda: sum(each.method == method for each in self.said) >= count, within_s
            )
            bodies = [each.body for each in self.said if each.method == method]
        assert came, f"{len(bodies)} times {method}, not {count}"
        return bodies[count - 1]

    def send(self, envelope: dict[str, Any]) -> None:
        """Over the newest socket."""
        assert self.connected.wait(10)
        self.sockets[-1].send(json.dumps(envelope))

    def wait_for_acknowledged(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.acknowledged) >= count, 10)

    def _note(self, method: str, body: dict[str, Any]) -> None:
        with self.changed:
            self.said.append(Said(method, body))
            self.changed.notify_all()

    def answer(self, path: str, body: bytes, token: str) -> Reply:
        if path.startswith("/commands/"):
            return self._answered(json.loads(body))
        method = path.removeprefix("/api/")
        asked = _read(body)
        self.tokens.append(token)
        failure = self.fails[method].pop(0) if self.fails.get(method) else ""
        if failure:
            return _failing(failure)
        self._note(method, asked)
        problem = _PROBLEMS[method](self, asked) if method in _PROBLEMS else "unknown_method"
        return _refused(problem) if problem else self._result(method, asked)

    def _answered(self, body: dict[str, Any]) -> Reply:
        if self.fails.get("response_url"):
            elsewhere = (("Location", f"{self.url}/commands/elsewhere"),)
            return Reply(b"", int(self.fails["response_url"].pop(0)), elsewhere)
        self._note("response_url", body)
        return Reply(b"ok") if not wrong_with(body) else Reply(b"invalid_blocks", 400)

    def _result(self, method: str, asked: dict[str, Any]) -> Reply:
        if method == "chat.postMessage":
            with self.changed:
                ts = f"1700000000.{len(self.messages) + 1:06}"
                self.messages[ts] = asked
            return as_json({"ok": True, "channel": asked["channel"], "ts": ts})
        if method == "chat.update":
            self.messages[asked["ts"]] = asked
        if method == "usergroups.users.list":
            return as_json({"ok": True, "users": self.groups[asked["usergroup"]]})
        if method == "auth.test":
            told = {"ok": True, "team": "acme", "user": "skewcheck"}
            return as_json(told, X_OAuth_Scopes=self.scopes)
        return as_json({"ok": True, "url": self.socket_url})


def _read(body: bytes) -> dict[str, Any]:
    if body.startswith(b"{"):
        read: dict[str, Any] = json.loads(body)
        return read
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _failing(failure: str) -> Reply:
    if failure == "ratelimited":
        return as_json({"ok": False, "error": failure}, 429, Retry_After="0")
    if failure == "ratelimited for long":
        return as_json({"ok": False, "error": "ratelimited"}, 429, Retry_After="3600")
    if failure == "down":
        return Reply(b"", 503)
    if failure == "garbage":
        return Reply(b"{<html>")
    return _refused(failure)


def _refused(code: str) -> Reply:
    return as_json({"ok": False, "error": code})


def _posting(slack: Slack, asked: dict[str, Any]) -> str:
    if asked.get("channel") not in slack.channels:
        return "not_in_channel"
    return "invalid_blocks" if wrong_with(asked) else ""


def _updating(slack: Slack, asked: dict[str, Any]) -> str:
    return _posting(slack, asked) or ("" if asked["ts"] in slack.messages else "message_not_found")


def _listing(slack: Slack, asked: dict[str, Any]) -> str:
    return "" if asked.get("usergroup") in slack.groups else "no_such_subteam"


def _testing(slack: Slack, _asked: dict[str, Any]) -> str:
    return "" if slack.tokens[-1] == TOKEN else "invalid_auth"


def _opening(_slack: Slack, _asked: dict[str, Any]) -> str:
    return ""


_PROBLEMS = {
    "chat.postMessage": _posting,
    "chat.update": _updating,
    "usergroups.users.list": _listing,
    "apps.connections.open": _opening,
    "auth.test": _testing,
}


@contextmanager
def slack_server() -> Iterator[Slack]:
    slack = Slack()
    with ExitStack() as stack:
        web = stack.enter_context(_Web(slack))
        slack.url = f"http://127.0.0.1:{web.server_address[1]}"
        sockets = stack.enter_context(
            serve_sockets(lambda each: _socket(slack, each), "127.0.0.1", 0)
        )
        slack.socket_url = f"ws://127.0.0.1:{sockets.socket.getsockname()[1]}/link"
        for server, options in ((web, {"poll_interval": 0.01}), (sockets, {})):
            thread = threading.Thread(target=server.serve_forever, kwargs=options)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield slack


class _Handler(BaseHTTPRequestHandler):
    server: "_Web"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        reply = self.server.slack.answer(self.path, body, token)
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """Nothing: tests look at what was said."""


class _Web(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, slack: Slack) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.slack = slack


def _socket(slack: Slack, socket: ServerConnection) -> None:
    slack.sockets.append(socket)
    slack.connected.set()
    for text in socket:
        with slack.changed:
            slack.acknowledged.append(json.loads(text))
            slack.changed.notify_all()


def signed(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    """The headers of a request as Slack sends it."""
    timestamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature_of(body, timestamp=timestamp, secret=secret),
    }


def command(text: str, *, user: str = "U0ADA", trigger: str = "1.1", **more: str) -> dict[str, str]:
    """The payload of a slash command."""
    return {
        "command": "/skewcheck",
        "text": text,
        "user_id": user,
        "team_id": "T1",
        "channel_id": CHANNEL,
        "trigger_id": trigger,
        "response_url": "",
    } | more


def click(
    action: str, value: str, *, user: str = "U0KIM", trigger: str = "2.1", response_url: str = ""
) -> dict[str, Any]:
    """The payload of a click on a button of a message."""
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": "T1"},
        "team": {"id": "T1"},
        "channel": {"id": CHANNEL},
        "trigger_id": trigger,
        "response_url": response_url,
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
    }


def form(payload: dict[str, Any]) -> bytes:
    """As the body of a request: clicks travel as JSON in one field, commands as fields."""
    is_click = payload.get("type") == "block_actions"
    return urlencode({"payload": json.dumps(payload)} if is_click else payload).encode()
