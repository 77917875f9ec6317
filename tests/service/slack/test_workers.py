"""Workers: never the same twice at once, never stopped by a bug, never more than they can hold."""

import logging
import threading
from queue import Queue

import pytest

from skewcheck.service.slack.workers import Workers
from tests.service.slack.desk import until


class Work:
    """Says what is begun, and goes on when it is told."""

    def __init__(self) -> None:
        self.begun: Queue[str] = Queue()
        self.go = threading.Event()

    def __call__(self, key: str) -> None:
        self.begun.put(key)
        assert self.go.wait(10)


def test_the_same_key_is_not_worked_on_twice_at_once() -> None:
    work = Work()
    workers = Workers(work, at_once=2)
    workers.start()
    workers.submit("a")
    assert work.begun.get(timeout=10) == "a"
    workers.submit("a")
    workers.submit("b")
    assert work.begun.get(timeout=10) == "b"
    assert sorted(workers.under_way()) == ["a", "b"]
    work.go.set()
    workers.stop()
    assert work.begun.empty()


def test_what_is_too_much_is_left_for_the_next_time() -> None:
    done: list[str] = []
    workers = Workers(done.append, at_once=1, most=2)
    for key in "abc":
        workers.submit(key)
    workers.start()
    workers.stop()
    until(lambda: len(done) == 2 and not workers.under_way())
    assert done == ["a", "b"]


def test_a_bug_is_logged_and_the_thread_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    done: Queue[str] = Queue()

    def fails_first(key: str) -> None:
        if key == "a":
            raise RuntimeError("a bug")
        done.put(key)

    workers = Workers(fails_first, at_once=1)
    with caplog.at_level(logging.ERROR, "skewcheck.slack"):
        workers.start()
        workers.submit("a")
        workers.submit("b")
        assert done.get(timeout=10) == "b"
        workers.stop()
    assert "what came from Slack as a failed" in caplog.text
    assert "RuntimeError: a bug" in caplog.text
