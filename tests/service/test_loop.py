"""A loop goes on whatever happens in it, tells each trouble once, and ends when it is told to."""

import threading
from collections.abc import Callable, Iterator

import pytest

from skewcheck.core.errors import SkewcheckError
from skewcheck.service.loop import Loop, told


class Looped:
    """Does one after the other of `acts`, and then has done all."""

    def __init__(self, *acts: Callable[[], float | None], longest_wait_s: float = 0.0) -> None:
        self.stop, self.done = threading.Event(), threading.Event()
        self.lines: list[str] = []
        self._acts: Iterator[Callable[[], float | None]] = iter(acts)
        self.loop = Loop(
            "watching",
            self._act,
            stop=self.stop,
            tell=self.lines.append,
            longest_wait_s=longest_wait_s,
        )

    def _act(self) -> float | None:
        act = next(self._acts, None)
        if act is None:
            self.done.set()
            return 60.0
        return act()

    def run(self) -> list[str]:
        self.loop.start()
        assert self.done.wait(10)
        self.stop.set()
        assert self.loop.is_over(10)
        return self.lines


def fine() -> float:
    return 0.0


def lost() -> float:
    raise SkewcheckError("the database\nis\x1b[2J gone", hint="look at it")


def bug() -> float:
    raise KeyError("report")


def test_it_goes_on_for_as_long_as_nobody_stops_it() -> None:
    assert Looped(fine, fine, fine).run() == []


def test_what_fails_is_told_in_one_line_and_tried_again() -> None:
    assert Looped(lost, fine).run() == [
        "watching: the database is\\x1b[2J gone (next: look at it)",
        "watching: works again",
    ]


def test_a_bug_does_not_end_it_either() -> None:
    assert Looped(bug, fine).run()[0] == "watching: a bug of skewcheck: KeyError: 'report'"


def test_the_same_trouble_is_told_once_and_another_one_too() -> None:
    assert len(Looped(lost, lost, lost).run()) == 2
    assert len(Looped(lost, bug, lost).run()) == 4


def test_what_failed_once_more_after_it_worked_is_told_again() -> None:
    assert len(Looped(lost, fine, lost, fine).run()) == 4


def test_it_waits_between_failures_and_ends_in_the_middle_of_a_wait() -> None:
    looped = Looped(lost, fine, longest_wait_s=60.0)
    looped.loop.start()
    assert not looped.done.wait(0.05)
    looped.stop.set()
    assert looped.loop.is_over(10)


def test_it_ends_by_itself_where_nothing_is_left_to_do() -> None:
    looped = Looped(lambda: None)
    looped.loop.start()
    assert looped.loop.is_over(10)
    assert not looped.stop.is_set()


def test_one_that_hangs_is_not_over() -> None:
    hangs = threading.Event()

    def hang() -> None:
        hangs.wait(10)

    looped = Looped(hang)
    looped.loop.start()
    looped.stop.set()
    assert not looped.loop.is_over(0.01)
    hangs.set()
    assert looped.loop.is_over(10)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(SkewcheckError("gone"), "gone", id="ours"),
        pytest.param(SkewcheckError("gone", hint="look"), "gone (next: look)", id="with a hint"),
        pytest.param(ValueError("x\ny"), "a bug of skewcheck: ValueError: x y", id="a bug"),
    ],
)
def test_an_error_in_one_line(error: Exception, words: str) -> None:
    assert told(error) == words
