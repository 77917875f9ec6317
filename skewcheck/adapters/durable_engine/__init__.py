"""The durable engine: rollouts of one scope, carried out by DBOS on SQLite or PostgreSQL.

Unguarded, DBOS (3.4) runs a step twice when a second process starts in mid-step, and never
recovers the work of a process that is gone. So only the holder of a lock launches it, all others
are clients that wait, and the lock is one that the kernel or the server drops on `kill -9`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from skewcheck.adapters.durable_engine.filesystems import refuse_network
from skewcheck.ports import Clock

if TYPE_CHECKING:
    from skewcheck.adapters.durable_engine.engine import DbosEngine


def open_engine(url: str | None, state: Path, scope: str, clock: Clock) -> DbosEngine:
    """For one environment of one project, which `scope` names; without `url` in SQLite inside
    `state`. Nothing is written before the first rollout. DBOS takes most of a second to import,
    so that happens here and not before."""
    if url is None:
        refuse_network(state)
    from skewcheck.adapters.durable_engine.engine import DbosEngine
    from skewcheck.adapters.durable_engine.names import names_of
    from skewcheck.adapters.durable_engine.store import store_of

    return DbosEngine(store_of(url, state), names_of(scope), clock)
