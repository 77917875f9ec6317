"""Builds the demo's world on a local Google Cloud, for the commands that show it."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from skewcheck.adapters.clock import SystemClock
from skewcheck.core.contract import Contract

if TYPE_CHECKING:
    from skewcheck.sandbox.chat import Chat
    from skewcheck.sandbox.world import World

_LOOPBACK = "127.0.0.1,localhost"


@contextmanager
def local_world(folder: Path, **terms: Any) -> Iterator[tuple["World", dict[str, str]]]:
    """The world before its first act, and the variables that point programs at it; `terms` are
    those of sandbox/world.py.

    State and cache lie in `folder`, so that nothing of the user's is read or left behind.
    """
    from skewcheck.sandbox.cloud import Sandbox
    from skewcheck.sandbox.world import Terms, build_world

    inherited = dict(os.environ)  # noqa: TID251 - handed on whole to child processes
    with Sandbox(inherit=inherited) as cloud:
        world = build_world(
            cloud,
            folder / "acme",
            fingerprint=_fingerprint,
            now=SystemClock().now(),
            terms=Terms(**({"lingering_skew": "notice"} | terms)),
        )
        yield world, {**inherited, **world.exports(), **_own(folder)}


@contextmanager
def local_chat(folder: Path, repository: Path) -> Iterator[tuple["Chat", dict[str, str]]]:
    """The two services of the tutorial, deployed from `repository`, and what to export for them."""
    from skewcheck.sandbox.chat import PROJECT, build_chat
    from skewcheck.sandbox.cloud import Sandbox

    inherited = dict(os.environ)  # noqa: TID251 - handed on whole to child processes
    with Sandbox(PROJECT, inherit=inherited) as cloud:
        chat = build_chat(cloud, repository, now=SystemClock().now())
        yield chat, {**chat.exports(), **_own(folder)}


def _own(folder: Path) -> dict[str, str]:
    return {
        "SKEWCHECK_STATE_DIR": str(folder / "state"),
        "SKEWCHECK_CACHE_DIR": str(folder / "cache"),
        "NO_PROXY": _LOOPBACK,
        "no_proxy": _LOOPBACK,
    }


@contextmanager
def ended_cleanly() -> Iterator[None]:
    """A request to terminate unwinds like an interrupt, so that nothing is left behind either."""
    before = signal.signal(signal.SIGTERM, _unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _unwind(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


def _fingerprint(contract: Mapping[str, Any]) -> str:
    return Contract.model_validate(contract).fingerprint
