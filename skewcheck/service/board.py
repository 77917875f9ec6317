"""What the pages show now, in this process, and a bell for those who wait until it changes.

Threads put views on the board; the web application reads it in its event loop.
"""

import asyncio
import hashlib
import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from skewcheck.render.page.view import EnvironmentView
from skewcheck.render.rollout.as_json import render_rollouts_json


@dataclass(frozen=True, slots=True)
class _Shown:
    view: EnvironmentView
    version: str


@dataclass(frozen=True, eq=False, slots=True)
class _Bell:
    loop: asyncio.AbstractEventLoop
    rung: asyncio.Event

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop of one who waited is closed
            self.loop.call_soon_threadsafe(self.rung.set)


class Board:
    """Versions follow from what is shown, so all replicas that show the same have the same.

    `blocked` counts the gate's blocks by environment; no page shows it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: dict[str, _Shown] = {}
        self._bells: set[_Bell] = set()
        self._closed = False
        self.blocked: Mapping[str, int] = {}

    def put(self, view: EnvironmentView) -> None:
        """Nobody is told where it is what stands there already."""
        with self._lock:
            before = self._shown.get(view.name)
            if before is not None and before.view == view:
                return
            self._shown[view.name] = _Shown(view, _version(view))
            self._ring()

    def remove(self, name: str) -> None:
        with self._lock:
            if self._shown.pop(name, None) is not None:
                self._ring()

    def environments(self) -> tuple[EnvironmentView, ...]:
        """Ordered by name."""
        with self._lock:
            return tuple(self._shown[name].view for name in sorted(self._shown))

    def environment(self, name: str) -> EnvironmentView | None:
        with self._lock:
            shown = self._shown.get(name)
        return None if shown is None else shown.view

    @property
    def version(self) -> str:
        return self.version_of(None)

    def version_of(self, name: str | None) -> str:
        """Of one environment, empty where it is not shown; of all where None is named."""
        with self._lock:
            if name is not None:
                return self._shown[name].version if name in self._shown else ""
            return _digest([self._shown[each].version for each in sorted(self._shown)])

    async def changed(self, since: str, *, timeout: float, name: str | None = None) -> str:
        """The version as soon as it is not `since`, or as it is after so many seconds or once the
        board is closed. It holds no thread."""
        bell = _Bell(asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._bells.add(bell)
        try:
            async with asyncio.timeout(timeout):
                while self.version_of(name) == since and not self._closed:
                    await bell.rung.wait()
                    bell.rung.clear()
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._bells.discard(bell)
        return self.version_of(name)

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Nobody waits any longer: open streams end at once."""
        with self._lock:
            self._closed = True
            self._ring()

    def _ring(self) -> None:
        for bell in self._bells:
            bell.ring()


def _version(view: EnvironmentView) -> str:
    told = [view.name, view.report, view.trouble, render_rollouts_json(view.rollouts)]
    return _digest([*told, repr(view.history), repr(view.hold), *view.notes])


def _digest(told: object) -> str:
    written = json.dumps(told, sort_keys=True).encode()
    return hashlib.sha256(written).hexdigest()[:16]
