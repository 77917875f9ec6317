"""Sightings last from survey to survey, for as long as clients may linger, in both databases."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

import pytest

from skewcheck.adapters.sightings import StoredSightings
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import SkewcheckError
from skewcheck.database import open_database
from skewcheck.ports import Sighting, Sightings
from tests.database.schemas import empty_place

# Each call is another run's.
Opened: TypeAlias = Callable[[], Sightings]
OLD, NEW = BuildSha("a" * 40), BuildSha("b" * 40)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class StoredContract:
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        raise NotImplementedError

    def test_nothing_was_seen_at_first(self, opened: Opened) -> None:
        assert opened().since("staging", NOON) == ()

    def test_a_build_is_remembered_from_its_first_to_its_last_sighting(
        self, opened: Opened
    ) -> None:
        for hours in (1, 3, 0, 2):  # a slow survey may record late
            opened().record("staging", {"web": frozenset({OLD})}, NOON + hours * HOUR)
        assert opened().since("staging", NOON) == (
            Sighting("web", OLD, first=NOON, last=NOON + 3 * HOUR),
        )

    def test_only_sightings_at_or_after_the_moment_are_told(self, opened: Opened) -> None:
        opened().record("staging", {"web": frozenset({OLD})}, NOON)
        opened().record("staging", {"web": frozenset({NEW})}, NOON + HOUR)
        assert [seen.build for seen in opened().since("staging", NOON)] == [NEW, OLD]
        later = NOON + timedelta(microseconds=1)
        assert [seen.build for seen in opened().since("staging", later)] == [NEW]

    def test_scopes_and_services_are_kept_apart(self, opened: Opened) -> None:
        both = {"web": frozenset({OLD}), "api": frozenset({OLD, NEW})}
        opened().record("staging", both, NOON)
        opened().record("production", {"web": frozenset({NEW})}, NOON)
        assert [(seen.service, seen.build) for seen in opened().since("staging", NOON)] == [
            ("api", OLD),
            ("api", NEW),
            ("web", OLD),
        ]
        assert [seen.build for seen in opened().since("production", NOON)] == [NEW]

    def test_times_come_back_exactly_and_in_utc(self, opened: Opened) -> None:
        at = datetime(2026, 3, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5)))
        opened().record("staging", {"web": frozenset({OLD})}, at)
        (seen,) = opened().since("staging", at)
        assert seen.last == at
        assert seen.last.utcoffset() == timedelta(0)

    def test_what_is_older_than_ninety_days_is_forgotten(self, opened: Opened) -> None:
        opened().record("staging", {"web": frozenset({OLD})}, NOON)
        opened().record("staging", {"web": frozenset({NEW})}, NOON + timedelta(days=90))
        assert len(opened().since("staging", NOON)) == 2
        opened().record("other", {}, NOON + timedelta(days=90, seconds=1))
        assert [seen.build for seen in opened().since("staging", NOON)] == [NEW]

    def test_runs_at_once_wait_for_each_other(self, opened: Opened) -> None:
        """All record all: in no order may two of them wait for each other for good."""
        builds = [BuildSha(f"{number:040x}") for number in range(1, 33)]
        start = threading.Barrier(8)

        def record(number: int) -> None:
            turned = builds[number:] + builds[:number]
            start.wait()
            opened().record("staging", {"web": frozenset(turned)}, NOON)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(record, range(8)))
        assert {seen.build for seen in opened().since("staging", NOON)} == set(builds)


class TestOnSqlite(StoredContract):
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "sightings.db"

    @pytest.fixture
    def opened(self, file: Path) -> Opened:
        return lambda: StoredSightings(open_database(None, file))

    def test_files_of_the_first_version_are_read_and_carried_on(
        self, opened: Opened, file: Path
    ) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("""
                CREATE TABLE IF NOT EXISTS sightings (
                  scope TEXT NOT NULL, service TEXT NOT NULL, build TEXT NOT NULL,
                  first INTEGER NOT NULL, last INTEGER NOT NULL,
                  PRIMARY KEY (scope, service, build)
                ) WITHOUT ROWID
            """)
            noon = int(NOON.timestamp()) * 1_000_000
            row = ("staging", "web", OLD.value, noon, noon)
            db.execute("INSERT INTO sightings VALUES (?, ?, ?, ?, ?)", row)
        assert opened().since("staging", NOON) == (Sighting("web", OLD, first=NOON, last=NOON),)
        opened().record("staging", {"web": frozenset({OLD})}, NOON + HOUR)
        (seen,) = opened().since("staging", NOON)
        assert (seen.first, seen.last) == (NOON, NOON + HOUR)

    def test_a_damaged_file_is_named_with_the_command_that_starts_afresh(
        self, opened: Opened, file: Path
    ) -> None:
        file.write_text("this is no database, " * 50)
        for ask in (
            lambda: opened().since("staging", NOON),
            lambda: opened().record("staging", {}, NOON),
        ):
            with pytest.raises(SkewcheckError, match=f"cannot use the sightings in {file}") as bad:
                ask()
            assert bad.value.hint == f"it is damaged; forget what was seen: rm {file}"

    def test_a_row_that_is_no_build_counts_as_damage(self, opened: Opened, file: Path) -> None:
        opened().record("staging", {"web": frozenset({OLD})}, NOON)
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("UPDATE sightings SET build = 'latest'")
        with pytest.raises(SkewcheckError, match="latest") as damaged:
            opened().since("staging", NOON)
        assert "forget what was seen" in damaged.value.hint


class TestOnPostgres(StoredContract):
    @pytest.fixture
    def opened(self, request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
        url = empty_place(request.config)
        return lambda: StoredSightings(open_database(url, tmp_path))
