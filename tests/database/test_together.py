"""Writes of many threads in one commit: each for itself, as if it had come alone."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from skewcheck.database.layout import Change
from skewcheck.database.together import Together, _Wish
from tests.processes import waited_for


class Opening:
    """Opens the file, and counts; the first waits to be let in."""

    def __init__(self, file: Path) -> None:
        self.file, self.times = file, 0
        self.entered, self.let_in = Event(), Event()
        with closing(sqlite3.connect(file)) as db:
            db.execute("CREATE TABLE words (word TEXT PRIMARY KEY)")

    @contextmanager
    def __call__(self) -> Iterator[sqlite3.Connection]:
        self.times += 1
        self.entered.set()
        assert self.let_in.wait(10)
        with closing(sqlite3.connect(self.file, isolation_level=None)) as db:
            yield db

    def words(self) -> list[str]:
        with closing(sqlite3.connect(self.file)) as db:
            return sorted(word for (word,) in db.execute("SELECT word FROM words"))


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    return Opening(tmp_path / "words.db")


def add(*words: str) -> list[Change]:
    return [("INSERT INTO words VALUES (:word)", {"word": word}) for word in words]


def all_at_once(opening: Opening, *wishes: list[Change]) -> list["Future[list[int]]"]:
    """The first is under way when the others come."""
    together = Together(opening)
    with ThreadPoolExecutor(len(wishes)) as pool:
        first = pool.submit(together.write, wishes[0])
        assert opening.entered.wait(10)
        rest = [pool.submit(together.write, wish) for wish in wishes[1:]]
        assert waited_for(lambda: len(together._waiting) == len(rest))
        opening.let_in.set()
        return [first, *rest]


def test_all_that_wait_are_written_in_one_commit(opening: Opening) -> None:
    done = all_at_once(opening, add("a"), add("b", "c"), add("d"))
    assert [each.result() for each in done] == [[1], [1, 1], [1]]
    assert opening.words() == ["a", "b", "c", "d"]
    assert opening.times == 2


def test_one_that_fails_takes_back_its_own_changes_and_nobody_elses(opening: Opening) -> None:
    done = all_at_once(opening, add("a"), add("b", "a"), add("c"))
    assert (done[0].result(), done[2].result()) == ([1], [1])
    assert isinstance(done[1].exception(), sqlite3.IntegrityError)
    assert opening.words() == ["a", "c"]


def test_where_nothing_could_be_committed_all_are_told(opening: Opening) -> None:
    opening.let_in.set()
    together = Together(opening)
    opening.file.unlink()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        together.write(add("a"))
    opening.file.unlink()
    opening.file.mkdir()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        together.write(add("a"))


def test_whoever_waits_on_a_commit_that_fails_hears_why(opening: Opening) -> None:
    together = Together(opening)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(together.write, add("a"))
        assert opening.entered.wait(10)
        second = pool.submit(together.write, add("b"))
        assert waited_for(lambda: len(together._waiting) == 1)
        opening.file.unlink()
        opening.file.mkdir()
        opening.let_in.set()
        for each in (first, second):
            assert isinstance(each.exception(), sqlite3.OperationalError)


def test_an_interrupt_is_no_success_for_those_who_waited(opening: Opening) -> None:
    class InterruptedOnce(Opening):
        @contextmanager
        def __call__(self) -> Iterator[sqlite3.Connection]:
            self.times += 1
            if self.times == 1:
                raise KeyboardInterrupt
            with closing(sqlite3.connect(self.file, isolation_level=None)) as db:
                yield db

    opening.file.unlink()
    once = InterruptedOnce(opening.file)
    together = Together(once)
    together._waiting.append(waiting := _Wish(add("b")))
    with pytest.raises(KeyboardInterrupt):
        together.write(add("a"))
    assert waiting.is_over
    assert isinstance(waiting.error, sqlite3.OperationalError)
    assert once.words() == []
