"""Reads one file as a commit has it, from git's trees and never from the working tree.

Rules of this file: symbolic links are not followed (they may lead anywhere), so a link, like a
directory or a submodule, is no file.
"""

import stat

from git import Blob, Repo, Tree
from git.exc import ODBError

from skewcheck.adapters.git_history.command import Answer
from skewcheck.adapters.git_history.repository import Repository
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.history import NotInHistory

LARGEST_FILE = 1024 * 1024


def read_file(
    repository: Repository, build: BuildSha, *, tree: str, path: str
) -> bytes | NotInHistory | None:
    """None where that commit's tree has no such file; a blob that cannot be had is a value."""
    try:
        with repository.lend() as repo:
            blob = _find(repo, tree, path)
            return None if blob is None else _content(blob, build, path)
    except (ValueError, OSError, ODBError) as error:
        return _why(repository, build, path, error)


def list_files(repository: Repository, *, tree: str, folder: str) -> tuple[str, ...]:
    """The names of the regular files directly in it; none where it is no folder."""
    with repository.lend() as repo:
        try:
            inside = _top(repo, tree).join(folder) if folder else _top(repo, tree)
        except KeyError:
            return ()
        if not isinstance(inside, Tree):
            return ()
        return tuple(sorted(blob.name for blob in inside.blobs if stat.S_ISREG(blob.mode)))


def _top(repo: Repo, tree: str) -> Tree:
    return Tree(repo, bytes.fromhex(tree), Tree.tree_id << 12, "")


def _find(repo: Repo, tree: str, path: str) -> Blob | None:
    try:
        item = _top(repo, tree).join(path)
    except KeyError:
        return None
    if isinstance(item, Blob) and stat.S_ISREG(item.mode):
        return item
    return None


def _content(blob: Blob, build: BuildSha, path: str) -> bytes:
    if blob.size > LARGEST_FILE:
        raise UsageError(
            f"{path} at {build.short} has {blob.size} bytes; at most {LARGEST_FILE} are read",
            hint="is it the right file? contracts and manifests are small",
        )
    content: bytes = blob.data_stream.read()
    return content


def _why(repository: Repository, build: BuildSha, path: str, error: Exception) -> NotInHistory:
    """GitPython cannot tell what its helper process said; asking once more can."""
    answer: Answer = repository.ask("cat-file", "-e", f"{build}:{path}")
    if answer.status == 0:
        raise SkewcheckError(f"cannot read {path} at {build.short}: {error}") from error
    return NotInHistory(
        f"{repository.name} has no copy of {path} at {build.short}: {answer.problem}",
        fix="git fetch origin",
    )
