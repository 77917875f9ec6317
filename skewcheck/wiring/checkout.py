"""Where a service that runs for long reads manifests: a checkout as it is, or the mirror of a git
URL, fetched anew.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from skewcheck.wiring import Source

if TYPE_CHECKING:
    from skewcheck.ports import Clock
    from skewcheck.settings import Settings

_FRESH_FOR = timedelta(seconds=10)


def source_at(settings: Settings, repo: str, ref: str | None, policy_ref: str | None) -> Source:
    """`repo` is a path or a git URL, which is mirrored now."""
    from skewcheck.adapters.git_history import mirror_of

    mirror = mirror_of(repo, settings.cache)
    if mirror is None:
        return Source(repo=Path(repo), ref=ref, policy_ref=policy_ref)
    return Source(repo=mirror, ref=ref, policy_ref=policy_ref, url=repo)


class Checkout:
    """Asked often, as when a message follows a rollout, it does not ask the remote each time."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self._source, self._clock = source, clock
        self._lock = threading.Lock()
        self._fetched: datetime | None = None

    @property
    def name(self) -> str:
        """For people: without credentials."""
        from skewcheck.adapters.git_history.places import redacted

        return redacted(self._source.url) or str(self._source.repo.resolve())

    def newest(self) -> Source:
        """Whoever opens it fetches, unless somebody did a moment ago."""
        with self._lock:
            now = self._clock.now()
            if self._fetched is None or now - self._fetched >= _FRESH_FOR:
                self._fetched = now
                return self._source
        return self.as_it_is()

    def as_it_is(self) -> Source:
        """Nothing is fetched."""
        return replace(self._source, url="")
