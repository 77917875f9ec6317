"""Many people at once before `skewcheck serve`, while a rollout runs; and before a plain one."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import requests

from benchmarks.contest import Row
from conformance.burst import Burst, burst, resident_mib
from conformance.moments import promise
from conformance.replicas import promise_bridge, replica
from conformance.rolling import Rolling, rolling
from tests.people import Workspace, slack_variables
from tests.processes import waited_for
from tests.serving import Served
from tests.slack_server import Slack, slack_server

# Slack's own patience ("Handling user interaction", acknowledgement within 3 seconds).
_SLACK_WAITS_S = 3.0
_MAY_GROW = 1.15
_WHO = "U0MAY"


def rows(at_once: int, bursts: int, told: Callable[[str], None]) -> Iterator[Row]:
    """Slowest of all, not medians: who waits too long sees an error."""
    what = f"skewcheck serve, {at_once} commands and {at_once} pages at once"
    with tempfile.TemporaryDirectory() as folder, rolling(Path(folder)) as scene:
        told(f"{what}: {bursts} times, during a rollout")
        ours, page, grown = _ours(scene, at_once, bursts)
        told(f"plain_service.py: the same {bursts} times")
        theirs = _theirs(Path(folder), page, at_once, bursts)
    lost = sum(each.failed for each in theirs)
    yield _row(
        f"{what}, during a rollout: slowest acknowledgement",
        _slowest(ours, "acknowledged"),
        _slowest(theirs, "acknowledged"),
        failed=f", {lost} of {2 * at_once * bursts} not answered" if lost else "",
        target=f"≤ {_SLACK_WAITS_S:.0f} s",
        holds=max(_slowest(ours, "acknowledged")) <= _SLACK_WAITS_S,
    )
    yield _row(f"{what}: slowest page", _slowest(ours, "viewed"), _slowest(theirs, "viewed"))
    yield Row(
        what=f"{what}: memory after {bursts} bursts, beside one",
        peer="itself",
        ours=f"{grown[1]:.0f} MiB",
        theirs=f"{grown[0]:.0f} MiB",
        ratio=f"{grown[1] / grown[0]:.2f}",
        target=f"≤ {_MAY_GROW:.2f}",
        holds=grown[1] <= _MAY_GROW * grown[0],
    )


def _row(
    what: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    failed: str = "",
    target: str = "",
    holds: bool | None = None,
) -> Row:
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Row(
        what=what,
        peer="plain_service.py (slack-bolt's Starlette adapter)",
        ours=f"{median(ours):.2f} s (worst {max(ours):.2f} s)",
        theirs=f"{median(theirs):.2f} s{failed}",
        ratio=f"{median(ours) / median(theirs):.2f}",
        pairs=f"{min(ratios):.2f} to {max(ratios):.2f}",
        target=target,
        holds=holds,
    )


def _slowest(bursts: Sequence[Burst], of: str) -> list[float]:
    return [max(getattr(each, of)) for each in bursts]


def _ours(
    scene: Rolling, at_once: int, bursts: int
) -> tuple[list[Burst], bytes, tuple[float, float]]:
    """The bursts, the page that was shown, and memory after the first and the last."""
    promise(scene, approvals={"count": "1", "by": [_WHO], "not_requester": "false"})
    promise_bridge(scene)
    with slack_server() as slack, replica(scene, "one", slack, {}) as served:
        people = Workspace(slack, served)
        served.sees(lambda _: True)
        people.say("redeploy staging", _WHO)
        people.press("approve", people.proposal(), _WHO)
        waited_for(lambda: people.outcomes() == [None])
        done = [_calm(people, at_once)]
        first = resident_mib(served.process.pid)
        done += [_calm(people, at_once) for _ in range(bursts - 1)]
        if not people.ended() or people.outcomes() != ["succeeded"]:
            raise RuntimeError(f"the rollout during the bursts ended with {people.outcomes()}")
        page = requests.get(served.url, timeout=30).content
        return done, page, (first, resident_mib(served.process.pid))


def _calm(people: Workspace, at_once: int) -> Burst:
    """One burst, and every answer that was promised."""
    before = len(people.slack.told("response_url"))
    done = burst(people, at_once)
    if done.failed:
        raise RuntimeError(f"{done.failed} of {2 * at_once} were not answered")
    if not waited_for(lambda: len(people.slack.told("response_url")) >= before + at_once, 120):
        raise RuntimeError("answers were lost")
    return done


def _theirs(folder: Path, page: bytes, at_once: int, bursts: int) -> list[Burst]:
    shown = folder / "page.html"
    shown.write_bytes(page)
    with slack_server() as slack, _plain(shown, slack) as served:
        people = Workspace(slack, served)
        return [burst(people, at_once) for _ in range(bursts)]


@contextmanager
def _plain(page: Path, slack: Slack) -> Iterator[Served]:
    program = Path(__file__).with_name("plain_service.py")
    process = subprocess.Popen(
        [sys.executable, str(program), str(page)],
        env=slack_variables(slack),
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Served(process)
        finally:
            process.kill()
