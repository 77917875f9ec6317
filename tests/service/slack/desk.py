"""The service's Slack part, really served, with a stand-in for Slack and the flows' small world."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette

from skewcheck.adapters.slack_api import SlackApi
from skewcheck.ports.service import Shared
from skewcheck.service.slack import SlackService
from skewcheck.settings import SlackSettings
from tests.flows.slack.world import Workspace
from tests.service.served import Got, Site, running
from tests.slack_server import APP_TOKEN, SECRET, TOKEN, Slack, form, signed, slack_server


def until(holds: Callable[[], bool]) -> None:
    """What another thread is about to bring about."""
    pause = threading.Event()
    for _ in range(2000):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("it never came about")


@dataclass
class Served:
    """`space` is the world behind it; its Slack is the stand-in, not the fake."""

    space: Workspace
    slack: Slack
    service: SlackService
    site: Site
    shared: Shared

    def send(
        self,
        payload: dict[str, Any],
        *,
        later_s: float = 0,
        secret: str = SECRET,
        headers: Mapping[str, str] | None = None,
    ) -> Got:
        """Signed as Slack does, so much later; `headers` instead of what it would send."""
        body = form(payload)
        at = self.space.clock.now() + timedelta(seconds=later_s)
        return self.post(body, {**signed(body, secret, at), **(headers or {})})

    def wait_for_proposal(self) -> str:
        """The rollout's name of the newest, once it stands there."""
        until(lambda: bool(self.space.proposals()))
        return self.space.proposed().rollout

    def post(self, body: bytes, headers: dict[str, str]) -> Got:
        return self.site.ask("POST", "/slack/events", body=body, headers=headers)


def settings(slack: Slack, **changed: str) -> SlackSettings:
    return replace(
        SlackSettings(bot_token=TOKEN, signing_secret=SECRET, endpoint=slack.endpoint), **changed
    )


def another(served: Served, **changed: Any) -> SlackService:
    """Another replica over the same shelf."""
    shared = replace(served.shared, holder="replica-2", **changed)
    return SlackService(shared, settings(served.slack), served.space.open_room)


@contextmanager
def serving(
    space: Workspace | None = None, *, starts: bool = True, socket: bool = False, **changed: str
) -> Iterator[Served]:
    """With `socket` in Socket Mode too; where it does not start, nobody does what is accepted."""
    world = space or Workspace()
    with ExitStack() as stack:
        slack = stack.enter_context(slack_server())
        slack.groups["S0OPS"] = ["U0KIM", "U0OLA"]
        api = SlackApi(TOKEN, endpoint=slack.endpoint)
        shared = replace(world.shared, messenger=api)
        changed |= {"app_token": APP_TOKEN} if socket else {}
        service = SlackService(
            shared, settings(slack, **changed), world.open_room,
            environments=lambda: ("staging", "production"), page="https://skewcheck.acme.example/",
        )  # fmt: skip
        site = stack.enter_context(running(Starlette(routes=service.routes())))
        if starts:
            service.start()
        stack.callback(service.stop)
        yield Served(space=world, slack=slack, service=service, site=site, shared=shared)
