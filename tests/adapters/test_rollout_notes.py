"""Holds, approvals and cancels outlive the process that wrote them: one contract for the fake and
for both databases.
"""

import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

import pytest

from skewcheck.adapters.rollout_notes import StoredNotes
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.ports.rollout import Notes
from tests.engine_fakes import FakeNotes
from tests.postgres import PASSWORD, Postgres, one_of

# Each call is another process's notes on that scope.
Opened: TypeAlias = Callable[[str], Notes]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


def approval(who: str, *, digest: str = "d1", at: datetime = NOON) -> Approval:
    return Approval(digest=digest, who=who, at=at)


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Postgres:
    return one_of(request.config)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """To whoever writes, the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


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

    def test_each_person_approves_a_plan_once(self, opened: Opened) -> None:
        for who, at in (("ada", NOON), ("grace", NOON + HOUR), ("ada", NOON + 2 * HOUR)):
            opened("staging").approve(approval(who, at=at))
        opened("staging").approve(approval("alan", digest="d2"))
        assert opened("staging").approvals("d1") == (
            approval("ada"),
            approval("grace", at=NOON + HOUR),
        )

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
    def opened(self, tmp_path: Path) -> Opened:
        return lambda scope: StoredNotes(None, tmp_path / "state", scope)

    def test_reading_writes_nothing(self, opened: Opened, tmp_path: Path) -> None:
        assert opened("staging").hold() is None
        assert list(tmp_path.iterdir()) == []

    def test_only_their_owner_can_read_them(self, opened: Opened, tmp_path: Path) -> None:
        opened("staging").cancel("r1", "ada", NOON)
        assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "state/rollout-notes.db").stat().st_mode & 0o777 == 0o600

    def test_a_full_disk_is_told_with_what_to_do(self, opened: Opened, tmp_path: Path) -> None:
        opened("staging").cancel("r1", "ada", NOON)
        size = (tmp_path / "state/rollout-notes.db").stat().st_size
        with no_file_above(size), pytest.raises(SkewcheckError, match=r"notes\.db: disk") as told:
            opened("staging").cancel("r2", "x" * 100_000, NOON)
        assert told.value.hint.startswith("make room (df -h ")
        assert opened("staging").cancelled("r2") is None

    def test_a_damaged_file_is_named(self, opened: Opened, tmp_path: Path) -> None:
        (tmp_path / "state").mkdir()
        (tmp_path / "state/rollout-notes.db").write_text("this is no database, " * 50)
        for ask in (opened("staging").hold, lambda: opened("staging").set_hold(None)):
            with pytest.raises(SkewcheckError, match=r"rollout-notes\.db: file is not a database"):
                ask()

    def test_a_state_directory_that_cannot_be_made_is_named(
        self, opened: Opened, tmp_path: Path
    ) -> None:
        (tmp_path / "state").write_text("a file")
        with pytest.raises(SkewcheckError, match="cannot use the notes") as failed:
            opened("staging").set_hold(None)
        assert "choose another state directory" in failed.value.hint


class TestOnPostgres(StoredContract):
    @pytest.fixture
    def opened(self, tmp_path: Path, postgres: Postgres) -> Opened:
        url = postgres.database()
        return lambda scope: StoredNotes(url, tmp_path, scope)

    @pytest.mark.parametrize("user", ["locked", "skewcheck"])
    def test_failures_never_show_the_password(
        self, postgres: Postgres, tmp_path: Path, user: str
    ) -> None:
        port = postgres.port if user == "locked" else 1
        notes = StoredNotes(Postgres(port).url("absent", user=user), tmp_path, "staging")
        for ask in (notes.hold, lambda: notes.set_hold(None)):
            with pytest.raises(SkewcheckError, match="database of SKEWCHECK_STATE_URL") as told:
                ask()
            shown = f"{told.value} {told.value.hint} {notes!r}"
            assert PASSWORD not in shown
            assert "w0rd" not in shown
            assert "pg_isready" in told.value.hint

    def test_a_url_that_is_none_is_not_shown(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as told:
            StoredNotes("ada:s3cret@nowhere", tmp_path, "staging").hold()
        assert "s3cret" not in f"{told.value} {told.value.hint}"
