"""The files of a real checkout."""

from pathlib import Path

import pytest

from skewcheck.adapters.work_tree import CheckedOut, open_work_tree
from skewcheck.core.errors import SkewcheckError, UsageError
from tests.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "acme")
    repository.commit({"contracts/chat.yaml": "1", "web/page.html": "<p>", ".hidden/a": ""})
    return repository


@pytest.fixture
def tree(repository: Repository) -> CheckedOut:
    return open_work_tree(repository.path)


def test_the_top_is_found_from_below(repository: Repository) -> None:
    assert open_work_tree(repository.path / "web").top == repository.path


def test_folders_are_those_that_people_see(repository: Repository, tree: CheckedOut) -> None:
    (repository.path / "link").symlink_to("web")
    assert tree.folders() == ("contracts", "web")


def test_files_are_read_committed_or_not(repository: Repository, tree: CheckedOut) -> None:
    (repository.path / "contracts/new.yaml").write_text("2")
    (repository.path / "contracts/link.yaml").symlink_to("chat.yaml")
    assert tree.files("contracts") == {"contracts/chat.yaml": b"1", "contracts/new.yaml": b"2"}
    assert tree.files("nowhere") == {}


def test_files_at_the_top_have_no_folder(repository: Repository, tree: CheckedOut) -> None:
    (repository.path / "chat.yaml").write_text("2")
    assert tree.files("") == {"chat.yaml": b"2"}


def test_a_new_file_is_written_with_its_folder(tree: CheckedOut) -> None:
    tree.create("manifests/staging.yaml", b"schema: 1\n")
    assert tree.exists("manifests/staging.yaml")
    assert (tree.top / "manifests/staging.yaml").read_bytes() == b"schema: 1\n"


def test_what_is_there_is_never_written_over(tree: CheckedOut) -> None:
    with pytest.raises(UsageError, match=r"web/page\.html is there already") as refused:
        tree.create("web/page.html", b"")
    assert refused.value.hint.endswith("mv web/page.html web/page.html.old")
    assert (tree.top / "web/page.html").read_text() == "<p>"


def test_a_link_that_leads_nowhere_is_there_too(tree: CheckedOut) -> None:
    (tree.top / "gone.yaml").symlink_to("nowhere")
    assert tree.exists("gone.yaml")
    with pytest.raises(UsageError):
        tree.create("gone.yaml", b"")


def test_what_cannot_be_written_is_told(tree: CheckedOut) -> None:
    with pytest.raises(SkewcheckError, match=r"cannot write web/page\.html/a\.yaml"):
        tree.create("web/page.html/a.yaml", b"")


def test_a_place_is_named_from_here(tree: CheckedOut) -> None:
    assert Path(tree.place("web")).resolve() == tree.top / "web"
    assert not Path(tree.place("web")).is_absolute()


def test_outside_of_git_one_is_told_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in no git repository") as refused:
        open_work_tree(tmp_path)
    assert refused.value.hint.startswith("git init")


def test_a_bare_repository_has_no_files(repository: Repository, tmp_path: Path) -> None:
    bare = repository.clone(tmp_path / "bare.git", "--bare")
    with pytest.raises(UsageError, match="without files"):
        open_work_tree(bare)
