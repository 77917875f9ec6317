"""A container that runs a command: somebody else's service, which knows nothing of the sandbox.

It gets a PORT and is ready once that accepts connections, as on Cloud Run. This process stands
between the platform and the command, so that the command goes whenever the platform does.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from skewcheck.sandbox.programs import container

_HOST = "127.0.0.1"
# Below what systems give to those who ask for any port: nobody takes it before the command does.
_PORTS = range(20_000, 32_000)
_OURS = ("PYTHONPATH", "SANDBOX_IMAGE")
_LOOK_EVERY_S = 0.05


def main(environment: Mapping[str, str]) -> None:
    """Run the command until it ends or the platform goes away."""
    settings = container.Settings(environment)
    leaving = threading.Event()
    told: list[int] = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    threading.Thread(target=_follow, args=(leaving,), daemon=True).start()
    port = free_port()
    with _running(settings, environment, port) as command:
        listens = False
        while command.poll() is None and not told and not leaving.wait(_LOOK_EVERY_S):
            if not listens and (listens := accepts(port)):
                container.ready(port)


@contextmanager
def _running(
    settings: container.Settings, environment: Mapping[str, str], port: int
) -> Iterator["subprocess.Popen[str]"]:
    """The command in a process group of its own, all of which ends with this block."""
    own = {key: value for key, value in environment.items() if key not in _OURS}
    command = subprocess.Popen(
        ["/bin/sh", "-c", settings["start"]],
        cwd=settings["directory"],
        env={**own, "HOST": _HOST, "PORT": str(port), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    printing = threading.Thread(target=_pass_on, args=(command,))
    printing.start()
    try:
        yield command
    finally:
        os.killpg(command.pid, signal.SIGKILL)
        command.wait()
        printing.join()


def _pass_on(command: "subprocess.Popen[str]") -> None:
    for line in command.stdout or ():
        # Only this process may tell the platform that the command listens.
        quoted = f" {line}" if line.startswith(container.READY) else line
        print(quoted, end="", flush=True)  # noqa: T201  a container logs to stdout


def _follow(leaving: threading.Event) -> None:
    """The platform speaks to nobody here; it only goes away."""
    for _ in sys.stdin:
        pass
    leaving.set()


def free_port() -> int:
    """A port that nobody listens on."""
    for port in random.sample(_PORTS, 100):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((_HOST, port))
            except OSError:
                continue
            return port
    raise OSError("100 ports were tried, and all are taken")


def accepts(port: int) -> bool:
    """Does somebody listen there?"""
    with socket.socket() as attempt:
        return attempt.connect_ex((_HOST, port)) == 0


if __name__ == "__main__":
    main(os.environ)  # noqa: TID251  a container's own environment is its input
