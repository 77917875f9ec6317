"""Many people at once: each types a command in Slack and opens the page, all at the same moment."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.people import Workspace

_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Burst:
    """Seconds that each acknowledgement and each page took; `failed` how many were none."""

    acknowledged: tuple[float, ...]
    viewed: tuple[float, ...]
    failed: int


def burst(people: Workspace, number: int, *, asks: str = "status staging") -> Burst:
    """So many of both, at the same moment."""
    gate = threading.Barrier(2 * number)

    def asked() -> tuple[float, bool]:
        return _timed(gate, lambda: people.say(asks, "U0CROWD"))

    def viewed() -> tuple[float, bool]:
        return _timed(gate, lambda: _view(people.served.url))

    with ThreadPoolExecutor(max_workers=2 * number) as pool:
        both = [pool.submit(each) for _ in range(number) for each in (asked, viewed)]
        took = [each.result() for each in both]
    seconds = [each for each, _ in took]
    failed = sum(not went_well for _, went_well in took)
    return Burst(acknowledged=tuple(seconds[::2]), viewed=tuple(seconds[1::2]), failed=failed)


def resident_mib(process: int) -> float:
    """As Linux counts it (proc(5), VmRSS)."""
    lines: Iterator[str] = iter(Path(f"/proc/{process}/status").read_text().splitlines())
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _timed(gate: threading.Barrier, act: Callable[[], int]) -> tuple[float, bool]:
    """How long it took, and whether it was answered as it should."""
    gate.wait()
    began = time.perf_counter()
    try:
        went_well = act() == 200
    except TimeoutError:
        went_well = False
    return time.perf_counter() - began, went_well


def _view(url: str) -> int:
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE_S)) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert b"staging" in answer.read()
        return answer.status
