"""The doors that `stamp` goes through: the folder that it writes into, and the checkout that the
folder was built from. Paths are relative and have slashes, whatever the machine."""

from collections.abc import Sequence
from typing import Protocol

from skewcheck.core.build import BuildSha


class Folder(Protocol):
    """Files below one folder. Raises UsageError where the disk refuses."""

    def files(self, below: str = "") -> tuple[str, ...]:
        """All regular files, sorted; what lies behind symbolic links is left out. None where
        `below` is no folder."""
        ...

    def read(self, file: str) -> bytes | None:
        """None where there is no such file."""
        ...

    def write(self, file: str, content: bytes) -> None:
        """Whoever reads meanwhile sees the old file or the new one, never a part."""
        ...


class Checkout(Protocol):
    """A working tree and the commit that it stands at."""

    def head(self) -> BuildSha:
        """UsageError where there is no commit yet."""
        ...

    def files_in(self, folder: str) -> tuple[str, ...]:
        """The names of the files directly in that folder, as HEAD has it."""
        ...

    def committed(self, file: str) -> bytes | None:
        """As HEAD has it; None where HEAD has no such file. Raises SkewcheckError where git has
        lost it."""
        ...

    def tracks(self, folder: str) -> bool:
        """Whether git knows any file in there."""
        ...

    def changes(self, besides: Sequence[str]) -> tuple[str, ...]:
        """Files that differ from HEAD or that git neither knows nor ignores, without those of
        `besides`, which are files and whole folders."""
        ...
