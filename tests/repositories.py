"""Builds real git repositories for tests, through the git command and without anybody's config."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skewcheck.core.build import BuildSha

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def git(*arguments: str | Path, at: Path, env: dict[str, str] | None = None) -> str:
    """What git printed, without the last newline; fails the test where git fails."""
    said = subprocess.run(
        ["git", *map(str, arguments)],
        cwd=at,
        env={
            "PATH": os.defpath,
            "HOME": str(at),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **(env or {}),
        },
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr.decode(errors="replace")
    return said.stdout.decode(errors="replace").rstrip("\n")


def signature(at: datetime = START, author: str = "Ada") -> dict[str, str]:
    """The environment in which git commits in this name at this time."""
    date = f"@{int(at.timestamp())} +0000"
    return {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": f"{author.lower()}@acme.example",
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": author,
        "GIT_COMMITTER_EMAIL": f"{author.lower()}@acme.example",
        "GIT_COMMITTER_DATE": date,
    }


class Repository:
    """A working tree in which each commit is a minute younger than the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._now = START
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        # So that blobless and single-commit fetches work over file:// as they do from a host.
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")

    def git(self, *arguments: str | Path, env: dict[str, str] | None = None) -> str:
        return git(*arguments, at=self.path, env=env)

    @property
    def url(self) -> str:
        return self.path.as_uri()

    @property
    def head(self) -> BuildSha:
        return BuildSha(self.git("rev-parse", "HEAD"))

    def commit(
        self,
        files: dict[str, str | None] | None = None,
        subject: str = "Change something",
        *,
        at: datetime | None = None,
        author: str = "Ada",
    ) -> BuildSha:
        """Writes the files (None removes one) and commits them; without any, an empty commit."""
        for name, content in (files or {}).items():
            self._write(self.path / name, content)
        self.git("add", "--all")
        self.git(
            *("commit", "--quiet", "--allow-empty", "--message", subject),
            env=self._signature(at, author),
        )
        return self.head

    def merge(
        self, *others: str, subject: str = "Merge", at: datetime | None = None, author: str = "Ada"
    ) -> BuildSha:
        self.git(
            *("merge", "--quiet", "--no-ff", "--message", subject, *others),
            env=self._signature(at, author),
        )
        return self.head

    def branch(self, name: str, *, start: str = "HEAD") -> None:
        """Creates the branch and switches to it."""
        self.git("checkout", "--quiet", "-b", name, start)

    def switch(self, name: str) -> None:
        self.git("checkout", "--quiet", name)

    def tag(self, name: str, *, message: str | None = None) -> None:
        """Annotated where it has a message."""
        noted = () if message is None else ("--annotate", "--message", message)
        self.git("tag", *noted, name, env=self._signature(None, "Ada"))

    def clone(self, path: Path, *options: str) -> Path:
        """A clone over the file transport, as from a host."""
        git("clone", "--quiet", *options, self.url, path, at=self.path)
        return path

    def _write(self, file: Path, content: str | None) -> None:
        if content is None:
            file.unlink()
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def _signature(self, at: datetime | None, author: str) -> dict[str, str]:
        self._now += timedelta(minutes=1)
        return signature(at or self._now, author)
