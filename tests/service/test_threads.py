"""Calls in threads that never keep the process alive."""

import asyncio
import threading

import pytest

from skewcheck.service.threads import in_thread


def test_the_result_and_the_error_come_back_to_who_asked() -> None:
    assert asyncio.run(in_thread(lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_thread(lambda: 1 // 0))


def test_a_call_that_nobody_waits_for_any_more_neither_holds_the_loop_nor_the_process() -> None:
    go, done = threading.Event(), threading.Event()

    def slowly() -> bool:
        assert threading.current_thread().daemon
        go.wait(20)
        done.set()
        return True

    async def impatient() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(in_thread(slowly), 0.01)

    asyncio.run(impatient())
    assert not done.is_set()
    go.set()
    assert done.wait(20)
