"""Revisions as real processes: started with their environment, ready once they say their port.

Each child holds the read end of a pipe as its stdin and leaves when that ends: so it goes when it
is told to, and also when this process is killed and can tell nobody anything.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import SandboxError
from skewcheck.sandbox.images import Catalogue, Runnable
from skewcheck.sandbox.programs.container import READY
from skewcheck.sandbox.sources import path_of_python

OnLine: TypeAlias = Callable[[str, str], None]
_START_WITHIN_S = 30.0
_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
_INHERITED = ("SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR")


class Process:
    """One running revision: its port, and a way to tell it things."""

    def __init__(self, image: Runnable, env: Mapping[str, str], on_line: Callable[[str], None]):
        self.port = 0
        self.last_line = ""
        self._ready = threading.Event()
        self._child = subprocess.Popen(
            [sys.executable, "-m", f"skewcheck.sandbox.programs.{image.program}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**env, "PYTHONPATH": _PACKAGE_ROOT, "SANDBOX_IMAGE": image.settings()},
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(on_line,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id, for those who look whether it is gone."""
        return self._child.pid

    def wait_ready(self) -> bool:
        """True once it listens; False when it ended or took too long."""
        return self._ready.wait(_START_WITHIN_S) and bool(self.port)

    def tell(self, settings: Json) -> None:
        """Change how it behaves from now on, for example its dependencies."""
        if self._child.stdin:
            self._child.stdin.write(json.dumps(settings) + "\n")
            self._child.stdin.flush()

    def close(self) -> None:
        """End it and wait until it has ended."""
        self._child.terminate()
        self._child.wait()
        self._reader.join()
        for stream in (self._child.stdin, self._child.stdout):
            if stream:
                stream.close()

    def _read(self, on_line: Callable[[str], None]) -> None:
        for line in self._child.stdout or ():
            if line.startswith(READY):
                self.port = int(line.removeprefix(READY))
                self._ready.set()
            else:
                self.last_line = line.strip() or self.last_line
                on_line(line.rstrip("\n"))
        self._ready.set()


class Fleet:
    """All revision processes, by the full name of their revision."""

    def __init__(self, images: Catalogue, inherit: Mapping[str, str], on_line: OnLine) -> None:
        self._images = images
        self._inherit = {key: inherit[key] for key in _INHERITED if key in inherit}
        self._inherit["PATH"] = path_of_python(inherit.get("PATH", os.defpath))
        self._on_line = on_line
        self._processes: dict[str, Process] = {}
        self._closed = False
        self._lock = threading.Lock()

    def pin(self, image: str) -> str:
        """The reference by digest, where the catalogue knows it."""
        return self._images.pin(image)

    def start(self, revision: Json) -> str | None:
        """Start the revision's process and wait for it; the reason if it does not come up."""
        container = revision["containers"][0]
        reference = container.get("image", "")
        try:
            image = self._images.find(reference)
        except SandboxError as error:
            return f"Image '{reference}' not found: {error}"
        if image is None:
            return f"Image '{reference}' not found."
        process = self._spawn(revision, image, container)
        if process is None:
            return "The platform is shutting down."
        return None if process.wait_ready() else _did_not_listen(process.last_line)

    def stop(self, revision: str) -> None:
        """End the revision's process, if it has one."""
        with self._lock:
            process = self._processes.pop(revision, None)
        if process:
            process.close()

    def process(self, revision: str) -> Process | None:
        """The running process of a revision."""
        return self._processes.get(revision)

    def close(self) -> None:
        """End all of them, and start no more."""
        with self._lock:
            self._closed = True
            remaining, self._processes = self._processes, {}
        for process in remaining.values():
            process.close()

    def _spawn(self, revision: Json, image: Runnable, container: Json) -> Process | None:
        name = revision["name"]
        own = {item["name"]: item.get("value", "") for item in container.get("env", ())}
        service, short = name.split("/")[5], name.split("/")[7]
        platform = {"PORT": "0", "K_SERVICE": service, "K_REVISION": short}
        env = {**self._inherit, **own, **platform}
        with self._lock:
            if self._closed:
                return None
            process = Process(image, env, lambda line: self._on_line(name, line))
            self._processes[name] = process
        return process


def _did_not_listen(reason: str) -> str:
    return (
        "The user-provided container failed to start and listen on the port defined provided by "
        "the PORT=8080 environment variable within the allocated timeout. This can happen when "
        f"the container port is misconfigured or if the timeout is too short. {reason}".rstrip()
    )
