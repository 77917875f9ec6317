"""A git history in memory: commits with whole trees, branches, and gaps where a test wants them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import Commit, FileVersion, NotInHistory, Relation, RelationKind
from tests.builders import LONG_AGO


@dataclass(frozen=True)
class _Node:
    commit: Commit
    parent: BuildSha | None
    files: Mapping[str, bytes]


class FakeHistory:
    """Linear branches from common commits; every commit is a minute younger than the last."""

    def __init__(self) -> None:
        self.branches: dict[str, BuildSha] = {}
        self.default: str | None = None
        self.origin: str | None = None
        self.gaps: tuple[NotInHistory, ...] = ()
        self._nodes: dict[BuildSha, _Node] = {}
        self._now = LONG_AGO

    def add(
        self,
        files: Mapping[str, str | None] | None = None,
        subject: str = "Change something",
        *,
        at: datetime | None = None,
        author: str = "Ada",
        branch: str = "main",
        start: str = "",
    ) -> BuildSha:
        """Commits the files onto the branch (None removes one); `start` forks it from another."""
        parent = self.branches.get(branch) or self.branches.get(start)
        tree = dict(self._nodes[parent].files) if parent else {}
        for name, content in (files or {}).items():
            tree.pop(name, None)
            if content is not None:
                tree[name] = content.encode()
        self._now = at or self._now + timedelta(minutes=1)
        sha = BuildSha(hashlib.sha1(f"{parent} {subject} {len(self._nodes)}".encode()).hexdigest())  # noqa: S324 - as git names commits
        commit = Commit(sha=sha, subject=subject, author=author, at=self._now)
        self._nodes[sha] = _Node(commit, parent, tree)
        self.branches[branch] = sha
        return sha

    def project(self) -> str:
        return "git.acme.example/acme/chat"

    def resolve(self, ref: str) -> BuildSha:
        if ref == "HEAD":
            return self.branches["main"]
        if ref in self.branches:
            return self.branches[ref]
        found = [sha for sha in self._nodes if sha.value.startswith(ref)] if len(ref) >= 7 else []
        if len(found) != 1:
            raise UsageError(f"no branch, tag or commit {ref!r}", hint=f"git fetch origin {ref}")
        return found[0]

    def default_branch(self) -> str | None:
        return self.default

    def remote(self) -> str | None:
        return self.origin

    def expand(self, prefix: str) -> BuildSha | NotInHistory:
        found = [sha for sha in self._nodes if sha.value.startswith(prefix)]
        return found[0] if len(found) == 1 else _absent(prefix)

    def file_at(self, build: BuildSha, path: str) -> bytes | NotInHistory | None:
        node = self._nodes.get(build)
        return node.files.get(path) if node else _absent(build.value)

    def files_in(self, build: BuildSha, folder: str) -> tuple[str, ...]:
        node = self._nodes.get(build)
        names = (path.removeprefix(f"{folder}/") for path in node.files) if node else ()
        return tuple(sorted(name for name in names if "/" not in name))

    def commit(self, build: BuildSha) -> Commit | NotInHistory:
        node = self._nodes.get(build)
        return node.commit if node else _absent(build.value)

    def relation(self, build: BuildSha, to: BuildSha) -> Relation:
        for each in (build, to):
            if each not in self._nodes:
                gap = _absent(each.value)
                return Relation(RelationKind.UNKNOWN, why=gap.why, fix=gap.fix)
        behind, ahead = self._only(to, build), self._only(build, to)
        kinds = {
            (False, False): RelationKind.SAME,
            (True, False): RelationKind.BEHIND,
            (False, True): RelationKind.AHEAD,
            (True, True): RelationKind.DIVERGED,
        }
        return Relation(kinds[bool(behind), bool(ahead)], behind=len(behind), ahead=len(ahead))

    def commits_between(
        self, older: BuildSha, newer: BuildSha, *, limit: int, paths: Sequence[str] = ()
    ) -> tuple[Commit, ...]:
        if older not in self._nodes or newer not in self._nodes:
            return ()
        touching = set(self._touching(newer, paths))
        return tuple([each for each in self._only(newer, older) if each in touching][:limit])

    def last_touch(self, ref: str, paths: Sequence[str]) -> Commit | NotInHistory:
        tip = self.resolve(ref)
        if not paths:
            return self._nodes[tip].commit
        touching = next(self._touching(tip, paths), None)
        why = f"no commit of {ref} touches {', '.join(paths)}"
        return touching or NotInHistory(why, fix="correct the paths")

    def touches(self, ref: str, paths: Sequence[str], *, since: datetime) -> tuple[Commit, ...]:
        return tuple(_current_since(self._touching(self.resolve(ref), paths), since))

    def versions(self, path: str, *, ref: str, since: datetime) -> tuple[FileVersion, ...]:
        return tuple(
            FileVersion(commit, self._nodes[commit.sha].files.get(path))
            for commit in self.touches(ref, [path], since=since)
        )

    def doubts(self) -> tuple[NotInHistory, ...]:
        return self.gaps

    def _line(self, tip: BuildSha | None) -> Iterator[_Node]:
        while tip is not None:
            yield self._nodes[tip]
            tip = self._nodes[tip].parent

    def _only(self, tip: BuildSha, other: BuildSha) -> list[Commit]:
        known = {node.commit.sha for node in self._line(other)}
        return [node.commit for node in self._line(tip) if node.commit.sha not in known]

    def _touching(self, tip: BuildSha, paths: Sequence[str]) -> Iterator[Commit]:
        for node in self._line(tip):
            before = self._nodes[node.parent].files if node.parent else {}
            changed = {
                name for name in {*node.files, *before} if node.files.get(name) != before.get(name)
            }
            if not paths or any(fnmatchcase(name, glob) for name in changed for glob in paths):
                yield node.commit


class FakeHistories:
    """Repositories by the place that manifests call them by."""

    def __init__(self, histories: Mapping[str, FakeHistory]) -> None:
        self._histories = histories

    def open(self, place: str) -> FakeHistory:
        if place not in self._histories:
            raise UsageError(f"{place} is not a git repository", hint=f"git ls-remote {place}")
        return self._histories[place]


def _absent(name: str) -> NotInHistory:
    return NotInHistory(f"{name[:7]} is in no branch", fix="git push it from where it was built")


def _current_since(commits: Iterator[Commit], since: datetime) -> Iterator[Commit]:
    """Those within the window, and the newest one before it, which was current at its start."""
    for commit in commits:
        yield commit
        if commit.at < since:
            return
