"""Which commits a ref stood for, or a path was in, during a window of time.

Rules of this file: first parents say when a state came onto the ref, by the merge's date; side
branches are counted too, because a fast-forward can hide the ref's own past behind a merge.
Rather one state too many than one too few.
"""

from datetime import datetime

from skewcheck.adapters.git_history.log import commits
from skewcheck.adapters.git_history.repository import Repository
from skewcheck.core.build import BuildSha
from skewcheck.core.history import Commit


def states(
    repository: Repository, build: BuildSha, pathspecs: tuple[str, ...], *, since: datetime
) -> tuple[Commit, ...]:
    """All that touched the paths since then and the newest before it, by committer date."""
    moment = int(since.timestamp())
    found = {
        commit.sha: commit
        for along in ("--first-parent", "--full-history")
        for window in ((f"--max-age={moment}",), (f"--min-age={moment - 1}", "--max-count=1"))
        for commit in commits(repository, along, *window, str(build), pathspecs=pathspecs)
    }
    return tuple(sorted(found.values(), key=lambda commit: commit.at, reverse=True))
