"""Holds, approvals and cancels outlive the process that wrote them: one contract for the fake and
for both databases.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

import pytest

from skewcheck.adapters.rollout_notes import StoredNotes
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.database import Database, open_database
from skewcheck.database.layout import Layout
from skewcheck.ports.rollout import Notes
from tests.database.schemas import empty_place
from tests.engine_fakes import FakeNotes

# Each call is another process's notes on that scope.
Opened: TypeAlias = Callable[[str], Notes]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


_FORMER_TABLES = (
    """
CREATE TABLE IF NOT EXISTS skewcheck_holds (
  scope TEXT NOT NULL PRIMARY KEY, who TEXT NOT NULL, why TEXT NOT NULL,
  at BIGINT NOT NULL, until BIGINT
)""",
    """
CREATE TABLE IF NOT EXISTS skewcheck_approvals (
  scope TEXT NOT NULL, digest TEXT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (scope, digest, who)
)""",
    """
CREATE TABLE IF NOT EXISTS skewcheck_cancels (
  scope TEXT NOT NULL, rollout TEXT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (scope, rollout)
)""",
)
_FORMER_HOLD = "INSERT INTO skewcheck_holds VALUES ('staging', 'ada', 'incident', :at, NULL)"
_FORMER_APPROVAL = """
INSERT INTO skewcheck_approvals (scope, digest, who, at) VALUES ('staging', 'd1', :who, :at)
"""


def approval(who: str, *, digest: str = "d1", at: datetime = NOON, via: str = "") -> Approval:
    return Approval(digest=digest, who=who, at=at, via=via)


class NotesContract:
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        raise NotImplementedError

    def test_nothing_was_said_at_first(self, opened: Opened) -> None:
        notes = opened("staging")
        assert (notes.hold(), notes.approvals("d1"), notes.cancelled("r1")) == (None, (), None)

    def test_a_hold_stands_until_it_is_released(self, opened: Opened) -> None:
        for hold in (
            Hold(who="ada", why="incident", at=NOON),
            Hold(who="grace", why="it's Friday", at=NOON, until=NOON + HOUR),
        ):
            opened("staging").set_hold(hold)
            assert opened("staging").hold() == hold
        opened("staging").set_hold(None)
        assert opened("staging").hold() is None

    def test_each_person_approves_a_plan_once_and_the_last_time_counts(
        self, opened: Opened
    ) -> None:
        for who, at in (("ada", NOON), ("grace", NOON + HOUR), ("ada", NOON + 2 * HOUR)):
            opened("staging").approve(approval(who, at=at))
        opened("staging").approve(approval("alan", digest="d2"))
        assert opened("staging").approvals("d1") == (
            approval("grace", at=NOON + HOUR),
            approval("ada", at=NOON + 2 * HOUR),
        )

    def test_what_lets_a_person_approve_is_kept(self, opened: Opened) -> None:
        for via in ("S012AB", "", "S034CD"):
            opened("staging").approve(approval("ada", via=via))
            assert opened("staging").approvals("d1") == (approval("ada", via=via),)

    def test_who_cancelled_first_is_told(self, opened: Opened) -> None:
        opened("staging").cancel("r1", "ada", NOON)
        opened("staging").cancel("r1", "grace", NOON + HOUR)
        assert opened("staging").cancelled("r1") == "ada"
        assert opened("staging").cancelled("r2") is None

    def test_scopes_are_kept_apart(self, opened: Opened) -> None:
        opened("staging").set_hold(Hold(who="ada", why="incident", at=NOON))
        opened("staging").approve(approval("ada"))
        opened("staging").cancel("r1", "ada", NOON)
        notes = opened("production")
        assert (notes.hold(), notes.approvals("d1"), notes.cancelled("r1")) == (None, (), None)
        notes.set_hold(None)
        assert opened("staging").hold() is not None


class TestFakeNotes(NotesContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        del tmp_path
        notes: dict[str, FakeNotes] = {}
        return lambda scope: notes.setdefault(scope, FakeNotes())


class StoredContract(NotesContract):
    @pytest.fixture
    def url(self) -> str | None:
        raise NotImplementedError

    @pytest.fixture
    def database(self, url: str | None, tmp_path: Path) -> Database:
        return open_database(url, tmp_path / "rollout-notes.db")

    @pytest.fixture
    def opened(self, database: Database) -> Opened:
        return lambda scope: StoredNotes(database, scope)

    def test_notes_of_the_former_version_are_read_and_added_to(
        self, opened: Opened, database: Database
    ) -> None:
        """It had no `via`, and a process of it may still write."""
        at = 1_772_366_400_123_456
        former = database.tables(Layout(what="the notes", both=_FORMER_TABLES))
        former.write((_FORMER_HOLD, {"at": at}), (_FORMER_APPROVAL, {"who": "ada", "at": at}))
        assert opened("staging").approvals("d1") == (approval("ada"),)
        opened("staging").approve(approval("grace", via="S012AB"))
        former.write((_FORMER_APPROVAL, {"who": "alan", "at": at + 1}))
        told = [(each.who, each.via) for each in opened("staging").approvals("d1")]
        assert told == [("ada", ""), ("grace", "S012AB"), ("alan", "")]
        assert opened("staging").hold() == Hold(who="ada", why="incident", at=NOON)

    def test_times_come_back_exactly_and_in_utc(self, opened: Opened) -> None:
        at = datetime(2026, 3, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5)))
        opened("staging").set_hold(Hold(who="ada", why="", at=at, until=at))
        hold = opened("staging").hold()
        assert hold is not None
        assert hold.at == hold.until == at
        assert hold.at.utcoffset() == timedelta(0)

    def test_processes_at_once_wait_for_each_other(self, opened: Opened) -> None:
        people = [f"person {number}" for number in range(16)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda who: opened("staging").approve(approval(who)), people))
        assert {each.who for each in opened("staging").approvals("d1")} == set(people)


class TestOnSqlite(StoredContract):
    @pytest.fixture
    def url(self) -> str | None:
        return None

    def test_the_notes_are_named_in_what_fails(self, opened: Opened, tmp_path: Path) -> None:
        (tmp_path / "rollout-notes.db").write_text("this is no database, " * 50)
        for ask in (opened("staging").hold, lambda: opened("staging").set_hold(None)):
            with pytest.raises(SkewcheckError, match=r"cannot use the notes on rollouts in .*\.db"):
                ask()


class TestOnPostgres(StoredContract):
    @pytest.fixture
    def url(self, request: pytest.FixtureRequest) -> str | None:
        return empty_place(request.config)
