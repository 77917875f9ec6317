"""What came of pinning: the changed promises, what they would do, and the commit with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.build import BuildSha
from skewcheck.core.history import Commit
from skewcheck.core.pinning.edit import Change
from skewcheck.core.pinning.outlook import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """`existed` says that the branch was there already, with the same content. `remote` is where
    to push it, empty where nothing is known."""

    commit: BuildSha
    existed: bool
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """`changes` is empty where everything was promised already: then there is no outlook either.

    `commits` are the pinned builds'; `proposed` is None where nothing was committed.
    """

    environment: str
    at: datetime
    file: str
    base: BuildSha
    branch: str
    changes: tuple[Change, ...] = ()
    commits: Mapping[str, Commit]
    diff: tuple[str, ...] = ()
    outlook: Outlook | None = None
    proposed: Proposed | None = None
