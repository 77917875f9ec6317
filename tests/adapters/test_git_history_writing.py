"""Commits onto a branch of their own: working tree, index and HEAD never notice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from skewcheck.adapters.git_history.writing import GitProposals, open_proposals
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.ports.pinning import Proposal, Proposals
from tests.builders import MANIFEST_COMMIT, NOW
from tests.pinning_fakes import FakeProposals
from tests.repositories import Repository

MANIFEST = "manifests/staging.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "acme")
    made.git("config", "user.name", "Ada")
    made.git("config", "user.email", "ada@acme.example")
    files: dict[str, str | None] = {
        MANIFEST: "old\n",
        "manifests/production.yaml": "other\n",
        "manifests/ä b": "a name with blanks\n",
        "README.md": "read me\n",
    }
    made.commit(files)
    return made


@contextmanager
def opened(repository: Repository) -> Iterator[GitProposals]:
    proposals = open_proposals(repository.path)
    try:
        yield proposals
    finally:
        proposals.close()


def proposal(base: BuildSha, **changed: Any) -> Proposal:
    said: dict[str, Any] = {
        "base": base,
        "path": MANIFEST,
        "content": b"new\r\n",
        "branch": "skewcheck/pin-staging-0123456",
        "message": "Pin staging: web 9e39e39 \u2192 ü\n\nbody\n",
        "at": NOW,
    }
    return Proposal(**(said | changed))


class ProposalsContract:
    """What the fake promises too."""

    @pytest.fixture
    def proposals(self) -> Proposals:
        raise NotImplementedError

    @pytest.fixture
    def base(self) -> BuildSha:
        raise NotImplementedError

    def test_asking_twice_finds_the_first(self, proposals: Proposals, base: BuildSha) -> None:
        first, second = (proposals.propose(proposal(base)) for _ in range(2))
        assert (first.existed, second.existed) == (False, True)
        assert first.commit == second.commit

    def test_a_branch_with_other_content_is_never_moved(
        self, proposals: Proposals, base: BuildSha
    ) -> None:
        proposals.propose(proposal(base))
        with pytest.raises(UsageError, match="is there already"):
            proposals.propose(proposal(base, content=b"newer\n"))

    def test_who_commits_is_known(self, proposals: Proposals) -> None:
        assert proposals.author() == "Ada <ada@acme.example>"


class TestFake(ProposalsContract):
    @pytest.fixture
    def proposals(self) -> Proposals:
        return FakeProposals()

    @pytest.fixture
    def base(self) -> BuildSha:
        return MANIFEST_COMMIT


class TestGit(ProposalsContract):
    @pytest.fixture
    def proposals(self, repository: Repository) -> Iterator[Proposals]:
        with opened(repository) as proposals:
            yield proposals

    @pytest.fixture
    def base(self, repository: Repository) -> BuildSha:
        return repository.head


def test_the_commit_changes_that_file_and_nothing_else(repository: Repository) -> None:
    base = repository.head
    with opened(repository) as proposals:
        made = proposals.propose(proposal(base))
    assert repository.git("rev-parse", "skewcheck/pin-staging-0123456") == str(made.commit)
    assert repository.git("rev-parse", f"{made.commit}^") == str(base)
    assert repository.git("diff", "--name-status", str(base), str(made.commit)) == f"M\t{MANIFEST}"
    assert repository.git("cat-file", "blob", f"{made.commit}:{MANIFEST}") == "new\r"
    told = repository.git(
        "show", "--no-patch", "--format=%an|%ae|%cn|%at|%ct|%s|%b", made.commit.value
    )
    at = int(NOW.timestamp())
    assert told == f"Ada|ada@acme.example|Ada|{at}|{at}|Pin staging: web 9e39e39 → ü|body"
    repository.git("fsck", "--strict")


def test_working_tree_index_and_head_stay_as_they_are(repository: Repository) -> None:
    """Also where work is under way: a changed file, a staged one, one that git does not know."""
    (repository.path / MANIFEST).write_text("half an edit\n")
    (repository.path / "README.md").write_text("staged\n")
    repository.git("add", "README.md")
    (repository.path / "notes").write_text("mine\n")
    index = (repository.path / ".git/index").read_bytes()
    before = repository.git("status", "--porcelain"), repository.git("symbolic-ref", "HEAD")
    head = repository.head
    index = (repository.path / ".git/index").read_bytes()
    with opened(repository) as proposals:
        proposals.propose(proposal(head))
    assert (repository.path / ".git/index").read_bytes() == index
    assert repository.head == head
    after = repository.git("status", "--porcelain"), repository.git("symbolic-ref", "HEAD")
    assert before == after
    assert (repository.path / MANIFEST).read_text() == "half an edit\n"


def test_modes_are_kept(repository: Repository) -> None:
    repository.git("update-index", "--chmod=+x", MANIFEST)
    repository.git("-c", "user.name=A", "commit", "--quiet", "--message", "Make it run")
    with opened(repository) as proposals:
        made = proposals.propose(proposal(repository.head))
    assert repository.git("ls-tree", str(made.commit), MANIFEST).startswith("100755 ")


def test_a_checkout_filter_does_not_change_what_was_judged(repository: Repository) -> None:
    repository.git("config", "core.autocrlf", "true")
    with opened(repository) as proposals:
        made = proposals.propose(proposal(repository.head))
    assert repository.git("cat-file", "-s", f"{made.commit}:{MANIFEST}") == "5"


def test_the_remote_to_push_to_is_named(repository: Repository, tmp_path: Path) -> None:
    clone = repository.clone(tmp_path / "clone")
    with opened(repository) as proposals:
        assert proposals.propose(proposal(repository.head)).remote == ""
    proposals = open_proposals(clone)
    for name, value in (("user.name", "Ada"), ("user.email", "ada@acme.example")):
        repository.git("-C", clone, "config", name, value)
    assert proposals.propose(proposal(repository.head)).remote == "origin"
    proposals.close()


def test_who_commits_must_have_a_name(repository: Repository) -> None:
    """Set, so that nothing of the user who runs the tests counts; tests/cli has none at all."""
    repository.git("config", "user.name", "")
    with opened(repository) as proposals, pytest.raises(UsageError, match="who commits") as caught:
        proposals.author()
    assert caught.value.hint.count("git config user.") == 2


@pytest.mark.parametrize(
    "branch",
    ["HEAD", "refs/heads/x", "a" * 40, "two words", "-d", "a..b", "x.lock", "", "a~1"],
)
def test_a_branch_that_could_not_be_one_is_a_mistake(repository: Repository, branch: str) -> None:
    with opened(repository) as proposals, pytest.raises(UsageError):
        proposals.propose(proposal(repository.head, branch=branch))


def test_a_branch_below_another_is_refused_by_git(repository: Repository) -> None:
    repository.git("branch", "skewcheck")
    refs = repository.git("for-each-ref")
    with opened(repository) as proposals, pytest.raises(ActionFailedError, match="git refused"):
        proposals.propose(proposal(repository.head))
    assert repository.git("for-each-ref") == refs


def test_a_hook_that_guards_refs_is_obeyed(repository: Repository) -> None:
    hook = repository.path / ".git/hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no branches today >&2\nexit 1\n")
    hook.chmod(0o755)
    with (
        opened(repository) as proposals,
        pytest.raises(ActionFailedError, match="create the branch"),
    ):
        proposals.propose(proposal(repository.head))


def test_a_repository_that_wants_signed_commits_gets_no_other(repository: Repository) -> None:
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", "/bin/false")
    with opened(repository) as proposals, pytest.raises(ActionFailedError, match="to commit"):
        proposals.propose(proposal(repository.head))
    assert "skewcheck" not in repository.git("for-each-ref")


def test_where_there_is_no_repository_there_is_nothing_to_commit_to(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"):
        open_proposals(tmp_path)


def test_a_bare_repository_and_a_linked_worktree_take_branches_too(
    repository: Repository, tmp_path: Path
) -> None:
    bare = repository.clone(tmp_path / "bare.git", "--bare")
    repository.git("worktree", "add", "--quiet", tmp_path / "linked")
    for place in (bare, tmp_path / "linked"):
        for name, value in (("user.name", "Ada"), ("user.email", "ada@acme.example")):
            repository.git("-C", place, "config", name, value)
        proposals = open_proposals(place)
        made = proposals.propose(proposal(repository.head))
        proposals.close()
        assert not made.existed
    assert "skewcheck/pin" in repository.git("branch", "--list", "skewcheck/*")
