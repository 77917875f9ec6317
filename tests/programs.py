"""Runs skewcheck as its users do: as the installed program, or its main() in this process."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from click.testing import CliRunner

from skewcheck.__main__ import main

INSTALLED = Path(sys.executable).with_name("skewcheck")
_BUILD_STEP = ("CI", "BUILDER_OUTPUT", "GITHUB_ACTIONS")


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it printed where."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """A bare machine: no credentials, no proxies, no settings, and nothing of the user's.

    NO_GCE_CHECK: without it google-auth looks for a metadata server for seconds.
    """
    bare = {
        "PATH": f"{INSTALLED.parent}:{os.defpath}",
        "HOME": str(home),
        "SKEWCHECK_STATE_DIR": str(home / "state"),
        "SKEWCHECK_CACHE_DIR": str(home / "cache"),
        "NO_GCE_CHECK": "true",
        "NO_PROXY": "*",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    return bare | more


def outside_of_ci(variables: Mapping[str, str]) -> dict[str, str]:
    """Without what tells skewcheck that a build step runs it, which is true of its own CI too."""
    return {name: value for name, value in variables.items() if name not in _BUILD_STEP}


def run_installed(*words: str, at: Path, env: Mapping[str, str], timeout_s: float = 60) -> Ended:
    """The program that pip installed, as a process of its own."""
    done = subprocess.run(
        [INSTALLED, *words],
        cwd=at,
        env=env,
        capture_output=True,
        check=False,
        timeout=timeout_s,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_here(*words: str, env: Mapping[str, str]) -> Ended:
    """main() in this process: faster, and a crash fails the test by itself."""
    hidden = ("SKEWCHECK_", "GITHUB_", *_BUILD_STEP)
    unset = {name: None for name in os.environ if name.startswith(hidden)}  # noqa: TID251 - hidden from the run
    runner = CliRunner()
    with runner.isolation(env={**unset, **env}) as streams:
        code: Any = None
        try:
            main(words)
        except SystemExit as left:
            code = left.code
        out, err = (streams[index].getvalue().decode() for index in (0, 1))
    return Ended(cast("int", code or 0), out, err)


def run_on_a_terminal(
    *words: str, at: Path, env: Mapping[str, str], says: str = ""
) -> tuple[int, str]:
    """The installed program; its exit code, and all that a person saw who typed `says`."""
    keyboard, screen = os.openpty()
    program = subprocess.Popen(
        [INSTALLED, *words], cwd=at, env=env, stdin=screen, stdout=screen, stderr=screen
    )
    os.close(screen)
    os.write(keyboard, says.encode())
    seen = b""
    while piece := _read(keyboard):
        seen += piece
    os.close(keyboard)
    return program.wait(timeout=60), seen.decode().replace("\r\n", "\n")


def _read(keyboard: int) -> bytes:
    """Nothing once the program has gone: Linux then answers EIO."""
    try:
        return os.read(keyboard, 4096)
    except OSError:
        return b""
