"""The chronicle adds looks up to stretches: one contract for the fake and for both databases."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

import pytest

from skewcheck.adapters.chronicle import StoredChronicle
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.strict_json import Json
from skewcheck.database import open_database
from skewcheck.ports.service import Chronicle
from tests.database.racing import asked_at_once
from tests.database.schemas import empty_place
from tests.service_fakes import FakeChronicle

# Each call is another process's chronicle.
Opened: TypeAlias = Callable[[], Chronicle]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
GAP = 2 * HOUR
PASS: Json = {"verdict": "pass", "services": {"web": ["9e39"], "api": ["9e39"]}}
# The same, written down in another order.
ALSO_PASS: Json = {"services": {"api": ["9e39"], "web": ["9e39"]}, "verdict": "pass"}
BLOCK: Json = {"verdict": "block", "services": {"web": ["01d0"], "api": ["9e39"]}}


def note(opened: Opened, hours: float, snapshot: Json, scope: str = "staging") -> None:
    opened().note(scope, NOON + hours * HOUR, snapshot, gap=GAP)


def told(opened: Opened, since: float = -24, scope: str = "staging") -> list[object]:
    """First and last in hours after noon, and the verdict."""
    return [
        ((first - NOON) / HOUR, (last - NOON) / HOUR, seen["verdict"])
        for first, last, seen in opened().stretches(scope, since=NOON + since * HOUR)
        if isinstance(seen, dict)
    ]


class ChronicleContract:
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        raise NotImplementedError

    def test_nobody_has_looked_at_first(self, opened: Opened) -> None:
        assert opened().stretches("staging", since=NOON) == ()

    def test_looks_that_saw_the_same_are_one_stretch(self, opened: Opened) -> None:
        for hours, seen in ((0, PASS), (1, ALSO_PASS), (3, PASS)):
            note(opened, hours, seen)
        assert opened().stretches("staging", since=NOON) == ((NOON, NOON + 3 * HOUR, PASS),)

    def test_another_sight_begins_a_stretch(self, opened: Opened) -> None:
        for hours, seen in ((0, PASS), (1, BLOCK), (2, BLOCK), (3, PASS)):
            note(opened, hours, seen)
        assert told(opened) == [(0, 0, "pass"), (1, 2, "block"), (3, 3, "pass")]

    def test_after_a_time_in_which_nobody_looked_a_stretch_begins(self, opened: Opened) -> None:
        for hours in (0, 2, 4.001):
            note(opened, hours, PASS)
        assert told(opened) == [(0, 2, "pass"), (4.001, 4.001, "pass")]

    def test_a_late_look_changes_nothing(self, opened: Opened) -> None:
        note(opened, 0, PASS)
        note(opened, 2, PASS)
        for seen in (PASS, BLOCK):
            note(opened, 1, seen)
            note(opened, -1, seen)
        assert told(opened) == [(0, 2, "pass")]

    def test_a_look_at_the_moment_of_the_last_one_is_not_late(self, opened: Opened) -> None:
        note(opened, 0, PASS)
        note(opened, 1, PASS)
        note(opened, 1, PASS)
        note(opened, 1, BLOCK)
        note(opened, 1, PASS)  # the stretch of this moment has begun
        assert told(opened) == [(0, 1, "pass"), (1, 1, "block")]

    def test_only_stretches_that_last_until_then_are_told(self, opened: Opened) -> None:
        for hours, seen in ((0, PASS), (1, PASS), (2, BLOCK)):
            note(opened, hours, seen)
        assert told(opened, since=1) == [(0, 1, "pass"), (2, 2, "block")]
        assert told(opened, since=1.001) == [(2, 2, "block")]

    def test_scopes_are_kept_apart(self, opened: Opened) -> None:
        note(opened, 0, PASS)
        note(opened, 1, BLOCK, "production")
        note(opened, 1, PASS)
        assert told(opened) == [(0, 1, "pass")]
        assert told(opened, scope="production") == [(1, 1, "block")]

    def test_looks_at_once_are_one_stretch(self, opened: Opened) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: note(opened, number / 16, PASS), range(16)))
        (stretch,) = opened().stretches("staging", since=NOON)
        assert stretch[1] == NOON + 15 / 16 * HOUR


class TestFakeChronicle(ChronicleContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        del tmp_path
        chronicle = FakeChronicle()
        return lambda: chronicle


class StoredContract(ChronicleContract):
    @pytest.fixture
    def url(self) -> str | None:
        raise NotImplementedError

    @pytest.fixture
    def opened(self, url: str | None, tmp_path: Path) -> Opened:
        return lambda: StoredChronicle(open_database(url, tmp_path / "chronicle.db"))

    def test_times_come_back_exactly_and_in_utc(self, opened: Opened) -> None:
        at = datetime(2026, 3, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5)))
        opened().note("staging", at, PASS, gap=GAP)
        ((first, last, _),) = opened().stretches("staging", since=at)
        assert first == last == at
        assert first.utcoffset() == last.utcoffset() == timedelta(0)

    def test_what_was_last_seen_400_days_ago_is_forgotten(self, opened: Opened) -> None:
        note(opened, 0, PASS)
        note(opened, 400 * 24, BLOCK)
        assert len(told(opened)) == 2
        note(opened, 400 * 24 + 1, BLOCK)
        assert told(opened) == [(400 * 24, 400 * 24 + 1, "block")]

    def test_looks_of_processes_at_once_are_one_stretch(
        self, opened: Opened, url: str | None, tmp_path: Path
    ) -> None:
        """In each of many scopes the processes race to begin the first stretch."""
        imports = (
            "from skewcheck.adapters.chronicle import StoredChronicle\n"
            "note = StoredChronicle(database).note"
        )
        look = "note(f'scope {i}', NOON + timedelta(0, number), {}, gap=timedelta(1))"
        asked = f"[{look} for i in range(20)]"
        asked_at_once(imports, asked, url=url, file=tmp_path / "chronicle.db")
        for number in range(20):
            (stretch,) = opened().stretches(f"scope {number}", since=NOON - HOUR)
            assert stretch[1] == NOON.replace(microsecond=0) + timedelta(seconds=3)


class TestOnSqlite(StoredContract):
    @pytest.fixture
    def url(self) -> str | None:
        return None

    def test_a_damaged_snapshot_is_told(self, opened: Opened, tmp_path: Path) -> None:
        note(opened, 0, PASS)
        with closing(sqlite3.connect(tmp_path / "chronicle.db")) as db, db:
            db.execute("UPDATE skewcheck_stretches SET snapshot = '{'")
        with pytest.raises(SkewcheckError, match=r"cannot use the chronicle in .*chronicle\.db"):
            told(opened)


class TestOnPostgres(StoredContract):
    @pytest.fixture
    def url(self, request: pytest.FixtureRequest) -> str | None:
        return empty_place(request.config)
