"""A bound on calls that know none: the one place that leaves threads behind on purpose."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result or error; TimeoutError after that long, whatever it hangs in.

    Neither name resolution nor a server that drips its headers obeys a socket's timeout, so the
    call gets a thread of its own, which is left behind and ends with the process at the latest.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # bugs too: it is raised again where it was asked for
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)
