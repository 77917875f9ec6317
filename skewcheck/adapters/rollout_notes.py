"""What people said about rollouts of one scope: holds, approvals, and cancels."""

from datetime import datetime

from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.database import Database
from skewcheck.database.layout import Column, Layout, Value, from_micros, micros

_LAYOUT = Layout(
    what="the notes on rollouts",
    both=(
        """
CREATE TABLE IF NOT EXISTS skewcheck_holds (
  scope TEXT NOT NULL PRIMARY KEY, who TEXT NOT NULL, why TEXT NOT NULL,
  at BIGINT NOT NULL, until BIGINT
)""",
        """
CREATE TABLE IF NOT EXISTS skewcheck_approvals (
  scope TEXT NOT NULL, digest TEXT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL,
  via TEXT NOT NULL DEFAULT '', PRIMARY KEY (scope, digest, who)
)""",
        """
CREATE TABLE IF NOT EXISTS skewcheck_cancels (
  scope TEXT NOT NULL, rollout TEXT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (scope, rollout)
)""",
    ),
    added=(Column(table="skewcheck_approvals", name="via", type="TEXT NOT NULL DEFAULT ''"),),
)
_HOLD = "SELECT who, why, at, until FROM skewcheck_holds WHERE scope = :scope"
_SET_HOLD = """
INSERT INTO skewcheck_holds (scope, who, why, at, until) VALUES (:scope, :who, :why, :at, :until)
ON CONFLICT (scope) DO UPDATE SET
  who = excluded.who, why = excluded.why, at = excluded.at, until = excluded.until
"""
_RELEASE = "DELETE FROM skewcheck_holds WHERE scope = :scope"
_APPROVE = """
INSERT INTO skewcheck_approvals (scope, digest, who, at, via)
VALUES (:scope, :digest, :who, :at, :via)
ON CONFLICT (scope, digest, who) DO UPDATE SET at = excluded.at, via = excluded.via
"""
_APPROVALS = """
SELECT who, at, via FROM skewcheck_approvals WHERE scope = :scope AND digest = :digest
ORDER BY at, who
"""
_CANCEL = """
INSERT INTO skewcheck_cancels (scope, rollout, who, at) VALUES (:scope, :rollout, :who, :at)
ON CONFLICT DO NOTHING
"""
_CANCELLED = "SELECT who FROM skewcheck_cancels WHERE scope = :scope AND rollout = :rollout"


class StoredNotes:
    """The `Notes` port. The last approval of a plan by one person counts, because consent grows
    old and may be renewed; of holds the last; the first cancel of one rollout."""

    def __init__(self, database: Database, scope: str) -> None:
        self._tables = database.tables(_LAYOUT)
        self._scope = scope

    def hold(self) -> Hold | None:
        for who, why, at, until in self._tables.read(_HOLD, scope=self._scope):
            ends = None if until is None else from_micros(until)
            return Hold(who=who, why=why, at=from_micros(at), until=ends)
        return None

    def set_hold(self, hold: Hold | None) -> None:
        if hold is None:
            self._write(_RELEASE)
            return
        until = None if hold.until is None else micros(hold.until)
        self._write(_SET_HOLD, who=hold.who, why=hold.why, at=micros(hold.at), until=until)

    def approve(self, approval: Approval) -> None:
        who, at, via = approval.who, micros(approval.at), approval.via
        self._write(_APPROVE, digest=approval.digest, who=who, at=at, via=via)

    def approvals(self, digest: str) -> tuple[Approval, ...]:
        rows = self._tables.read(_APPROVALS, scope=self._scope, digest=digest)
        return tuple(
            Approval(digest=digest, who=who, at=from_micros(at), via=via) for who, at, via in rows
        )

    def cancel(self, rollout: str, who: str, at: datetime) -> None:
        self._write(_CANCEL, rollout=rollout, who=who, at=micros(at))

    def cancelled(self, rollout: str) -> str | None:
        rows = self._tables.read(_CANCELLED, scope=self._scope, rollout=rollout)
        return next((str(who) for (who,) in rows), None)

    def _write(self, change: str, **values: Value) -> None:
        self._tables.write((change, {"scope": self._scope, **values}))
