"""Carriers that carry nothing: they note who was started, and end when a test says so. Held to the
same contract as the processes: tests/adapters/test_carriers.py.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class FakeCarriers:
    """`on_start` may carry the rollout out."""

    started: list[str] = field(default_factory=list)
    stopped: bool = False
    on_start: Callable[[str], None] = lambda _: None
    _running: set[str] = field(default_factory=set)
    _ended: dict[str, tuple[int, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, environment: str) -> None:
        with self._lock:
            if self.stopped or environment in self._running | set(self._ended):
                return
            self._running.add(environment)
            self.started.append(environment)
        self.on_start(environment)

    def end(self, environment: str, code: int = 0, words: str = "") -> None:
        """As if its process had ended so."""
        with self._lock:
            self._running.discard(environment)
            self._ended[environment] = (code, words)

    def running(self) -> frozenset[str]:
        with self._lock:
            return frozenset(self._running)

    def ended(self) -> Mapping[str, tuple[int, str]]:
        with self._lock:
            ended, self._ended = self._ended, {}
            return ended

    def stop(self) -> None:
        with self._lock:
            self._running.clear()
            self._ended.clear()
            self.stopped = True
