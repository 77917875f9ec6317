"""The pool of threads that reads go through, left at once when something ends the run early."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def reading(at_once: int) -> Iterator[Executor]:
    """An executor's own `with` waits for reads that hang, also when nobody wants them any more."""
    pool = ThreadPoolExecutor(max_workers=max(1, at_once))
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
