"""Whether a working tree is what its commit says, asked of real git."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from skewcheck.adapters.git_history.status import WorkingTree, top_of
from skewcheck.core.errors import UsageError
from tests.repositories import Repository

FILES: dict[str, str | None] = {
    ".gitignore": "dist/\n",
    "src/app.ts": "app",
    "contracts/chat.yaml": "chat",
}


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "acme")
    repository.commit(FILES)
    return repository


@pytest.fixture
def tree(acme: Repository) -> Iterator[WorkingTree]:
    with closing(WorkingTree(acme.path)) as tree:
        yield tree


def test_a_fresh_checkout_has_no_changes(acme: Repository, tree: WorkingTree) -> None:
    assert tree.changes([]) == ()
    assert tree.head() == acme.head


def test_changed_new_removed_and_staged_files_are_changes(
    acme: Repository, tree: WorkingTree
) -> None:
    (acme.path / "src" / "app.ts").write_text("changed")
    (acme.path / "src" / "new").mkdir()
    (acme.path / "src" / "new" / "naïve [x].ts").touch()
    (acme.path / "contracts" / "chat.yaml").unlink()
    (acme.path / "staged").touch()
    acme.git("add", "staged")
    assert set(tree.changes([])) == {
        "src/app.ts", "src/new/naïve [x].ts", "contracts/chat.yaml", "staged",
    }  # fmt: skip


def test_ignored_files_are_none(acme: Repository, tree: WorkingTree) -> None:
    (acme.path / "dist").mkdir()
    (acme.path / "dist" / "index.html").touch()
    assert tree.changes([]) == ()


def test_files_and_whole_folders_can_be_left_out_whatever_they_are_called(
    acme: Repository, tree: WorkingTree
) -> None:
    for name in ("o[u]t/a", "o[u]t/b/c", "out", "*"):
        (acme.path / name).parent.mkdir(parents=True, exist_ok=True)
        (acme.path / name).touch()
    assert tree.changes(["o[u]t", "*"]) == ("out",)


def test_asking_changes_nothing(acme: Repository, tree: WorkingTree) -> None:
    index = acme.path / ".git" / "index"
    before = index.read_bytes()
    (acme.path / "src" / "app.ts").touch()
    assert tree.changes([]) == ()
    assert index.read_bytes() == before


def test_a_monitor_that_the_configuration_names_is_not_run(
    acme: Repository, tree: WorkingTree, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    acme.git("config", "core.fsmonitor", f"touch {ran}; false")
    assert tree.changes([]) == ()
    assert not ran.exists()


def test_the_configuration_cannot_hide_new_files(acme: Repository, tree: WorkingTree) -> None:
    acme.git("config", "status.showUntrackedFiles", "no")
    (acme.path / "new").touch()
    assert tree.changes([]) == ("new",)


def test_files_are_read_as_the_commit_has_them(acme: Repository, tree: WorkingTree) -> None:
    (acme.path / "contracts" / "chat.yaml").write_text("changed")
    (acme.path / "contracts" / "new.yaml").touch()
    assert tree.files_in("contracts") == ("chat.yaml",)
    assert tree.committed("contracts/chat.yaml") == b"chat"
    assert tree.committed("contracts/new.yaml") is None


def test_a_folder_is_tracked_where_git_knows_a_file_in_it(
    acme: Repository, tree: WorkingTree
) -> None:
    (acme.path / "dist").mkdir()
    (acme.path / "dist" / "index.html").touch()
    assert tree.tracks("src")
    assert not tree.tracks("dist")


def test_the_shallowest_clone_is_enough(acme: Repository, tmp_path: Path) -> None:
    acme.commit({"src/app.ts": "second"})
    clone = acme.clone(tmp_path / "clone", "--depth=1")
    with closing(WorkingTree(clone)) as tree:
        assert tree.head() == acme.head
        assert tree.committed("contracts/chat.yaml") == b"chat"
        assert tree.changes([]) == ()


def test_a_linked_worktree_is_one_of_its_own(acme: Repository, tmp_path: Path) -> None:
    acme.git("worktree", "add", "--quiet", tmp_path / "linked", "-b", "side")
    (tmp_path / "linked" / "new").touch()
    with closing(WorkingTree(tmp_path / "linked")) as tree:
        assert tree.changes([]) == ("new",)


def test_a_repository_without_a_commit_has_no_head(tmp_path: Path) -> None:
    empty = Repository(tmp_path / "empty")
    with closing(WorkingTree(empty.path)) as tree, pytest.raises(UsageError, match="no commits"):
        tree.head()


def test_the_top_is_found_from_below(acme: Repository, tmp_path: Path) -> None:
    assert top_of(acme.path / "src") == acme.path.resolve()
    assert top_of(tmp_path) is None
    assert top_of(tmp_path / "absent") is None


def test_a_bare_repository_has_no_working_tree(acme: Repository, tmp_path: Path) -> None:
    assert top_of(acme.clone(tmp_path / "bare", "--bare")) is None
