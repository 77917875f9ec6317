"""Lists commits. Reads `git rev-list`, which no configuration of the user can change.

Rules of this file: times are aware and in UTC; what people wrote in another encoding than they
said is decoded with replacement characters.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import git

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


def read_commit(repository: Repository, build: BuildSha) -> Commit:
    """One commit that is here, from a helper process that lives on; as `commits` tells it."""
    try:
        with repository.lend() as repo:
            found = git.Commit(repo, bytes.fromhex(build.value))
            subject = str(found.message).lstrip("\n").partition("\n\n")[0]
            return Commit(
                sha=build,
                subject=" ".join(subject.split("\n")).strip(),
                author=found.author.name or found.author.email or "",
                at=datetime.fromtimestamp(found.committed_date, UTC),
            )
    except LookupError:  # an encoding that Python has never heard of; git does not mind
        return commits(repository, "--no-walk", str(build))[0]


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
