"""Socket Mode, for those without a public address: Slack sends what it has over our own socket."""

import logging
import threading
from datetime import datetime, timedelta

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from skewcheck.ports import Clock
from skewcheck.service.slack.app import client_of, quiet

_LOG = logging.getLogger("skewcheck.slack")
_TRIES_AGAIN = timedelta(seconds=10)
_CLOSES_WITHIN_S = 4.0


class Socket:
    """Connected by itself for as long as the service lives, also where Slack was down at first."""

    def __init__(self, app: App, app_token: str, clock: Clock, endpoint: str) -> None:
        self._clock = clock
        self._handler = SocketModeHandler(
            app, app_token, logger=quiet(), web_client=client_of(endpoint)
        )
        if endpoint:
            self._handler.client.proxy = None
        self._tried: datetime | None = None
        self._trying = threading.Lock()
        self._closed = False

    def keep_connected(self) -> None:
        """Called now and then; never waits."""
        now = self._clock.now()
        if self._handler.client.is_connected():
            return
        if self._tried is None or now - self._tried >= _TRIES_AGAIN:
            self._tried = now
            threading.Thread(target=self._connect, name="slack-socket", daemon=True).start()

    def close(self) -> None:
        """The library takes some seconds to let go; nobody waits longer than a few."""
        closing = threading.Thread(target=self._close, name="slack-close", daemon=True)
        closing.start()
        closing.join(_CLOSES_WITHIN_S)

    def _connect(self) -> None:
        with self._trying:
            if self._closed or self._handler.client.is_connected():
                return
            try:
                self._handler.client.connect_to_new_endpoint()
            except Exception as error:
                # It raises whatever its socket raises; what matters is that we try again.
                _LOG.warning("Slack's socket does not open: %s", type(error).__name__)

    def _close(self) -> None:
        """Not in the middle of connecting, which would leave that connection open."""
        with self._trying:
            self._closed = True
            self._handler.client.close()
