"""A real repository with one commit per service, written in one go: git commit takes its time."""

import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.commands import inherited

CONTRACT = "contracts/chat.yaml"
_CONTRACT = 'schema: 1\nprotocol: chat\nversion: "1.0"\naccepts: ">=1.0,<2"\n'
_AGO = timedelta(days=3)


class Monorepo:
    """Each commit is a second younger than the one before, and all are days old."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._at = int((datetime.now(UTC) - _AGO).timestamp())  # noqa: TID251
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)

    def commit_each(self, services: int) -> list[str]:
        """The contract, then one commit per service; their full SHAs."""
        self._import(self._commits([(CONTRACT, _CONTRACT)]))
        self._import(self._commits((f"service-{n}.txt", f"{n}\n") for n in range(services)))
        newest_first = self._git("rev-list", f"--max-count={services}", "main").split()
        return newest_first[::-1]

    def commit(self, path: str, text: str) -> None:
        self._import(self._commits([(path, text)]))

    def _commits(self, files: Sequence[tuple[str, str]] | Iterator[tuple[str, str]]) -> bytes:
        return b"".join(self._one(path, text.encode()) for path, text in files)

    def _one(self, path: str, content: bytes) -> bytes:
        self._at += 1
        message = f"Write {path}"
        return (
            "commit refs/heads/main\n"
            f"committer Ada <ada@acme.example> {self._at} +0000\n"
            f"data {len(message)}\n{message}\n"
            f"M 100644 inline {path}\ndata {len(content)}\n"
        ).encode() + content + b"\n"  # fmt: skip

    def _import(self, commits: bytes) -> None:
        """A second import goes on from the branch only where it is told to."""
        known = self._git("for-each-ref", "refs/heads/main")
        start = b"from refs/heads/main^0\n" if known else b""
        head, _, rest = commits.partition(b"M 100644")
        self._git("fast-import", "--quiet", given=head + start + b"M 100644" + rest)

    def _git(self, *words: str, given: bytes = b"") -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env=inherited(),
            input=given,
            stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout.decode()
