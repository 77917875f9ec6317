"""The SQLite file: for its owner alone, never made by reading, and every trouble with it told."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import chdir, closing, contextmanager
from pathlib import Path

import pytest

from skewcheck.core.errors import SkewcheckError
from skewcheck.database import Database, Tables, open_database
from skewcheck.database.layout import Layout
from skewcheck.database.sqlite import SqliteFile
from tests.database.layouts import FORMER, LATER, WORDS, added


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """To whoever writes, the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a # state?/words.db"  # what a URI would take apart


@pytest.fixture
def words(file: Path) -> Tables:
    return open_database(None, file).tables(FORMER)


def test_reading_creates_nothing(words: Tables, tmp_path: Path) -> None:
    assert words.read(WORDS) == []
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_can_read_it(words: Tables, file: Path) -> None:
    words.write(added("a", 1))
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_relative_name_stays_the_same_file(tmp_path: Path) -> None:
    with chdir(tmp_path):
        words = open_database(None, Path("words.db")).tables(FORMER)
        words.write(added("a", 1))
    assert words.read(WORDS) == [("a", 1)]


def test_a_file_that_was_deleted_is_made_again(words: Tables, file: Path) -> None:
    words.write(added("a", 1))
    file.unlink()
    assert words.read(WORDS) == []
    words.write(added("b", 2))
    assert words.read(WORDS) == [("b", 2)]


def test_a_full_disk_is_told_with_what_to_do(words: Tables, file: Path) -> None:
    words.write(added("a", 1))
    size = file.stat().st_size
    with no_file_above(size), pytest.raises(SkewcheckError, match=r"words\.db: disk") as told:
        words.write(added("x" * 100_000, 2))
    assert told.value.hint.startswith("make room (df -h '")
    assert words.read(WORDS) == [("a", 1)]


@pytest.mark.parametrize(
    ("layout", "hint"),
    [
        pytest.param(FORMER, "it is damaged; put it aside: mv '{0}' '{0}'.damaged", id="usual"),
        pytest.param(LATER, "forget the words: rm '{0}'", id="the store's own"),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(file: Path, layout: Layout, hint: str) -> None:
    file.parent.mkdir()
    file.write_text("this is no database, " * 50)
    words = open_database(None, file).tables(layout)
    for ask in (lambda: words.read(WORDS), lambda: words.write(added("a", 1))):
        with pytest.raises(SkewcheckError, match=r"words\.db: file is not a database") as told:
            ask()
        assert told.value.hint == hint.format(file)


def test_a_damaged_row_is_told_like_a_damaged_file(file: Path) -> None:
    told = open_database(None, file).tables(LATER).damage(ValueError("no word: 7"))
    assert str(told) == f"cannot use the words in {file}: no word: 7"
    assert told.hint == f"forget the words: rm '{file}'"


def test_a_folder_that_cannot_be_made_is_named(words: Tables, file: Path) -> None:
    file.parent.write_text("a file")
    with pytest.raises(SkewcheckError, match="cannot use the words in") as told:
        words.write(added("a", 1))
    assert "choose another state directory" in told.value.hint


def test_whoever_waits_too_long_is_told(words: Tables, file: Path) -> None:
    words.write(added("a", 1))
    hasty = Database(SqliteFile(file, patience_s=0.01)).tables(FORMER)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SkewcheckError, match="is locked") as told:
            hasty.write(added("b", 2))
        assert told.value.hint == "another run is writing: try again"
        assert hasty.read(WORDS) == [("a", 1)]
    assert hasty.write(added("b", 2)) == [1]
