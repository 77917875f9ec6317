"""The audit trail keeps every record as it was written, whoever would have it otherwise: one
contract for the fake and for both databases.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import psycopg
import pytest

from skewcheck.adapters.audit import StoredAudit
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.strict_json import Json
from skewcheck.database import open_database
from skewcheck.ports.service import Audit
from tests.database.schemas import empty_place
from tests.service_fakes import FakeAudit

# Each call is another process's audit trail of that project.
Opened: TypeAlias = Callable[[str], Audit]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
REFUSED = "append-only"


def record(at: datetime = NOON, **own: Json) -> dict[str, Json]:
    kept: dict[str, Json] = {"schema": 1, "at": at.isoformat(), "event": "gate"}
    return kept | {"environment": "staging"} | own


class AuditContract:
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        raise NotImplementedError

    def test_nothing_is_recorded_at_first(self, opened: Opened) -> None:
        assert opened("acme").records(since=NOON) == ()

    def test_records_come_back_as_they_were_the_oldest_first(self, opened: Opened) -> None:
        odd = record(NOON + HOUR, why="first\nline \x00 \ud83d", who="Žofie", candidates={"a": "b"})
        older = record(NOON, n=1)
        same = record(NOON, n=2)
        for each in (odd, older, same):
            opened("acme").append(each)
        assert opened("acme").records(since=NOON) == (older, same, odd)

    def test_only_what_happened_since_is_told(self, opened: Opened) -> None:
        at = (NOON + HOUR).isoformat().replace("+00:00", "Z")
        opened("acme").append(record(NOON))
        opened("acme").append(record() | {"at": at})
        assert [each["at"] for each in opened("acme").records(since=NOON + HOUR)] == [at]
        assert opened("acme").records(since=NOON + 2 * HOUR) == ()

    def test_what_is_read_can_be_changed_without_harm(self, opened: Opened) -> None:
        opened("acme").append(record(candidates={"api": "9e39"}))
        opened("acme").records(since=NOON)[0]["candidates"] = None
        assert opened("acme").records(since=NOON) == (record(candidates={"api": "9e39"}),)

    def test_a_record_without_a_moment_is_a_bug(self, opened: Opened) -> None:
        with pytest.raises(KeyError):
            opened("acme").append({"schema": 1, "event": "gate"})
        assert opened("acme").records(since=NOON - HOUR) == ()

    def test_projects_are_kept_apart(self, opened: Opened) -> None:
        opened("acme").append(record(n=1))
        opened("other").append(record(n=2))
        assert opened("acme").records(since=NOON) == (record(n=1),)

    def test_records_of_many_at_once_are_all_there(self, opened: Opened) -> None:
        long: Json = "x" * 5000
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: opened("acme").append(record(n=n, why=long)), range(40)))
        records = opened("acme").records(since=NOON)
        assert {each["n"] for each in records} == set(range(40))
        assert {str(each["why"]) for each in records} == {long}


class TestFakeAudit(AuditContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        del tmp_path
        trails = {"acme": FakeAudit(), "other": FakeAudit()}
        return lambda project: trails[project]


class TestOnSqlite(AuditContract):
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "state/audit.db"

    @pytest.fixture
    def opened(self, file: Path) -> Opened:
        return lambda project: StoredAudit(open_database(None, file), project)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE skewcheck_audit SET record = '{}'",
            "UPDATE skewcheck_audit SET project = 'other' WHERE project = 'acme'",
            "DELETE FROM skewcheck_audit",
            "INSERT OR REPLACE INTO skewcheck_audit SELECT id, project, at, '{}' FROM"
            " skewcheck_audit",
            "INSERT INTO skewcheck_audit SELECT id, project, at, '{}' FROM skewcheck_audit WHERE 1"
            " ON CONFLICT DO UPDATE SET record = excluded.record",
        ],
    )
    def test_what_is_recorded_cannot_be_changed(
        self, opened: Opened, file: Path, change: str
    ) -> None:
        opened("acme").append(record())
        with closing(sqlite3.connect(file)) as db, pytest.raises(sqlite3.DatabaseError) as told, db:
            db.execute(change)
        assert REFUSED in str(told.value)
        assert opened("acme").records(since=NOON) == (record(),)

    def test_a_place_that_cannot_be_written_is_an_error_with_a_way_out(
        self, opened: Opened, file: Path
    ) -> None:
        file.mkdir(parents=True)
        with pytest.raises(
            SkewcheckError, match=r"cannot use the audit trail in .*audit\.db"
        ) as no:
            opened("acme").append(record())
        assert "choose another state directory" in no.value.hint

    def test_a_damaged_record_is_told(self, opened: Opened, file: Path) -> None:
        opened("acme").append(record())
        with closing(sqlite3.connect(file)) as db, db:
            db.execute(
                "INSERT INTO skewcheck_audit (project, at, record) VALUES ('acme', 9e15, '{')"
            )
        with pytest.raises(SkewcheckError, match="cannot use the audit trail"):
            opened("acme").records(since=NOON)


class TestOnPostgres(AuditContract):
    @pytest.fixture
    def url(self, request: pytest.FixtureRequest) -> str:
        return empty_place(request.config)

    @pytest.fixture
    def opened(self, url: str, tmp_path: Path) -> Opened:
        return lambda project: StoredAudit(open_database(url, tmp_path), project)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE skewcheck_audit SET record = '{}'",
            "DELETE FROM skewcheck_audit",
            "TRUNCATE skewcheck_audit",
            "INSERT INTO skewcheck_audit OVERRIDING SYSTEM VALUE"
            " SELECT id, project, at, '{}' FROM skewcheck_audit"
            " ON CONFLICT (id) DO UPDATE SET record = excluded.record",
        ],
    )
    def test_what_is_recorded_cannot_be_changed(
        self, opened: Opened, url: str, change: str
    ) -> None:
        opened("acme").append(record())
        with psycopg.connect(url) as db, pytest.raises(psycopg.errors.RaiseException) as told:
            db.execute(change.encode())
        assert REFUSED in str(told.value)
        assert opened("acme").records(since=NOON) == (record(),)
