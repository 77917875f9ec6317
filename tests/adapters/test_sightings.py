"""Sightings last from survey to survey, for as long as clients may linger."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from skewcheck.adapters.sightings import SqliteSightings
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import SkewcheckError
from skewcheck.ports import Sighting

OLD, NEW = BuildSha("a" * 40), BuildSha("b" * 40)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_nothing_is_written_before_something_is_recorded(tmp_path: Path) -> None:
    sightings = SqliteSightings(tmp_path / "state")
    assert sightings.since("staging", NOON) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_build_is_remembered_from_its_first_to_its_last_sighting(tmp_path: Path) -> None:
    for hours in (0, 2, 1):  # a slow survey may record late
        SqliteSightings(tmp_path).record("staging", {"web": frozenset({OLD})}, NOON + hours * HOUR)
    assert SqliteSightings(tmp_path).since("staging", NOON) == (
        Sighting("web", OLD, first=NOON, last=NOON + 2 * HOUR),
    )


def test_only_sightings_at_or_after_the_moment_are_told(tmp_path: Path) -> None:
    sightings = SqliteSightings(tmp_path)
    sightings.record("staging", {"web": frozenset({OLD})}, NOON)
    sightings.record("staging", {"web": frozenset({NEW})}, NOON + HOUR)
    assert [seen.build for seen in sightings.since("staging", NOON)] == [NEW, OLD]
    later = NOON + timedelta(microseconds=1)
    assert [seen.build for seen in sightings.since("staging", later)] == [NEW]


def test_scopes_and_services_are_kept_apart(tmp_path: Path) -> None:
    sightings = SqliteSightings(tmp_path)
    sightings.record("staging", {"web": frozenset({OLD}), "api": frozenset({OLD, NEW})}, NOON)
    sightings.record("production", {"web": frozenset({NEW})}, NOON)
    assert [(seen.service, seen.build) for seen in sightings.since("staging", NOON)] == [
        ("api", OLD),
        ("api", NEW),
        ("web", OLD),
    ]
    assert [seen.build for seen in sightings.since("production", NOON)] == [NEW]


def test_times_come_back_exactly_and_in_utc(tmp_path: Path) -> None:
    at = datetime(2026, 3, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5)))
    sightings = SqliteSightings(tmp_path)
    sightings.record("staging", {"web": frozenset({OLD})}, at)
    (seen,) = sightings.since("staging", at)
    assert seen.last == at
    assert seen.last.utcoffset() == timedelta(0)


def test_what_is_older_than_ninety_days_is_forgotten(tmp_path: Path) -> None:
    sightings = SqliteSightings(tmp_path)
    sightings.record("staging", {"web": frozenset({OLD})}, NOON)
    sightings.record("staging", {"web": frozenset({NEW})}, NOON + timedelta(days=90))
    assert len(sightings.since("staging", NOON)) == 2
    sightings.record("other", {}, NOON + timedelta(days=90, seconds=1))
    assert [seen.build for seen in sightings.since("staging", NOON)] == [NEW]


def test_only_their_owner_can_read_them(tmp_path: Path) -> None:
    state = tmp_path / "state"
    SqliteSightings(state).record("staging", {"web": frozenset({OLD})}, NOON)
    assert state.stat().st_mode & 0o777 == 0o700
    assert (state / "sightings.db").stat().st_mode & 0o777 == 0o600


def test_runs_at_once_wait_for_each_other(tmp_path: Path) -> None:
    builds = [BuildSha(f"{number:040x}") for number in range(1, 33)]

    def record(build: BuildSha) -> None:
        SqliteSightings(tmp_path).record("staging", {"web": frozenset({build})}, NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, builds))
    found = SqliteSightings(tmp_path).since("staging", NOON)
    assert {seen.build for seen in found} == set(builds)


def test_a_damaged_file_is_named_with_the_command_that_starts_afresh(tmp_path: Path) -> None:
    path = tmp_path / "sightings.db"
    path.write_text("this is no database, " * 50)
    for ask in (
        lambda: SqliteSightings(tmp_path).since("staging", NOON),
        lambda: SqliteSightings(tmp_path).record("staging", {}, NOON),
    ):
        with pytest.raises(SkewcheckError, match=f"cannot use the sightings in {path}") as damaged:
            ask()
        assert damaged.value.hint == f"it is damaged; forget what was seen: rm {path}"


def test_a_row_that_is_no_build_counts_as_damage(tmp_path: Path) -> None:
    sightings = SqliteSightings(tmp_path)
    sightings.record("staging", {"web": frozenset({OLD})}, NOON)
    with closing(sqlite3.connect(tmp_path / "sightings.db")) as db, db:
        db.execute("UPDATE sightings SET build = 'latest'")
    with pytest.raises(SkewcheckError, match="latest"):
        sightings.since("staging", NOON)


def test_a_state_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(SkewcheckError, match="cannot use the sightings") as failed:
        SqliteSightings(tmp_path / "state").record("staging", {}, NOON)
    assert "choose another state directory" in failed.value.hint
