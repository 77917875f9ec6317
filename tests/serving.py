"""`skewcheck serve` as a process: asked over HTTP, and what it says on stderr collected."""

import json
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests

from tests.cli.desk import Desk
from tests.processes import waited_for
from tests.programs import INSTALLED


@dataclass
class Served:
    """The service while it runs; what it says on stderr is collected all the time."""

    process: "subprocess.Popen[str]"
    lines: deque[str] = field(default_factory=deque)

    def __post_init__(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.lines.extend(iter(self.process.stderr.readline, ""))

    @property
    def url(self) -> str:
        def said() -> list[str]:
            return re.findall(r"listening on (\S+)", "".join(tuple(self.lines)))

        assert waited_for(lambda: bool(said()) or self.process.poll() is not None)
        return said()[0]

    def ask(self, path: str, body: Any = None) -> tuple[int, str]:
        """GET, or POST where there is a body."""
        method, headers = "GET" if body is None else "POST", {"Accept": "application/json"}
        with requests.request(
            method, urljoin(self.url, path), json=body, headers=headers, timeout=30
        ) as answer:
            return answer.status_code, answer.text

    def report(self) -> dict[str, Any]:
        """Empty before the first survey."""
        status, body = self.ask("/api/v1/environments/staging")
        told: dict[str, Any] = json.loads(body)
        return told if status == 200 else {}

    def sees(self, what: Callable[[dict[str, Any]], bool]) -> bool:
        return waited_for(lambda: bool(report := self.report()) and what(report))

    def rollouts(self) -> list[dict[str, Any]]:
        told = json.loads(self.ask("/api/v1/environments/staging/rollouts")[1])
        listed: list[dict[str, Any]] = told.get("rollouts", [])
        return listed

    def end(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """The exit code, and how long it took."""
        began = time.monotonic()
        self.process.send_signal(by)
        return self.process.wait(30), time.monotonic() - began


@contextmanager
def serving(desk: Desk, *words: str, **env: str) -> Iterator[Served]:
    """On any free port, surveying every second."""
    process = subprocess.Popen(
        [INSTALLED, "serve", "--port", "0", "--interval", "1s", *words],
        cwd=desk.stage.world.repository,
        env={**desk.env, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Served(process)
        finally:
            process.kill()


def passes(report: dict[str, Any]) -> bool:
    return bool(report["verdict"] == "pass" and not report["trouble"])
