"""Real WebSocket clients, as users have them: tabs that load the page through the edge, speak what
that page's build speaks for as long as they live, and load anew.
"""

import base64
import json
import re
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from conformance.rolling import SERVICES, Rolling

TABS = 8
# Long enough that one who does not wait for old tabs meets them; the rest of what the manifest
# allows is for a connection that begins in a tab's last moment, on a busy machine.
LINGERS = "7s"
LIVES_S = 5.5
_ENDS_WITHIN_S = 30
_PAUSE_S = 0.1
_BUILD = re.compile(rb'<meta name="build-sha" content="([0-9a-f]{40})">')
# The client's build, the server's revisions that had traffic when it called.
Meeting: TypeAlias = tuple[str, tuple[str, ...]]


class Crowd:
    """Meets without pause until it is sent home; counts who was welcomed, and who was not."""

    def __init__(self, scene: Rolling, lives_s: float) -> None:
        self.welcomed: Counter[Meeting] = Counter()
        self.failed: Counter[Meeting] = Counter()
        self.whys: Counter[str] = Counter()
        self._scene = scene
        self._lives_s = lives_s
        self._home = threading.Event()
        self._lock = threading.Lock()
        self._met = threading.Condition(self._lock)
        self._tabs = [
            threading.Thread(target=self._live, args=(lives_s * number / TABS,), daemon=True)
            for number in range(1, TABS + 1)
        ]
        for each in self._tabs:
            each.start()

    def meetings(self) -> int:
        return self.welcomed.total() + self.failed.total()

    def wait_for(self, more: int) -> None:
        """So many more meetings, whoever meets."""
        with self._met:
            wanted = self.meetings() + more
            assert self._met.wait_for(lambda: self.meetings() >= wanted, 60)

    def go_on_until_met(self, build: str) -> None:
        """Until a client of that build has met somebody."""
        with self._met:
            assert self._met.wait_for(lambda: build in self.clients(), 60)

    def clients(self) -> set[str]:
        """Builds of which a client met a server."""
        return {client for client, _ in (*self.welcomed, *self.failed)}

    def go_home(self) -> None:
        self._home.set()
        for each in self._tabs:
            each.join(_ENDS_WITHIN_S)
            assert not each.is_alive()

    def _live(self, first_life_s: float) -> None:
        """They have not all come at the same moment."""
        dies = time.monotonic() + first_life_s
        while not self._home.is_set():
            build = self._page()
            while time.monotonic() < dies and not self._home.wait(_PAUSE_S):
                self._meet(build)
            dies = time.monotonic() + self._lives_s

    def _page(self) -> str:
        with urllib.request.urlopen(self._scene.world.frontend_edge.url + "/", timeout=30) as page:
            found = _BUILD.search(page.read())
        assert found is not None
        return found[1].decode()

    def _meet(self, build: str) -> None:
        servers = tuple(sorted(self._scene.world.cloud.serving(SERVICES["backend"])))
        why = self._refused(build)
        with self._met:
            counted = self.failed if why else self.welcomed
            counted[build, servers] += 1
            self.whys[why] += 1
            self._met.notify_all()

    def _refused(self, build: str) -> str:
        """Why no welcome came; empty where one did."""
        query, offers = self._format(build)
        address = self._scene.world.backend_edge.url.replace("http://", "ws://")
        try:
            with connect(
                f"{address}/ws{query}",
                subprotocols=offers,
                open_timeout=20,
                close_timeout=20,
                compression=None,
                proxy=None,
            ) as socket:
                said = json.loads(socket.recv(timeout=20))
                return "" if said["type"] == "connection_established" else f"said {said}"
        except (OSError, WebSocketException) as error:
            return f"{type(error).__name__}: {error}"

    def _format(self, build: str) -> tuple[str, list[Subprotocol]]:
        """As that build's contract has it (sandbox/story.py): a ticket in the query since protocol
        3, before that the token among the subprotocols."""
        history, token = self._scene.world.history, self._scene.world.token
        if build in {history.bridge, history.next_protocol}:
            return f"?ticket={token}", [Subprotocol("chat.v3")]
        encoded = base64.urlsafe_b64encode(token.encode()).rstrip(b"=").decode()
        return "", [Subprotocol("jwt-auth"), Subprotocol(f"jwt.{encoded}")]


@contextmanager
def crowd(scene: Rolling, *, lives_s: float = LIVES_S) -> Iterator[Crowd]:
    """Every tab has met somebody before the block begins, and some meet after it has ended."""
    gathered = Crowd(scene, lives_s)
    try:
        gathered.wait_for(5 * TABS)
        yield gathered
        gathered.wait_for(5 * TABS)
    finally:
        gathered.go_home()
