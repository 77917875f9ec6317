"""The door through which a changed manifest becomes a commit on a branch of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from skewcheck.core.build import BuildSha
from skewcheck.core.pinning.pinned import Proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One file changed on top of `base`; the branch begins and ends with that commit."""

    base: BuildSha
    path: str
    content: bytes
    branch: str
    message: str
    at: datetime


class Proposals(Protocol):
    """Writes commits that nobody has checked out: working tree, index and HEAD stay as they are."""

    def author(self) -> str:
        """`Ada <ada@acme.example>`. Raises UsageError where git was never told who commits."""
        ...

    def propose(self, wanted: Proposal) -> Proposed:
        """Raises UsageError for a branch that has other content or no possible name, and
        ActionFailedError where git refuses."""
        ...
