"""The pool is left at once when something ends the run, and only then."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future

import pytest

from skewcheck.flows.pool import reading


class Stopped(BaseException):
    """As an interrupt: nothing that flows would catch."""


def stopped(at_once: int, *work: Callable[[], object]) -> list[Future[object]]:
    """Work under way when the run was stopped."""
    begun: list[Future[object]] = []

    def run(pool: Executor) -> None:
        begun.extend(pool.submit(each) for each in work)
        raise Stopped

    with pytest.raises(Stopped), reading(at_once) as pool:
        run(pool)
    return begun


def test_an_error_does_not_wait_for_a_read_that_hangs() -> None:
    released = threading.Event()
    (hanging,) = stopped(2, released.wait)
    assert not hanging.done()
    released.set()
    assert hanging.result()


def test_what_has_not_begun_is_never_begun_after_an_error() -> None:
    released, begun = threading.Event(), threading.Event()
    _, late = stopped(1, released.wait, begun.set)
    released.set()
    assert late.cancelled()
    assert not begun.is_set()


def test_a_pool_for_nothing_is_a_pool() -> None:
    with reading(0) as pool:
        assert pool.submit(str, 1).result() == "1"
