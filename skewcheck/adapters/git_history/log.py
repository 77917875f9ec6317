"""Lists commits. Reads `git rev-list`, which no configuration of the user can change.

Rules of this file: times are aware and in UTC; what people wrote in another encoding than they
said is decoded with replacement characters.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from skewcheck.adapters.git_history.repository import Repository
from skewcheck.core.build import BuildSha
from skewcheck.core.history import Commit

_FORMAT = "--format=%H%x00%ct%x00%an%x00%ae%x00%s"


def commits(
    repository: Repository, *limits: str, pathspecs: tuple[str, ...] = ()
) -> tuple[Commit, ...]:
    """In git's order. `limits` are options of ours and full SHAs, never words of a user."""
    answer = repository.must("rev-list", "--encoding=UTF-8", _FORMAT, *limits, "--", *pathspecs)
    return tuple(_read(answer.out))


def _read(out: bytes) -> Iterator[Commit]:
    for line in out.split(b"\n"):
        if b"\0" in line:  # the others are headings, "commit <sha>"
            sha, seconds, name, email, subject = line.split(b"\0", 4)
            yield Commit(
                sha=BuildSha(sha.decode("ascii")),
                subject=subject.decode(errors="replace"),
                author=(name or email).decode(errors="replace"),
                at=datetime.fromtimestamp(int(seconds), UTC),
            )
