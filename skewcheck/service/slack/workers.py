"""A few threads that carry out what came from Slack.

Rule of this file: nothing is lost here, for all of it stands on the shelf: whoever stops leaves it
to another. So the threads are daemons, and nobody waits for them.
"""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

_LOG = logging.getLogger("skewcheck.slack")


class Workers:
    """`work` does what a key stands for. The same key is never worked on twice at once."""

    def __init__(self, work: Callable[[str], None], *, at_once: int = 8, most: int = 64) -> None:
        self._work = work
        self._at_once, self._most = at_once, most
        self._keys: SimpleQueue[str | None] = SimpleQueue()
        self._busy: set[str] = set()
        self._under_way: set[str] = set()
        self._lock = threading.Lock()

    def start(self) -> None:
        for number in range(self._at_once):
            threading.Thread(target=self._loop, name=f"slack-{number}", daemon=True).start()

    def submit(self, key: str) -> None:
        """Nothing where there is too much to do already: whoever asks again will find room."""
        with self._lock:
            if key in self._busy or len(self._busy) >= self._most:
                return
            self._busy.add(key)
        self._keys.put(key)

    def under_way(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._under_way)

    def stop(self) -> None:
        for _ in range(self._at_once):
            self._keys.put(None)

    def _loop(self) -> None:
        while (key := self._keys.get()) is not None:
            self._do(key)

    def _do(self, key: str) -> None:
        with self._lock:
            self._under_way.add(key)
        try:
            self._work(key)
        except Exception:
            # A bug in one piece of work must not take the thread from all others.
            _LOG.exception("what came from Slack as %s failed", key)
        finally:
            with self._lock:
                self._under_way.discard(key)
                self._busy.discard(key)
