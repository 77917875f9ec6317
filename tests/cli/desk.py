"""A person at a machine of their own, before the demo's world: commands about its plans."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skewcheck.sandbox import story
from tests.programs import (
    INSTALLED,
    Ended,
    environment,
    run_here,
    run_installed,
    run_on_a_terminal,
)
from tests.system.stage import Stage


@dataclass(frozen=True)
class Desk:
    """Its state is nobody else's, so one test's rollouts are unknown to the next."""

    stage: Stage
    state: Path

    @property
    def env(self) -> dict[str, str]:
        own = {"SKEWCHECK_STATE_DIR": str(self.state), "USER": "ada"}
        return {**environment(self.stage.home), **self.stage.env, **own}

    def run(self, *words: str, **env: str) -> Ended:
        """In this process."""
        where = ("--repo", str(self.stage.world.repository))
        return run_here(*words, *where, env={**self.env, **env})

    def installed(self, *words: str, **env: str) -> Ended:
        """As a process of its own, as rollouts run."""
        return run_installed(*words, at=self.stage.world.repository, env={**self.env, **env})

    @contextmanager
    def started(self, *words: str) -> "Iterator[subprocess.Popen[str]]":
        """While it goes on; it does not outlive the test."""
        program = subprocess.Popen(
            [INSTALLED, *words],
            cwd=self.stage.world.repository,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with program:
            try:
                yield program
            finally:
                program.kill()

    def on_a_terminal(self, *words: str, says: str = "", **env: str) -> tuple[int, str]:
        """The exit code, and all that a person saw who typed `says`."""
        where = self.stage.world.repository
        return run_on_a_terminal(*words, at=where, env={**self.env, **env}, says=says)

    def changeable(self) -> Mapping[str, Any]:
        """All that a rollout could change of the two services, with the etags of every write."""
        return {name: dict(self.stage.world.cloud.service(name)) for name in (story.WEB, story.API)}

    def trail(self) -> list[dict[str, Any]]:
        """The audit trail, the oldest first."""
        return [json.loads(line) for line in self.run("audit", "staging").out.splitlines()]

    def promise(self, branch: str, old: str, new: str) -> str:
        """A branch on which the manifest differs in that; its name."""
        repository, manifest = self.stage.world.repository, self.stage.world.manifest
        git = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@acme.example")
        text = manifest.read_text()
        assert old in text
        _shell(*git, "checkout", "--quiet", "-B", branch, at=repository)
        manifest.write_text(text.replace(old, new))
        _shell(*git, "commit", "--quiet", "--all", "--message", branch, at=repository)
        _shell(*git, "checkout", "--quiet", "main", at=repository)
        return branch


def document(ended: Ended) -> dict[str, Any]:
    """What a program reads of a run with --format json."""
    read: dict[str, Any] = json.loads(ended.out)
    assert read["schema"] == 1
    return read


def _shell(*words: str, at: Path) -> None:
    subprocess.run(words, cwd=at, check=True, capture_output=True)
