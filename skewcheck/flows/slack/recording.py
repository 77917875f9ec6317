"""The audit trail, for what may be done again because a replica died in the middle of it."""

from datetime import timedelta

from skewcheck.core.audit.records import Record
from skewcheck.ports.service import Shared

_TELLS_APART = ("event", "rollout", "who", "digest")
_LOOKS_BACK = timedelta(days=2)


def record_once(shared: Shared, record: Record) -> None:
    """Nothing where the same is on record already: the same person's deed to the same rollout."""
    since = shared.clock.now() - _LOOKS_BACK
    for each in shared.audit.records(since=since):
        if all(each.get(key) == record.get(key) for key in _TELLS_APART):
            return
    shared.audit.append(record)
