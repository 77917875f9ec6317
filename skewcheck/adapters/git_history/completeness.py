"""Makes sure that the history which a question needs is there, or says why it is not.

Rules of this file: a shallow clone's answer counts only where the walk never met the cut; every
way to fetch more is tried once per run, under a lock, and never when it was forbidden.
"""

import threading
from collections.abc import Iterable
from pathlib import Path

from skewcheck.adapters.git_history.command import NETWORK_TIMEOUT_S
from skewcheck.adapters.git_history.locks import locked
from skewcheck.adapters.git_history.repository import Repository
from skewcheck.core.build import BuildSha
from skewcheck.core.history import NotInHistory

_FETCH = (
    "-c",
    "gc.autoDetach=false",
    "fetch",
    "--quiet",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
)
# Services name their own builds, so others decide how many unknown commits we hear of.
_MOST_SINGLE_FETCHES = 8


class Completeness:
    """`fresh`: all branches were fetched a moment ago, so that fetching them again is idle."""

    def __init__(self, repository: Repository, *, lock: Path, may_fetch: bool, fresh: bool) -> None:
        self._repository = repository
        self._lock_file = lock
        self._remote = repository.remote() if may_fetch else None
        self._lock = threading.Lock()
        self._tried: set[str] = {"all"} if fresh else set()
        self._singles = 0
        self._trouble = ""
        self._trees: dict[BuildSha, str] = {}

    def tree_of(self, build: BuildSha) -> str | NotInHistory:
        """The name of the commit's tree, once everything was tried to have it."""
        for attempt in (self._nothing, self._deepen, self._fetch_all):
            attempt()
            if tree := self._tree_here(build):
                return tree
        self._fetch_one(build)
        return self._tree_here(build) or self._absent(build)

    def cut_below(self, *builds: BuildSha) -> NotInHistory | None:
        """Why what can be walked from these builds is not all there is; None if it is."""
        if self._reaches_cut(builds):
            self._deepen()
            if self._reaches_cut(builds):
                return self._too_shallow()
        return None

    def cut_among(self, commits: Iterable[str]) -> bool:
        """Whether any of them is where the history was cut, so that it seems to begin there."""
        return not self._repository.boundary().isdisjoint(commits)

    def deepened(self) -> NotInHistory | None:
        """Tries to get all history; why not, where it is still cut."""
        self._deepen()
        return self._too_shallow() if self._repository.boundary() else None

    def caught_up(self) -> NotInHistory | None:
        """As `deepened`, and with all that was pushed since the clone was made."""
        gap = self.deepened()
        self._fetch_all()
        return gap

    def _tree_here(self, build: BuildSha) -> str | None:
        if build not in self._trees:
            tree = self._repository.peel(f"{build}^{{commit}}^{{tree}}")
            if tree is None:
                return None
            self._trees[build] = tree
        return self._trees[build]

    def _reaches_cut(self, builds: Iterable[BuildSha]) -> bool:
        boundary = self._repository.boundary()
        if not boundary:
            return False
        names = [build.value for build in builds]
        walked = self._repository.must("rev-list", *names, "--").text.split()
        return not boundary.isdisjoint(walked)

    def _nothing(self) -> None:
        """What is here already needs no fetching."""

    def _deepen(self) -> None:
        if self._repository.boundary():
            self._once("deepen", "--unshallow")

    def _fetch_all(self) -> None:
        self._once("all")

    def _fetch_one(self, build: BuildSha) -> None:
        """A build of a branch that is gone: many servers still hand it out by its name."""
        if self._singles < _MOST_SINGLE_FETCHES and build.value not in self._tried:
            self._singles += 1
            self._once(build.value, "--no-tags", refspec=build.value)

    def _once(self, key: str, *options: str, refspec: str | None = None) -> None:
        with self._lock:
            if self._remote is None or key in self._tried:
                return
            self._tried.add(key)
            wanted = [self._remote] if refspec is None else [self._remote, refspec]
            with locked(self._lock_file):
                answer = self._repository.ask(
                    *_FETCH, *options, "--end-of-options", *wanted, timeout_s=NETWORK_TIMEOUT_S
                )
            if answer.status != 0 and refspec is None:
                self._trouble = f"; fetching failed: {answer.problem}"

    def _absent(self, build: BuildSha) -> NotInHistory:
        if self._repository.boundary():
            return self._too_shallow(f" and has no commit {build.short}")
        return NotInHistory(
            f"{build.short} is in no branch of {self._repository.name}{self._trouble}",
            fix=f"git push origin {build}:refs/heads/build-{build.short}, from where it was built",
        )

    def _too_shallow(self, more: str = "") -> NotInHistory:
        return NotInHistory(
            f"{self._repository.name} is a shallow clone{more}: "
            f"its history was cut off{self._trouble}",
            fix=f"git fetch --unshallow {self._remote or 'origin'}",
        )
