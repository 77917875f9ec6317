"""Starts other people's programs on free ports of loopback, and always ends them."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TypeAlias

import pytest

_SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin"  # where only root has them on PATH
_PACKAGES = {"nginx": "nginx-light", "varnishd": "varnish", "node": "nodejs npm"}
_TRIES = 3
_STARTS_WITHIN_S = 30.0
Command: TypeAlias = Callable[[Mapping[str, int]], Sequence[str | Path]]


@dataclass(frozen=True)
class Running:
    """A program that listens: one port for each of its names."""

    ports: Mapping[str, int]
    process: subprocess.Popen[bytes]

    def url(self, name: str, path: str = "") -> str:
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def listens(self) -> bool:
        """Waits for it; False where it ended before, or took too long."""

        def is_decided() -> bool:
            return self.process.poll() is not None or all(map(_listens, self.ports.values()))

        return waited_for(is_decided) and self.process.poll() is None


class DidNotListenError(Exception):
    """It ended, or took too long; the message is what it printed."""


def binary(name: str) -> str:
    """The path of an installed program; without it the test is skipped."""
    found = shutil.which(name) or shutil.which(name, path=_SYSTEM)
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {_PACKAGES.get(name, name)}")
    return found


@contextmanager
def running(folder: Path, names: Sequence[str], command: Command) -> Iterator[Running]:
    """`command` gets a free port for each name, writes its files and says what to start."""
    started = _start(folder, names, command)
    try:
        yield started
    finally:
        end(started.process)


def spawn(command: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
    """In a group of its own, so that what it starts can be ended with it."""
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=log.parent,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """The program and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def waited_for(what: Callable[[], bool], within_s: float = _STARTS_WITHIN_S) -> bool:
    """Whether it came true in time; asked again and again."""
    pause, until = Event(), time.monotonic() + within_s
    while not what():
        if time.monotonic() > until:
            return False
        pause.wait(0.02)
    return True


def _start(folder: Path, names: Sequence[str], command: Command) -> Running:
    """Once more with other ports where it did not come up: another program may have taken one."""
    log = folder / "output.log"
    for _ in range(_TRIES):
        ports = dict(zip(names, _free_ports(len(names)), strict=True))
        started = Running(ports, spawn(command(ports), log))
        if started.listens():
            return started
        end(started.process)
    raise DidNotListenError(log.read_text(errors="replace")[-2000:])


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        taken = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in taken]


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
