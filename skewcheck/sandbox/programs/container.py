"""What both programs share: settings from outside, the ready line, and when to leave."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

READY = "listening on port "


class Settings:
    """The image's settings; whoever started the program may change them while it runs."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._values: dict[str, Any] = json.loads(environment["SANDBOX_IMAGE"])

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def obey(self, line: str) -> None:
        """Take new values from one line of JSON."""
        self._values |= json.loads(line)


def leave_with_parent(settings: Settings) -> None:
    """Follow stdin: a line changes the settings, its end ends this process at once.

    Ctrl-C in a terminal reaches the whole group; it is the parent's to act upon.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow() -> None:
        for line in sys.stdin:
            settings.obey(line)
        os._exit(0)

    threading.Thread(target=follow, daemon=True).start()


def come_up(settings: Settings, wait: Callable[[float], object]) -> None:
    """Fail or dawdle before listening, as the image says."""
    if settings["start_failure"]:
        print(settings["start_failure"], flush=True)  # noqa: T201  a container logs to stdout
        sys.exit(1)
    wait(settings["start_delay"])


def ready(port: int) -> None:
    """Tell the platform that we listen."""
    print(f"{READY}{port}", flush=True)  # noqa: T201  the platform reads this line


def log(severity: str, message: str, *, trace: str = "", **fields: Any) -> None:
    """One structured log line, as Cloud Run's logging agent reads it."""
    request = {"logging.googleapis.com/trace": trace} if trace else {}
    entry = {"severity": severity, "message": message, **request, **fields}
    print(json.dumps(entry), flush=True)  # noqa: T201  a container logs to stdout


def heartbeat(settings: Settings) -> tuple[int, dict[str, Any]]:
    """Dockerflow's heartbeat: 200 while every dependency is ok, else 503."""
    checks = dict(settings["dependencies"])
    healthy = all(state == "ok" for state in checks.values())
    document = {"status": "ok" if healthy else "error", "checks": checks, "details": {}}
    return (200 if healthy else 503), document
