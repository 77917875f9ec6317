"""A real git repository, written commit by commit with chosen authors and dates."""

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path


class Repository:
    """A new repository in a directory; nothing of the user's own git settings counts in it."""

    def __init__(self, directory: Path, inherit: Mapping[str, str]) -> None:
        self.directory = directory
        self._env = {
            "PATH": inherit.get("PATH", os.defpath),
            "HOME": str(directory),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        directory.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet", "--initial-branch=main")

    def commit(self, files: Mapping[str, str], message: str, *, author: str, at: datetime) -> str:
        """Write the files and commit them; the full SHA."""
        for path, text in files.items():
            target = self.directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        self._git("add", "--all")
        self._git("commit", "--quiet", f"--message={message}", env=_signed(author, at))
        return self._git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        """Start a branch here and go on with it."""
        self._git("switch", "--quiet", "--create", name)

    def switch(self, name: str) -> None:
        """Go on with another branch."""
        self._git("switch", "--quiet", name)

    def _git(self, *words: str, env: Mapping[str, str] | None = None) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=self.directory,
            env={**self._env, **(env or {})},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()


def _signed(author: str, at: datetime) -> dict[str, str]:
    when = at.isoformat()
    name, mail = author.title(), f"{author.lower()}@acme.example"
    return {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", name), ("EMAIL", mail), ("DATE", when))
    }
