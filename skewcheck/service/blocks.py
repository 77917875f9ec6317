"""How often the gate has blocked, by environment: counted from the audit trail, which all
machines share.

What was counted is not read again, but for the last hour: others' clocks may be behind ours.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from skewcheck.core.findings import Verdict
from skewcheck.ports.service import Audit, JsonObject

_THE_BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)
_OVERLAP = timedelta(hours=1)


class Blocks:
    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._count = Counter[str]()
        self._since = _THE_BEGINNING
        self._recent: dict[str, datetime] = {}

    def counted(self, now: datetime) -> Mapping[str, int]:
        """All since the beginning; it never falls."""
        for record in self._audit.records(since=self._since):
            if (record["event"], record.get("verdict")) == ("gate", str(Verdict.BLOCK)):
                self._add(record)
        self._since = max(self._since, now - _OVERLAP)
        self._recent = {key: at for key, at in self._recent.items() if at >= self._since}
        return dict(self._count)

    def _add(self, record: JsonObject) -> None:
        key = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        if key not in self._recent:
            self._recent[key] = datetime.fromisoformat(str(record["at"]))
            self._count[str(record["environment"])] += 1
