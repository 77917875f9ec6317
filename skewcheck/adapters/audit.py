"""The audit trail: what was decided and done, by whom. The database itself refuses to change or
delete a record, whoever asks.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from skewcheck.core.strict_json import Json
from skewcheck.database import Database
from skewcheck.database.layout import Layout, micros
from skewcheck.ports.service import JsonObject

_TABLE = """
CREATE TABLE IF NOT EXISTS skewcheck_audit (
  id {id}, project TEXT NOT NULL, at BIGINT NOT NULL, record TEXT NOT NULL
)"""
_REFUSED = "'the audit trail is append-only'"
# REPLACE deletes, and fires no trigger for it.
_SQLITE = (
    _TABLE.format(id="INTEGER PRIMARY KEY AUTOINCREMENT"),
    *(
        f"CREATE TRIGGER IF NOT EXISTS skewcheck_audit_{name} {when}"
        f" BEGIN SELECT RAISE(ABORT, {_REFUSED}); END"
        for name, when in {
            "update": "BEFORE UPDATE ON skewcheck_audit",
            "delete": "BEFORE DELETE ON skewcheck_audit",
            "replace": "BEFORE INSERT ON skewcheck_audit"
            " WHEN EXISTS (SELECT 1 FROM skewcheck_audit WHERE id = NEW.id)",
        }.items()
    ),
)
_POSTGRES = (
    _TABLE.format(id="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    f"""
CREATE OR REPLACE FUNCTION skewcheck_audit_refuse() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION {_REFUSED}; END $$""",
    "DROP TRIGGER IF EXISTS skewcheck_audit_append_only ON skewcheck_audit",
    """
CREATE TRIGGER skewcheck_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON skewcheck_audit
FOR EACH STATEMENT EXECUTE FUNCTION skewcheck_audit_refuse()""",
)
_INDEX = "CREATE INDEX IF NOT EXISTS skewcheck_audit_by_time ON skewcheck_audit (project, at)"
_LAYOUT = Layout(what="the audit trail", sqlite=(*_SQLITE, _INDEX), postgres=(*_POSTGRES, _INDEX))
_APPEND = "INSERT INTO skewcheck_audit (project, at, record) VALUES (:project, :at, :record)"
_SINCE = """
SELECT record FROM skewcheck_audit WHERE project = :project AND at >= :since ORDER BY at, id
"""


class StoredAudit:
    """The `Audit` port."""

    def __init__(self, database: Database, project: str) -> None:
        self._tables = database.tables(_LAYOUT)
        self._project = project

    def append(self, record: Mapping[str, Json]) -> None:
        at = micros(datetime.fromisoformat(str(record["at"])))
        text = json.dumps(record, sort_keys=True, allow_nan=False)
        self._tables.write((_APPEND, {"project": self._project, "at": at, "record": text}))

    def records(self, *, since: datetime) -> tuple[JsonObject, ...]:
        rows = self._tables.read(_SINCE, project=self._project, since=micros(since))
        try:
            return tuple(json.loads(record) for (record,) in rows)
        except ValueError as error:
            raise self._tables.damage(error) from error
