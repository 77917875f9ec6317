"""Slack's part of the service: what comes in is put on the shelf and acknowledged, then done."""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from starlette.routing import Route

from skewcheck.core.slack.inbox import Item
from skewcheck.flows.rooms import OpenRoom
from skewcheck.flows.slack.desk import Desk
from skewcheck.flows.slack.inbox import accept, attempt, forget_seen, take_turn, waiting
from skewcheck.flows.slack.posts import follow_posts
from skewcheck.flows.slack.proposals import expire_proposals
from skewcheck.ports.service import Shared
from skewcheck.service.slack.app import build_app
from skewcheck.service.slack.endpoint import events_endpoint
from skewcheck.service.slack.socket import Socket
from skewcheck.service.slack.workers import Workers
from skewcheck.settings import SlackSettings

_LOG = logging.getLogger("skewcheck.slack")
_PATH = "/slack/events"
# Slack takes about fifty changes of messages in a minute.
_FOLLOWS_EVERY = timedelta(seconds=2)


class SlackService:
    """`start` once, `sweep` about every second, `stop` at the end. `environments` names all there
    are, `page` is the public address of the status page: both may be left out."""

    def __init__(
        self,
        shared: Shared,
        settings: SlackSettings,
        open_room: OpenRoom,
        *,
        environments: Callable[[], Collection[str]] | None = None,
        page: str = "",
    ) -> None:
        self._shared, self._settings = shared, settings
        self._desk = Desk(
            shared=shared, open_room=open_room, page=page.rstrip("/"), environments=environments
        )
        self._workers = Workers(lambda key: attempt(self._desk, key))
        # Never behind what people ask for: messages must advance under load too.
        self._chores = Workers(lambda _: self._bring_up_to_date(), at_once=1)
        self._app = build_app(self._accept, shared.clock, settings.endpoint)
        self._socket: Socket | None = None
        self._followed: datetime | None = None
        self._stopped = threading.Event()

    @property
    def mode(self) -> str:
        """In words, for whoever starts the service."""
        modes = [f"POST {_PATH}"] if self._settings.signing_secret else []
        modes += ["Socket Mode"] if self._settings.app_token else []
        return " and ".join(modes) or "messages only: no signing secret and no app token is set"

    def routes(self) -> list[Route]:
        """Without a signing secret whatever comes there is refused."""
        endpoint = events_endpoint(self._app, self._shared, self._settings.signing_secret)
        return [Route(_PATH, endpoint, methods=["POST"])]

    def start(self) -> None:
        """Nothing here waits for Slack."""
        self._workers.start()
        self._chores.start()
        if self._settings.app_token:
            clock, endpoint = self._shared.clock, self._settings.endpoint
            self._socket = Socket(self._app, self._settings.app_token, clock, endpoint)
            self._socket.keep_connected()

    def sweep(self) -> None:
        """Picks up what a dead replica left, and brings messages up to date. Never waits long:
        the work is done elsewhere."""
        if self._stopped.is_set():
            return
        for key in self._workers.under_way():
            take_turn(self._shared, key)
        for key in waiting(self._shared):
            self._workers.submit(key)
        now = self._shared.clock.now()
        if self._followed is None or now - self._followed >= _FOLLOWS_EVERY:
            self._followed = now
            self._chores.submit("messages")
        if self._socket:
            self._socket.keep_connected()

    def stop(self) -> None:
        """What is under way is another replica's, or the next process's, to carry on."""
        self._stopped.set()
        self._workers.stop()
        self._chores.stop()
        if self._socket:
            self._socket.close()

    def _accept(self, item: Item) -> None:
        if accept(self._shared, item):
            self._workers.submit(item.key)

    def _bring_up_to_date(self) -> None:
        expire_proposals(self._shared)
        for trouble in follow_posts(self._shared, self._desk.open_room):
            _LOG.warning("%s", trouble)
        forget_seen(self._shared)
