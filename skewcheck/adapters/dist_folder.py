"""The files of one folder on disk, such as a built frontend; written so that no reader ever sees
half a file."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from skewcheck.core.errors import UsageError

_NEW_FILE = 0o644


class FolderOnDisk:
    """The `Folder` port. A symbolic link is neither followed nor replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def files(self, below: str = "") -> tuple[str, ...]:
        top = self._path / below
        with _told(top):
            return tuple(sorted(self._walk(top))) if top.is_dir() else ()

    def _walk(self, top: Path) -> Iterator[str]:
        for folder, _, names in os.walk(top, onerror=_fail):
            for name in names:
                file = Path(folder, name)
                if file.is_file() and not file.is_symlink():
                    yield file.relative_to(self._path).as_posix()

    def read(self, file: str) -> bytes | None:
        with _told(self._path / file), suppress(FileNotFoundError, NotADirectoryError):
            return (self._path / file).read_bytes()
        return None

    def write(self, file: str, content: bytes) -> None:
        target = self._path / file
        with _told(target):
            if target.is_symlink():
                raise UsageError(
                    f"{target} is a symbolic link, which stamp does not write through",
                    hint=f"rm {target}",
                )
            _replace(target, content)


def _replace(target: Path, content: bytes) -> None:
    """By a new file beside it, which keeps the permissions of the old one."""
    mode = target.stat().st_mode & 0o777 if target.exists() else _NEW_FILE
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
        Path(beside).chmod(mode)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _fail(error: OSError) -> None:
    raise error


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{place}: {error.strerror or error}",
            hint="may this user read and write there?",
        ) from error
