"""Images that are commits: a folder of a git repository, built and started by its own Procfile.

A commit is checked out as Cloud Build checks it out, with its `.git`, and built once; whoever asks
for the image again gets the same folder.
"""

import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skewcheck.sandbox.errors import SandboxError

_BUILD_WITHIN_S = 120
_TOLD_LINES = 12
_INHERITED = ("LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandImage:
    """A built folder and the command that serves it; see programs/command.py."""

    directory: Path
    start: str
    program: str = "command"
    start_failure: str = ""

    def settings(self) -> str:
        """What the program has to know."""
        return json.dumps({"directory": str(self.directory), "start": self.start})


class Source:
    """One folder of a repository, whose commits are images."""

    def __init__(
        self, repository: Path, folder: str, workshop: Path, inherit: Mapping[str, str]
    ) -> None:
        self._repository = repository
        self._folder = folder
        self._workshop = workshop
        self._env = {
            **{key: inherit[key] for key in _INHERITED if key in inherit},
            "PATH": path_of_python(inherit.get("PATH", os.defpath)),
            "HOME": str(workshop),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self._images: dict[str, CommandImage] = {}
        self._lock = threading.Lock()

    def resolve(self, ref: str) -> str:
        """The full commit that a ref names."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        found = self._git("-C", str(self._repository), *words)
        if found.returncode:
            raise SandboxError(f"the repository has no commit '{ref}'")
        return found.stdout.strip()

    def image(self, ref: str) -> CommandImage:
        """The image of a commit, built now if it was not before."""
        commit = self.resolve(ref)
        with self._lock:
            if commit not in self._images:
                self._images[commit] = self._built(commit)
            return self._images[commit]

    def _built(self, commit: str) -> CommandImage:
        checkout = self._workshop / f"{self._folder}-{commit}"
        self._check_out(commit, checkout)
        directory = checkout / self._folder
        commands = procfile(directory / "Procfile")
        if "web" not in commands:
            raise SandboxError(
                f"{self._folder}/Procfile at {commit[:7]} has no line 'web: COMMAND'"
            )
        if "build" in commands:
            self._run(commands["build"], directory, commit)
        return CommandImage(directory=directory, start=commands["web"])

    def _check_out(self, commit: str, checkout: Path) -> None:
        checkout.parent.mkdir(parents=True, exist_ok=True)
        source, target = str(self._repository), str(checkout)
        if not checkout.exists():
            self._must("clone", "--quiet", "--no-checkout", source, target)
        self._must("-C", target, "checkout", "--quiet", "--force", "--detach", commit)

    def _must(self, *words: str) -> None:
        done = self._git(*words)
        if done.returncode:
            raise SandboxError(f"git {shlex.join(words)}: {done.stderr.strip()}")

    def _git(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *words], env=self._env, capture_output=True, text=True, check=False
        )

    def _run(self, command: str, directory: Path, commit: str) -> None:
        """As a build step: the commit is in COMMIT_SHA, what it says is told if it fails."""
        try:
            done = subprocess.run(
                ["/bin/sh", "-c", command],
                cwd=directory,
                env={**self._env, "COMMIT_SHA": commit},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=_BUILD_WITHIN_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SandboxError(f"`{command}` took more than {_BUILD_WITHIN_S} s") from None
        if done.returncode:
            told = "\n".join(done.stdout.strip().splitlines()[-_TOLD_LINES:])
            raise SandboxError(f"`{command}` ended with exit {done.returncode}:\n{told}")


def procfile(file: Path) -> dict[str, str]:
    """The commands by name; none where there is no such file."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pairs = (line.partition(":") for line in lines if not line.startswith("#"))
    return {name.strip(): command.strip() for name, _, command in pairs if command.strip()}


def path_of_python(path: str) -> str:
    """PATH with the Python first that runs the sandbox: `python` has the same packages."""
    return os.pathsep.join((str(Path(sys.executable).parent), path))
