"""Commits one changed file onto a branch of its own, by plumbing alone.

Rules of this file: the working tree, the index and HEAD are neither read nor written; a branch
is created and never moved; who commits is what git was told, and never guessed.
"""

import re
from pathlib import Path
from tempfile import TemporaryFile

from skewcheck.adapters.git_history.command import Answer
from skewcheck.adapters.git_history.names import checked_path, checked_ref, is_full_sha
from skewcheck.adapters.git_history.repository import Repository, open_repository
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.pinning.pinned import Proposed
from skewcheck.ports.pinning import Proposal

_NOBODY = "0" * 40
_ENTRY = re.compile(rb"(?P<mode>\d+) (?P<kind>\w+) (?P<sha>[0-9a-f]{40})\t(?P<name>.+)", re.DOTALL)
# git would make an address up from the names of the user and the machine.
_STRICT = ("-c", "user.useConfigOnly=true", "-c", "i18n.commitEncoding=UTF-8")


def open_proposals(place: Path) -> "GitProposals":
    """Close what comes back. UsageError where there is no repository."""
    return GitProposals(open_repository(place, name=str(place.resolve()), ours=False))


class GitProposals:
    """The `Proposals` port."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def close(self) -> None:
        self._repository.close()

    def author(self) -> str:
        for role in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            answer = self._repository.ask(*_STRICT, "var", role)
            if answer.status != 0:
                raise UsageError(
                    f"git does not know who commits in {self._repository.name}",
                    hint='git config user.name "Your Name"'
                    " && git config user.email you@example.com",
                )
        return self._repository.must(*_STRICT, "var", "GIT_AUTHOR_IDENT").text.rsplit(" ", 2)[0]

    def propose(self, wanted: Proposal) -> Proposed:
        ref = f"refs/heads/{_checked_branch(wanted.branch)}"
        tree = self._tree(wanted)
        existing = self._repository.peel(f"{ref}^{{commit}}")
        if existing:
            self._require_same(wanted, BuildSha(existing), tree)
            return self._proposed(BuildSha(existing), existed=True)
        commit = self._commit(wanted, tree)
        said = f"skewcheck pin: {wanted.path}"
        self._do("create the branch", "update-ref", "-m", said, ref, commit, _NOBODY)
        return self._proposed(BuildSha(commit), existed=False)

    def _proposed(self, commit: BuildSha, *, existed: bool) -> Proposed:
        remote = self._repository.remote() or ""
        return Proposed(commit=commit, existed=existed, remote=remote)

    def _require_same(self, wanted: Proposal, existing: BuildSha, tree: str) -> None:
        if self._repository.peel(f"{existing}^{{tree}}") != tree:
            raise UsageError(
                f"the branch {wanted.branch} is there already, with other content"
                f" ({existing.short})",
                hint="name another one: --branch NAME",
            )

    def _tree(self, wanted: Proposal) -> str:
        blob = self._do("store the file", "hash-object", "-w", "--stdin", given=wanted.content)
        top = self._repository.must("rev-parse", f"{wanted.base}^{{tree}}").text
        return self._tree_with(top, checked_path(wanted.path).encode().split(b"/"), blob)

    def _tree_with(self, tree: str, parts: list[bytes], blob: str) -> str:
        """The tree with another blob at that path, which it has; modes stay as they are."""
        entries = self._repository.must("ls-tree", "-z", tree).out.rstrip(b"\0").split(b"\0")
        changed = b"".join(self._entry(each, parts, blob) + b"\0" for each in entries)
        return self._do("store the folder", "mktree", "-z", "--missing", given=changed)

    def _entry(self, entry: bytes, parts: list[bytes], blob: str) -> bytes:
        read = _ENTRY.fullmatch(entry)
        if read is None or read["name"] != parts[0]:
            return entry
        old = read["sha"].decode()
        new = blob if len(parts) == 1 else self._tree_with(old, parts[1:], blob)
        return entry.replace(read["sha"], new.encode(), 1)

    def _commit(self, wanted: Proposal, tree: str) -> str:
        date = f"@{int(wanted.at.timestamp())} +0000"
        signs = self._repository.ask("config", "--type=bool", "--get", "commit.gpgSign")
        sign = ("-S",) if signs.text == "true" else ()
        return self._do(
            "commit", *_STRICT, "commit-tree", *sign, "-p", str(wanted.base), "-F", "-", tree,
            given=wanted.message.encode(),
            environment={"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
        )  # fmt: skip

    def _do(
        self,
        doing: str,
        *arguments: str,
        given: bytes = b"",
        environment: dict[str, str] | None = None,
    ) -> str:
        with TemporaryFile() as file:
            file.write(given)
            file.seek(0)
            answer: Answer = self._repository.ask(*arguments, given=file, environment=environment)
        if answer.status != 0:
            raise ActionFailedError(
                f"git refused to {doing} in {self._repository.name}: {answer.problem}",
                hint="mend that and run it again: nothing was changed",
            )
        return answer.text


def _checked_branch(name: str) -> str:
    checked_ref(name)
    if name == "HEAD" or name.startswith("refs/") or is_full_sha(name):
        raise UsageError(
            f"{name!r} is no good name for a branch", hint="write a plain one: --branch NAME"
        )
    return name
