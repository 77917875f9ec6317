"""Is a working tree what its commit says? The only place that looks at a working tree.

Rules of this file: it changes nothing, not even git's index; paths are literal, never patterns.
"""

from collections.abc import Sequence
from pathlib import Path

from git import InvalidGitRepositoryError, NoSuchPathError, Repo

from skewcheck.adapters.git_history.command import failed
from skewcheck.adapters.git_history.completeness import Completeness
from skewcheck.adapters.git_history.history import GitHistory
from skewcheck.adapters.git_history.names import literal_pathspec
from skewcheck.adapters.git_history.repository import Repository, open_repository
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.history import NotInHistory

_STATUS = (
    # A file system monitor is a program that the configuration names.
    *("-c", "core.fsmonitor=false"),
    *("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"),
    *("--ignore-submodules=none", "--"),
)


def top_of(place: Path) -> Path | None:
    """The top of the working tree that holds the folder; None where none does."""
    try:
        with Repo(place, search_parent_directories=True, expand_vars=False) as repo:
            top = repo.working_tree_dir
    except (InvalidGitRepositoryError, NoSuchPathError):
        return None
    return None if top is None else Path(top).resolve()


class WorkingTree:
    """The `Checkout` port. Nothing is ever fetched: HEAD is there in the shallowest clone."""

    def __init__(self, top: Path) -> None:
        self._repository: Repository = open_repository(top, name=str(top), ours=False)
        complete = Completeness(self._repository, lock=top, may_fetch=False, fresh=True)
        self._history = GitHistory(self._repository, complete)

    def head(self) -> BuildSha:
        return self._history.resolve("HEAD")

    def files_in(self, folder: str) -> tuple[str, ...]:
        return self._history.files_in(self.head(), folder)

    def committed(self, file: str) -> bytes | None:
        found = self._history.file_at(self.head(), file)
        if isinstance(found, NotInHistory):
            raise SkewcheckError(found.why, hint=found.fix)
        return found

    def tracks(self, folder: str) -> bool:
        return bool(self._repository.must("ls-files", "--", literal_pathspec(folder)).out)

    def changes(self, besides: Sequence[str]) -> tuple[str, ...]:
        left_out = (f":(top,literal,exclude){path}" for path in besides)
        answer = self._repository.ask(*_STATUS, ":(top)", *left_out)
        if answer.status != 0:
            raise failed(f"git status failed in {self._repository.name}", answer)
        lines = answer.out.decode(errors="replace").split("\0")
        return tuple(line[3:] for line in lines if line)

    def close(self) -> None:
        self._history.close()
