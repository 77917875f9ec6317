"""A folder on disk: what is in it, and writing that leaves nothing half done."""

from pathlib import Path

import pytest

from skewcheck.adapters.dist_folder import FolderOnDisk
from skewcheck.core.errors import UsageError


def test_all_regular_files_are_listed_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.html").touch()
    (tmp_path / "a.js").touch()
    assert FolderOnDisk(tmp_path).files() == ("a.js", "b/x.html")
    assert FolderOnDisk(tmp_path).files("b") == ("b/x.html",)
    assert FolderOnDisk(tmp_path).files("c") == ()


def test_symbolic_links_lead_nowhere(tmp_path: Path) -> None:
    outside, dist = tmp_path / "outside", tmp_path / "dist"
    outside.mkdir()
    dist.mkdir()
    (outside / "x.html").write_text("kept")
    (dist / "folder").symlink_to(outside)
    (dist / "version.json").symlink_to(outside / "x.html")
    assert FolderOnDisk(dist).files() == ()
    with pytest.raises(UsageError, match="is a symbolic link"):
        FolderOnDisk(dist).write("version.json", b"new")
    assert (outside / "x.html").read_text() == "kept"


def test_what_is_not_there_reads_as_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert FolderOnDisk(tmp_path).read("absent") is None
    assert FolderOnDisk(tmp_path).read("file/absent") is None


def test_a_file_is_replaced_as_a_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_bytes(b"old")
    page.chmod(0o640)
    with page.open("rb") as reader:
        FolderOnDisk(tmp_path).write("index.html", b"new")
        assert reader.read() == b"old"
    assert page.read_bytes() == b"new"
    assert page.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["index.html"]


def test_a_new_file_is_readable_by_the_server_that_serves_it(tmp_path: Path) -> None:
    FolderOnDisk(tmp_path).write("version.json", b"{}")
    assert (tmp_path / "version.json").stat().st_mode & 0o777 == 0o644


def test_what_the_disk_refuses_is_told_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "version.json").mkdir()
    with pytest.raises(UsageError, match=r"version\.json: Is a directory"):
        FolderOnDisk(tmp_path).write("version.json", b"{}")
    assert [each.name for each in tmp_path.iterdir()] == ["version.json"]
    with pytest.raises(UsageError, match=r"version\.json: Is a directory"):
        FolderOnDisk(tmp_path).read("version.json")
