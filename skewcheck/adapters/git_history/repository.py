"""One opened repository: runs its git commands and lends out GitPython objects.

Rules of this file: a Repo serves one thread at a time (shared ones dead-lock), all of them are
closed in the end, and nobody may ask for anything that reads the working tree.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from git import InvalidGitRepositoryError, NoSuchPathError, Repo

from skewcheck.adapters.git_history.command import OFFLINE, STEADY, Answer, ask, failed
from skewcheck.adapters.git_history.places import redacted
from skewcheck.core.errors import SkewcheckError, UsageError


class Repository:
    """Safe to use from many threads; `name` is how people know it."""

    def __init__(self, repo: Repo, *, name: str) -> None:
        self.name = name
        self.bare = repo.bare
        self.common_dir = Path(repo.common_dir)
        self._path = repo.working_dir
        # A hook's GIT_DIR would otherwise point every command at another repository.
        self._environment = {"GIT_DIR": str(repo.git_dir)}
        self._lock = threading.Lock()
        self._idle: dict[bool, list[Repo]] = {False: [], True: []}
        self._git = repo.git
        self._give_back(self._steadied(repo, offline=False), offline=False)

    def ask(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
        given: BinaryIO | None = None,
    ) -> Answer:
        return ask(
            self._git,
            *arguments,
            environment={**self._environment, **(environment or {})},
            timeout_s=timeout_s,
            given=given,
        )

    def must(self, *arguments: str) -> Answer:
        """For commands that can only fail where the repository itself is damaged."""
        answer = self.ask(*arguments)
        if answer.status != 0:
            raise failed(
                f"git {arguments[0]} failed in {self.name}",
                answer,
                hint=f"git -C {self._path} fsck",
            )
        return answer

    @contextmanager
    def lend(self, *, offline: bool = False) -> Iterator[Repo]:
        """A Repo of one's own for a moment; thrown away when something went wrong with it.

        `offline` ones never fetch what a partial clone lacks.
        """
        with self._lock:
            repo = self._idle[offline].pop() if self._idle[offline] else None
        if repo is None:
            repo = self._steadied(Repo(self._path, expand_vars=False), offline=offline)
        try:
            yield repo
        except BaseException:
            repo.close()
            raise
        self._give_back(repo, offline=offline)

    def _steadied(self, repo: Repo, *, offline: bool) -> Repo:
        reach = OFFLINE if offline else {}
        repo.git.update_environment(**{**STEADY, **self._environment, **reach})
        return repo

    def _give_back(self, repo: Repo, *, offline: bool) -> None:
        with self._lock:
            self._idle[offline].append(repo)

    def peel(self, name: str) -> str | None:
        """The full name of the object that it leads to, if it is here; asks a helper process that
        lives on, because a survey of a thousand services asks for a thousand builds."""
        try:
            with self.lend(offline=True) as repo:
                found: object = repo.git.get_object_header(name)[0]
                return found.decode() if isinstance(found, bytes) else str(found)
        except (ValueError, OSError):
            return None

    def remote(self) -> str | None:
        """`origin`, else the only remote there is."""
        names = self.must("remote").text.split()
        return "origin" if "origin" in names else names[0] if len(names) == 1 else None

    def boundary(self) -> frozenset[str]:
        """The commits where a shallow clone's history was cut off; none in a full one."""
        try:
            return frozenset((self.common_dir / "shallow").read_text().split())
        except FileNotFoundError:
            return frozenset()

    def close(self) -> None:
        with self._lock:
            idle = [repo for each in self._idle.values() for repo in each]
            self._idle = {False: [], True: []}
        for repo in idle:
            repo.close()


def open_repository(path: Path, *, name: str, ours: bool) -> Repository:
    """A checkout is also found from below its top, a mirror of `ours` only where it is.

    UsageError where there is none; SkewcheckError where git refuses to read it."""
    try:
        repo = Repo(path, search_parent_directories=not ours, expand_vars=False)
    except (InvalidGitRepositoryError, NoSuchPathError) as error:
        raise UsageError(
            f"{name} is not a git repository",
            hint="run it in the repository that holds manifests/, or name one: --repo DIR",
        ) from error
    try:
        _check_readable(repo, name, ours=ours)
    except BaseException:
        repo.close()
        raise
    return Repository(repo, name=name)


def _check_readable(repo: Repo, name: str, *, ours: bool) -> None:
    """Before GIT_DIR is fixed, because git looks at the owner only where it searches itself."""
    # The cache's owner was checked, and safe.bareRepository may forbid to search for mirrors.
    environment = {"GIT_DIR": str(repo.git_dir)} if ours else {}
    answer = ask(repo.git, "rev-parse", "--show-object-format", environment=environment)
    if "dubious ownership" in answer.err:
        raise SkewcheckError(
            f"{name} belongs to another user, so git does not read it",
            hint=f"git config --global --add safe.directory {repo.working_dir}",
        )
    if answer.status != 0:
        raise failed(
            f"git cannot read {redacted(name)}", answer, hint=f"git -C {repo.working_dir} fsck"
        )
    if answer.text != "sha1":
        raise UsageError(
            f"{name} names its commits with {answer.text}; builds are 40-digit SHA-1 names",
            hint="name another repository",
        )
