"""One line of git history, held in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from skewcheck.core.build import BuildSha
from skewcheck.core.drill.world import Made
from skewcheck.core.history import Commit, FileVersion, NotInHistory, Relation, RelationKind


@dataclass(frozen=True, slots=True)
class WrittenHistory:
    """`line` is the newest first; there is no branch but the one that ends in HEAD."""

    line: tuple[Made, ...]

    def project(self) -> str:
        return "drill"

    def resolve(self, ref: str) -> BuildSha:
        return self.line[0].commit.sha if ref == "HEAD" else BuildSha(ref)

    def default_branch(self) -> str | None:
        return None

    def remote(self) -> str | None:
        return None

    def expand(self, prefix: str) -> BuildSha | NotInHistory:
        found = [each.commit.sha for each in self.line if each.commit.sha.value.startswith(prefix)]
        return found[0] if len(found) == 1 else _absent(prefix)

    def file_at(self, build: BuildSha, path: str) -> bytes | NotInHistory | None:
        if self._place(build) is None:
            return _absent(build.value)
        made = next(self._touching(build, [path]), None)
        return made.files[path].encode() if made else None

    def files_in(self, build: BuildSha, folder: str) -> tuple[str, ...]:
        paths = {path for made in self._from(build) for path in made.files}
        return tuple(sorted(p.removeprefix(f"{folder}/") for p in paths if p.startswith(folder)))

    def commit(self, build: BuildSha) -> Commit | NotInHistory:
        place = self._place(build)
        return _absent(build.value) if place is None else self.line[place].commit

    def relation(self, build: BuildSha, to: BuildSha) -> Relation:
        mine, yours = self._place(build), self._place(to)
        if mine is None or yours is None:
            return Relation(RelationKind.UNKNOWN, why="no such commit", fix="git fetch")
        if mine > yours:
            return Relation(RelationKind.BEHIND, behind=mine - yours)
        kind = RelationKind.SAME if mine == yours else RelationKind.AHEAD
        return Relation(kind, ahead=yours - mine)

    def commits_between(
        self, older: BuildSha, newer: BuildSha, *, limit: int, paths: Sequence[str] = ()
    ) -> tuple[Commit, ...]:
        before = {made.commit for made in self._from(older)}
        touching = (made.commit for made in self._touching(newer, paths))
        between = (commit for commit in touching if commit not in before)
        return tuple(islice(between, limit))

    def last_touch(self, ref: str, paths: Sequence[str]) -> Commit | NotInHistory:
        made = next(self._touching(self.resolve(ref), paths), None)
        return made.commit if made else _absent(", ".join(paths))

    def touches(self, ref: str, paths: Sequence[str], *, since: datetime) -> tuple[Commit, ...]:
        """All of the line: what is older than `since` was current in the window or does no harm."""
        del since
        return tuple(made.commit for made in self._touching(self.resolve(ref), paths))

    def versions(self, path: str, *, ref: str, since: datetime) -> tuple[FileVersion, ...]:
        del since
        return tuple(
            FileVersion(made.commit, made.files[path].encode())
            for made in self._touching(self.resolve(ref), [path])
        )

    def doubts(self) -> tuple[NotInHistory, ...]:
        return ()

    def _place(self, build: BuildSha) -> int | None:
        shas = [made.commit.sha for made in self.line]
        return shas.index(build) if build in shas else None

    def _from(self, build: BuildSha) -> tuple[Made, ...]:
        place = self._place(build)
        return () if place is None else self.line[place:]

    def _touching(self, build: BuildSha, paths: Sequence[str]) -> Iterator[Made]:
        return (made for made in self._from(build) if not paths or set(paths) & set(made.files))


def _absent(name: str) -> NotInHistory:
    return NotInHistory(f"{name} is in no commit of the drill", fix="git fetch")
