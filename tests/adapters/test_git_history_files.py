"""Files come from a commit's tree as they were committed, whatever the working tree says."""

from pathlib import Path

import pytest

from skewcheck.adapters.git_history import open_history
from skewcheck.adapters.git_history.files import LARGEST_FILE
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import NotInHistory
from tests.repositories import Repository

ABSENT = BuildSha("0123456789" * 4)


def test_a_file_is_read_as_each_commit_has_it(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    old = repository.commit({"contracts/chat.yaml": "old\n"})
    new = repository.commit({"contracts/chat.yaml": "new\n"})
    gone = repository.commit({"contracts/chat.yaml": None})
    for place in ("app", repository.url):
        with open_history(place, base=tmp_path, cache=tmp_path / "cache") as history:
            assert history.file_at(old, "contracts/chat.yaml") == b"old\n"
            assert history.file_at(new, "./contracts/chat.yaml") == b"new\n"
            assert history.file_at(gone, "contracts/chat.yaml") is None


def test_the_working_tree_is_never_looked_at(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit({"a": "committed"})
    (repository.path / "a").write_text("not committed")
    repository.git("config", "core.fsmonitor", f"touch {tmp_path}/owned; false")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.file_at(build, "a") == b"committed"
    assert not (tmp_path / "owned").exists()


def test_what_is_no_file_reads_as_absent(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"folder/a": "1"})
    (repository.path / "link").symlink_to("/etc/passwd")
    (repository.path / "way").symlink_to("folder")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{repository.head},module")
    build = repository.commit()
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        for path in ("folder", "link", "way/a", "module", "folder/a/b", "folder/A"):
            assert history.file_at(build, path) is None


@pytest.mark.parametrize("path", ["../a", "/etc/passwd", "", "a/../../b"])
def test_a_path_that_leaves_the_repository_is_refused(tmp_path: Path, path: str) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit()
    with (
        open_history("app", base=tmp_path, cache=tmp_path) as history,
        pytest.raises(UsageError),
    ):
        history.file_at(build, path)


def test_a_path_that_looks_like_an_option_or_magic_is_just_a_name(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    names = ("--output=owned", ":(exclude)a", "*", "b c\né")
    build = repository.commit(dict.fromkeys(names, "here"))
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert {history.file_at(build, name) for name in names} == {b"here"}
        assert set(history.files_in(build, "")) == set(names)


def test_empty_and_binary_files_come_back_byte_for_byte(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    (repository.path / "noise").write_bytes(bytes(range(256)))
    build = repository.commit({"empty": ""})
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.file_at(build, "empty") == b""
        assert history.file_at(build, "noise") == bytes(range(256))


def test_a_huge_file_is_refused_by_name_and_reading_goes_on(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit({"huge": "x" * (LARGEST_FILE + 1), "full": "x" * LARGEST_FILE})
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        with pytest.raises(UsageError, match=r"^huge at "):
            history.file_at(build, "huge")
        assert history.file_at(build, "full") == b"x" * LARGEST_FILE


def test_an_absent_commit_is_not_an_absent_file(tmp_path: Path) -> None:
    Repository(tmp_path / "app").commit({"a": "1"})
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        absent = history.file_at(ABSENT, "a")
    assert isinstance(absent, NotInHistory)
    assert absent.why == "0123456 is in no branch of app"


def test_the_files_of_a_folder_are_listed_without_links_and_folders(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    (repository.path / "manifests").mkdir()
    (repository.path / "manifests" / "link").symlink_to("staging.yaml")
    files = {
        "manifests/staging.yaml": "s",
        "manifests/old/a": "o",
        "manifests/production.yaml": "p",
    }
    build = repository.commit(dict(files))
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.files_in(build, "manifests") == ("production.yaml", "staging.yaml")
        assert history.files_in(build, "nothing") == ()
        assert history.files_in(build, "manifests/staging.yaml") == ()
        assert history.files_in(ABSENT, "manifests") == ()


@pytest.mark.parametrize("spoof", ["replace", "graft"])
def test_history_cannot_be_spoofed_inside_the_checkout(tmp_path: Path, spoof: str) -> None:
    repository = Repository(tmp_path / "app")
    old = repository.commit({"a": "old"})
    middle = repository.commit({"a": "middle"})
    new = repository.commit({"a": "new"})
    if spoof == "replace":
        repository.git("replace", old.value, new.value)
        repository.git("replace", "--graft", new.value)
    else:
        (repository.path / ".git" / "info" / "grafts").write_text(f"{new}\n")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.file_at(old, "a") == b"old"
        assert [commit.sha for commit in history.commits_between(old, new, limit=9)] == [
            new,
            middle,
        ]
