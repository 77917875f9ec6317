"""Remembers which builds earlier surveys saw live, so that clients that may linger are known to
later ones. What is older than 90 days is forgotten.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from skewcheck.core.build import BuildSha
from skewcheck.database import Database
from skewcheck.database.layout import Change, Layout, from_micros, micros
from skewcheck.ports import Sighting

KEPT = timedelta(days=90)
# The table is as the first version made it: its files are still read.
_LAYOUT = Layout(
    what="the sightings",
    both=(
        """
CREATE TABLE IF NOT EXISTS sightings (
  scope TEXT NOT NULL, service TEXT NOT NULL, build TEXT NOT NULL,
  first BIGINT NOT NULL, last BIGINT NOT NULL,
  PRIMARY KEY (scope, service, build)
)""",
    ),
    damaged="it is damaged; forget what was seen: rm {file}",
)
_SEEN = """
INSERT INTO sightings (scope, service, build, first, last)
VALUES (:scope, :service, :build, :at, :at)
ON CONFLICT (scope, service, build) DO UPDATE SET
  first = CASE WHEN excluded.first < sightings.first THEN excluded.first ELSE sightings.first END,
  last = CASE WHEN excluded.last > sightings.last THEN excluded.last ELSE sightings.last END
"""
_FORGET = "DELETE FROM sightings WHERE last < :before"
_SINCE = "SELECT service, build, first, last FROM sightings WHERE scope = :scope AND last >= :since"


class StoredSightings:
    """The `Sightings` port."""

    def __init__(self, database: Database) -> None:
        self._tables = database.tables(_LAYOUT)

    def since(self, scope: str, moment: datetime) -> tuple[Sighting, ...]:
        """By service, the latest first."""
        rows = self._tables.read(_SINCE, scope=scope, since=micros(moment))
        try:
            found = [_sighting(*row) for row in rows]
        except ValueError as error:
            raise self._tables.damage(error) from error
        found.sort(key=lambda seen: seen.build.value)
        found.sort(key=lambda seen: seen.last, reverse=True)
        return tuple(sorted(found, key=lambda seen: seen.service))

    def record(self, scope: str, seen: Mapping[str, frozenset[BuildSha]], at: datetime) -> None:
        """In one transaction; a late record of an earlier moment never shortens a sighting."""
        # In one order, so that two who record the same do not wait for each other for good.
        parties = sorted((name, build.value) for name, builds in seen.items() for build in builds)
        self._tables.write(*(_seen(scope, *party, micros(at)) for party in parties))
        self._tables.write((_FORGET, {"before": micros(at - KEPT)}))


def _seen(scope: str, service: str, build: str, at: int) -> Change:
    return _SEEN, {"scope": scope, "service": service, "build": build, "at": at}


def _sighting(service: str, build: str, first: int, last: int) -> Sighting:
    return Sighting(service, BuildSha(build), first=from_micros(first), last=from_micros(last))
