"""Where DBOS's thread, which holds a workflow, meets the driver's thread, which plays its body.

So an interrupt ends the body at once, wherever it is: Python raises it in the main thread. DBOS
records what is an Exception, as the step's or the run's failure, and nothing else (dbos 3.4,
`_core.py`); whatever must leave no trace crosses it as a BaseException.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from skewcheck.core.strict_json import Json


class Left(BaseException):
    """The driver has gone: the run stays as unfinished as a kill would leave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A workflow that waits for its body to be played within `context`, which makes steps of its
    steps."""

    workflow: str
    order: Json
    context: Context
    result: Future[Json]


class Stage:
    """One driver's. Closed, it sends every workflow away."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._closing = threading.Lock()
        self._is_closed = False

    def play(self, workflow: str, order: Json) -> Json:
        """On DBOS's thread: the body's result, once the driver has played it."""
        result: Future[Json] = Future()
        call = Call(workflow=workflow, order=order, context=copy_context(), result=result)
        with self._closing:
            if self._is_closed:
                raise Left
            self._calls.put(call)
        return result.result()

    @contextmanager
    def opened(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._close()

    def next(self, *, within_s: float) -> Call | None:
        """On the driver's thread; None where no workflow came in time."""
        try:
            return self._calls.get(timeout=within_s)
        except Empty:
            return None

    def _close(self) -> None:
        with self._closing:
            self._is_closed = True
        while (call := self.next(within_s=0)) is not None:
            call.result.set_exception(Left())
