"""The questions that flows ask about one repository's history, and their answers as values.

Rules of this file: a ref is resolved once, so that all of a run sees the same commits; words of
users are checked before they reach git, which then only sees full SHAs and paths.
"""

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from skewcheck.adapters.git_history import refs
from skewcheck.adapters.git_history.completeness import Completeness
from skewcheck.adapters.git_history.files import list_files, read_file
from skewcheck.adapters.git_history.log import commits, read_commit
from skewcheck.adapters.git_history.names import (
    checked_path,
    checked_ref,
    glob_pathspecs,
    is_full_sha,
    is_sha_prefix,
    literal_pathspec,
)
from skewcheck.adapters.git_history.places import one_name
from skewcheck.adapters.git_history.repository import Repository
from skewcheck.adapters.git_history.timeline import states
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import (
    Commit,
    FileVersion,
    NotInHistory,
    Relation,
    RelationKind,
)


class GitHistory:
    """The `History` port. `freshness_problem` says why a mirror may be old, or nothing;
    `shortfall` says why a list of versions or touches may be too short, once one was."""

    def __init__(
        self, repository: Repository, completeness: Completeness, *, freshness_problem: str = ""
    ) -> None:
        self.freshness_problem = freshness_problem
        self.shortfall: NotInHistory | None = None
        self._repository = repository
        self._completeness = completeness
        self._lock = threading.Lock()
        self._resolved: dict[str, BuildSha] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends git's helper processes; the history can still be asked and closed again."""
        self._repository.close()

    def project(self) -> str:
        remote = self._repository.remote()
        url = self._repository.ask("config", "--get", f"remote.{remote}.url").text if remote else ""
        return one_name(url) if url else str(self._repository.common_dir.resolve())

    def resolve(self, ref: str) -> BuildSha:
        with self._lock:
            if ref not in self._resolved:
                self._resolved[ref] = self._look_up(ref)
            return self._resolved[ref]

    def _look_up(self, ref: str) -> BuildSha:
        checked_ref(ref)
        found = None if is_full_sha(ref) else refs.find_ref(self._repository, ref)
        if found is not None:
            return found
        if not is_sha_prefix(ref):
            raise refs.not_found(self._repository, ref)
        expanded = self.expand(ref)
        if isinstance(expanded, NotInHistory):
            raise UsageError(expanded.why, hint=expanded.fix)
        return expanded

    def doubts(self) -> tuple[NotInHistory, ...]:
        old = self.freshness_problem
        stale = (NotInHistory(old, "run it again when the remote answers"),) if old else ()
        return (*stale, self.shortfall) if self.shortfall else stale

    def default_branch(self) -> str | None:
        return refs.default_branch(self._repository)

    def remote(self) -> str | None:
        return self._repository.remote()

    def expand(self, prefix: str) -> BuildSha | NotInHistory:
        if is_full_sha(prefix):
            absent = self._absent(build := BuildSha(prefix))
            return build if absent is None else absent
        found = refs.expand_here(self._repository, prefix)
        if isinstance(found, BuildSha):
            return found
        gap = self._completeness.caught_up()
        found = refs.expand_here(self._repository, prefix)
        return gap if gap and isinstance(found, NotInHistory) else found

    def file_at(self, build: BuildSha, path: str) -> bytes | NotInHistory | None:
        inside = checked_path(path)
        tree = self._completeness.tree_of(build)
        if isinstance(tree, NotInHistory):
            return tree
        return read_file(self._repository, build, tree=tree, path=inside)

    def files_in(self, build: BuildSha, folder: str) -> tuple[str, ...]:
        inside = checked_path(folder) if folder not in {"", "."} else ""
        tree = self._completeness.tree_of(build)
        if isinstance(tree, NotInHistory):
            return ()
        return list_files(self._repository, tree=tree, folder=inside)

    def relation(self, build: BuildSha, to: BuildSha) -> Relation:
        if build == to:
            return Relation(RelationKind.SAME)
        gap = self._gap(build, to)
        if gap is not None:
            return Relation(RelationKind.UNKNOWN, why=gap.why, fix=gap.fix)
        counted = self._repository.must(
            "rev-list", "--left-right", "--count", f"{build}...{to}", "--"
        )
        ahead, behind = (int(count) for count in counted.text.split())
        return Relation(_kind(ahead=ahead, behind=behind), behind=behind, ahead=ahead)

    def commits_between(
        self, older: BuildSha, newer: BuildSha, *, limit: int, paths: Sequence[str] = ()
    ) -> tuple[Commit, ...]:
        globs = tuple(glob_pathspecs(paths))
        if self._gap(older, newer) is not None:
            return ()
        limits = (f"--max-count={limit}", str(newer), f"^{older}")
        return commits(self._repository, *limits, pathspecs=globs)

    def commit(self, build: BuildSha) -> Commit | NotInHistory:
        absent = self._absent(build)
        return read_commit(self._repository, build) if absent is None else absent

    def last_touch(self, ref: str, paths: Sequence[str]) -> Commit | NotInHistory:
        """Along first parents: the commit that brought the change onto the ref, a merge where
        it came by one, because that is what was built and deployed from there."""
        globs = tuple(glob_pathspecs(paths))
        build = BuildSha(ref) if is_full_sha(ref) else self.resolve(ref)
        if absent := self._absent(build):
            return absent
        if not globs:
            return self.commit(build)
        found = self._newest_touch(build, globs)
        if found is None or self._completeness.cut_among([str(found.sha)]):
            if gap := self._completeness.cut_below(build):
                return gap
            found = self._newest_touch(build, globs)
        return found or NotInHistory(
            f"no commit of {ref} touches {', '.join(paths)}", fix="correct the paths"
        )

    def _newest_touch(self, build: BuildSha, globs: tuple[str, ...]) -> Commit | None:
        limits = ("--first-parent", "--max-count=1", str(build))
        return next(iter(commits(self._repository, *limits, pathspecs=globs)), None)

    def touches(self, ref: str, paths: Sequence[str], *, since: datetime) -> tuple[Commit, ...]:
        return self._states(ref, tuple(glob_pathspecs(paths)), since)

    def versions(self, path: str, *, ref: str, since: datetime) -> tuple[FileVersion, ...]:
        found = self._states(ref, (literal_pathspec(path),), since)
        return tuple(self._version(commit, path) for commit in found)

    def _states(self, ref: str, pathspecs: tuple[str, ...], since: datetime) -> tuple[Commit, ...]:
        build = self.resolve(ref)
        found = states(self._repository, build, pathspecs, since=since)
        if not self._completeness.cut_among(str(commit.sha) for commit in found):
            return found
        self.shortfall = self._completeness.deepened()
        return states(self._repository, build, pathspecs, since=since)

    def _version(self, commit: Commit, path: str) -> FileVersion:
        content = self.file_at(commit.sha, path)
        if isinstance(content, NotInHistory):
            self.shortfall = content
            return FileVersion(commit, None)
        return FileVersion(commit, content)

    def _absent(self, build: BuildSha) -> NotInHistory | None:
        tree = self._completeness.tree_of(build)
        return tree if isinstance(tree, NotInHistory) else None

    def _gap(self, one: BuildSha, other: BuildSha) -> NotInHistory | None:
        return self._absent(one) or self._absent(other) or self._completeness.cut_below(one, other)


def _kind(*, ahead: int, behind: int) -> RelationKind:
    match ahead > 0, behind > 0:
        case False, False:
            return RelationKind.SAME
        case False, True:
            return RelationKind.BEHIND
        case True, False:
            return RelationKind.AHEAD
        case _:
            return RelationKind.DIVERGED
