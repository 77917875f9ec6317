"""The door to the files that lie in a checkout, committed or not: only for commands that start
or change what people will commit.
"""

from collections.abc import Mapping
from typing import Protocol


class WorkTree(Protocol):
    """Paths are relative to the top of the repository."""

    def folders(self) -> tuple[str, ...]:
        """The folders directly in it, sorted; hidden ones are left out."""
        ...

    def files(self, folder: str) -> Mapping[str, bytes]:
        """The regular files directly in that folder, by path; empty where there is none."""
        ...

    def place(self, path: str) -> str:
        """The path as one names it from where the command runs."""
        ...

    def exists(self, path: str) -> bool:
        """Whether something of that name is there, whatever it is."""
        ...

    def create(self, path: str, content: bytes) -> None:
        """Writes a new file whole, or none; UsageError where something is there already."""
        ...
