"""Every rollout's end comes on record, also where who carried it out died before that.

Whoever carries it out records it at once; so it is given some time before others look after it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from skewcheck.core.rollout.view import RolloutView
from skewcheck.flows.note import record_end
from skewcheck.ports.service import Shared

_AFTER = timedelta(seconds=30)
_TURN = timedelta(minutes=1)
_YOUNG = timedelta(days=7)


class Endings:
    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._first_seen: dict[str, datetime] = {}
        self._on_record: set[str] = set()

    def look_after(self, views: Iterable[RolloutView]) -> None:
        """`views` are of rollouts that have ended; to be called now and then."""
        now = self._shared.clock.now()
        for view in views:
            rollout = view.order.rollout
            seen = self._first_seen.setdefault(rollout, now)
            if now - seen >= _AFTER and rollout not in self._on_record:
                self._record(view, now)

    def _record(self, view: RolloutView, now: datetime) -> None:
        shared, turn = self._shared, f"end of {view.order.rollout}"
        young = now - view.order.at < _YOUNG
        if young and not shared.shelf.take_turn(turn, shared.holder, now=now, lasts=_TURN):
            return
        if young and view.outcome is not None:
            record_end(shared.audit, view.order, view.outcome, at=now)
        self._on_record.add(view.order.rollout)
