"""What was live when: stretches of time in which every look saw the same. What was last seen more
than 400 days before a look is forgotten with it.
"""

import json
from datetime import datetime, timedelta

from skewcheck.core.strict_json import Json
from skewcheck.database import Database
from skewcheck.database.layout import Layout, Value, from_micros, micros
from skewcheck.ports.service import Looks

KEPT = timedelta(days=400)
_LAYOUT = Layout(
    what="the chronicle",
    both=(
        """
CREATE TABLE IF NOT EXISTS skewcheck_stretches (
  scope TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, snapshot TEXT NOT NULL,
  PRIMARY KEY (scope, first)
)""",
        """
CREATE TABLE IF NOT EXISTS skewcheck_looks (scope TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)
""",
    ),
)
# One row for each scope: whoever has written it may go on, the others wait until that is done.
_LOOK = """
INSERT INTO skewcheck_looks (scope, at) VALUES (:scope, :at)
ON CONFLICT (scope) DO UPDATE SET
  at = CASE WHEN excluded.at > skewcheck_looks.at THEN excluded.at ELSE skewcheck_looks.at END
"""
_PROLONG = """
UPDATE skewcheck_stretches SET last = :at
WHERE scope = :scope AND snapshot = :snapshot AND last >= :open AND last < :at
  AND first = (SELECT max(first) FROM skewcheck_stretches WHERE scope = :scope)
"""
# Not where it was prolonged, nor where somebody has looked later. Of two looks at one moment the
# first counts.
_BEGIN = """
INSERT INTO skewcheck_stretches (scope, first, last, snapshot)
SELECT :scope, :at, :at, :snapshot WHERE NOT EXISTS (
  SELECT 1 FROM skewcheck_stretches WHERE scope = :scope
  AND (last > :at OR (last = :at AND snapshot = :snapshot))
)
ON CONFLICT (scope, first) DO NOTHING
"""
_FORGET = "DELETE FROM skewcheck_stretches WHERE scope = :scope AND last < :before"
_STRETCHES = """
SELECT first, last, snapshot FROM skewcheck_stretches WHERE scope = :scope AND last >= :since
ORDER BY first
"""


class StoredChronicle:
    """The `Chronicle` port."""

    def __init__(self, database: Database) -> None:
        self._tables = database.tables(_LAYOUT)

    def note(self, scope: str, at: datetime, snapshot: Json, *, gap: timedelta) -> None:
        look: dict[str, Value] = {
            "scope": scope,
            "at": micros(at),
            "open": micros(at - gap),
            "before": micros(at - KEPT),
            "snapshot": json.dumps(snapshot, sort_keys=True, allow_nan=False),
        }
        self._tables.write(*((sql, look) for sql in (_LOOK, _PROLONG, _BEGIN, _FORGET)))

    def stretches(self, scope: str, *, since: datetime) -> tuple[Looks, ...]:
        rows = self._tables.read(_STRETCHES, scope=scope, since=micros(since))
        try:
            return tuple(
                (from_micros(first), from_micros(last), json.loads(snapshot))
                for first, last, snapshot in rows
            )
        except ValueError as error:
            raise self._tables.damage(error) from error
