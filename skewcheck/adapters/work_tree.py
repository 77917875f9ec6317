"""The files of a checkout; nothing that is there already is ever written over."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from git import InvalidGitRepositoryError, NoSuchPathError, Repo

from skewcheck.core.errors import SkewcheckError, UsageError

_LARGEST = 1024 * 1024


class CheckedOut:
    """A `ports.work_tree.WorkTree`; `top` is the top of the repository."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def folders(self) -> tuple[str, ...]:
        names = (entry.name for entry in self.top.iterdir() if _is_folder(entry))
        return tuple(sorted(name for name in names if not name.startswith(".")))

    def files(self, folder: str) -> Mapping[str, bytes]:
        inside = self.top / folder
        if not _is_folder(inside):
            return {}
        found = sorted(each for each in inside.iterdir() if _is_small_file(each))
        start = f"{folder}/" if folder else ""
        return {f"{start}{each.name}": each.read_bytes() for each in found}

    def place(self, path: str) -> str:
        return os.path.relpath(self.top / path)

    def exists(self, path: str) -> bool:
        return os.path.lexists(self.top / path)

    def create(self, path: str, content: bytes) -> None:
        try:
            self._write(self.top / path, content)
        except FileExistsError as error:
            if not self.exists(path):  # a file is where its folder should be
                raise SkewcheckError(f"cannot write {path}: {error.strerror}") from error
            raise UsageError(
                f"{path} is there already, and is never written over",
                hint=f"look at it, or move it away and run this again: mv {path} {path}.old",
            ) from error
        except OSError as error:
            raise SkewcheckError(f"cannot write {path}: {error.strerror}") from error

    def _write(self, file: Path, content: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as opened:
            opened.write(content)


def open_work_tree(place: Path) -> CheckedOut:
    """Also from below its top; UsageError where there is no repository, or one without files."""
    try:
        repo = Repo(place, search_parent_directories=True, expand_vars=False)
    except (InvalidGitRepositoryError, NoSuchPathError) as error:
        raise UsageError(
            f"{place.resolve()} is in no git repository; manifests are read from git",
            hint="git init, commit what is there and run this again, or name another: --repo DIR",
        ) from error
    try:
        if repo.working_tree_dir is None:
            raise UsageError(
                f"{place} is a repository without files (a bare one)",
                hint="run it in a clone: git clone URL",
            )
        return CheckedOut(Path(repo.working_tree_dir))
    finally:
        repo.close()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_small_file(path: Path) -> bool:
    """A link may lead anywhere, and is no file here, as in git's trees."""
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_size <= _LARGEST
