"""A working fake behind the pinning port; tests/adapters/test_git_history_writing.py holds it and
the adapter to the same promises."""

import hashlib
from dataclasses import dataclass, field

from skewcheck.core.build import BuildSha
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.pinning.pinned import Proposed
from skewcheck.ports.pinning import Proposal


@dataclass
class FakeProposals:
    """Branches by name; `knows_author` and `refuses` as a test wants them."""

    knows_author: bool = True
    refuses: bool = False
    branches: dict[str, Proposal] = field(default_factory=dict)

    def author(self) -> str:
        if not self.knows_author:
            raise UsageError("git does not know who commits", hint="git config user.name …")
        return "Ada <ada@acme.example>"

    def propose(self, wanted: Proposal) -> Proposed:
        if self.refuses:
            raise ActionFailedError("git refused to create the branch", hint="mend that")
        existing = self.branches.get(wanted.branch)
        if existing is not None and existing.content != wanted.content:
            raise UsageError(f"the branch {wanted.branch} is there already", hint="--branch NAME")
        kept = self.branches.setdefault(wanted.branch, wanted)
        sha = hashlib.sha1(kept.content + kept.message.encode()).hexdigest()  # noqa: S324 - as git names commits
        return Proposed(commit=BuildSha(sha), existed=existing is not None, remote="origin")
