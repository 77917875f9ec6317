"""A rollout is carried on by whoever asks next, and what was recorded is not done again: one
contract for the fake and for DBOS on both of its databases.
"""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias, cast

import psycopg
import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.durable_engine import open_engine
from skewcheck.core.errors import ActionFailedError, SkewcheckError, UsageError
from skewcheck.core.strict_json import Json
from skewcheck.ports.rollout import Engine, Record
from tests.builders import NOW
from tests.engine_fakes import FakeEngine, PowerCut
from tests.postgres import PASSWORD, Postgres, one_of

# Each call is another process's engine for that scope.
Opened: TypeAlias = Callable[[str], Engine]
STEPS = ("deploy", "shift", "verify")


@dataclass
class Saga:
    """A body that takes three steps; the one called `dies` is done, but never recorded."""

    dies: str = ""
    done: list[str] = field(default_factory=list)
    played: int = 0

    def __call__(self, order: Json, record: Record) -> Json:
        self.played += 1
        return [order, *(record(step, partial(self._act, step)) for step in STEPS)]

    def _act(self, step: str) -> Json:
        self.done.append(step)
        if self.dies == step:
            self.dies = ""
            raise PowerCut
        return {"step": step}


def unwatched(recorded: tuple[Json, ...]) -> None:
    del recorded


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Postgres:
    return one_of(request.config)


class EngineContract:
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        raise NotImplementedError

    def test_nothing_is_there_before_the_first_run(self, opened: Opened) -> None:
        assert (opened("staging").runs(), opened("staging").recorded("r1")) == ((), ())

    def test_a_run_ends_with_what_its_body_returns_and_is_played_once(self, opened: Opened) -> None:
        saga, watched = Saga(), list[int]()
        assert opened("staging").submit("r1", {"to": "new"}) == "r1"
        steps: list[Json] = [{"step": step} for step in STEPS]
        result: Json = [{"to": "new"}, *steps]
        for _ in range(2):
            ended = opened("staging").drive(
                "r1", saga, watch=lambda recorded: watched.append(len(recorded))
            )
            assert ended == result
        assert saga.done == list(STEPS)
        assert watched[:3] == [1, 2, 3]
        (run,) = opened("staging").runs()
        assert (run.rollout, run.status, run.order, run.result) == (
            *("r1", "ended", {"to": "new"}),
            result,
        )

    def test_who_asks_meanwhile_gets_the_run_that_goes_on(self, opened: Opened) -> None:
        assert opened("staging").submit("r1", 1) == "r1"
        assert opened("staging").submit("r2", 2) == opened("staging").submit("r1", 3) == "r1"
        (run,) = opened("staging").runs()
        assert (run.rollout, run.status, run.order) == ("r1", "waiting", 1)
        opened("staging").drive("r1", Saga(), watch=unwatched)
        assert opened("staging").submit("r1", 4) == "r1"
        assert opened("staging").submit("r2", 2) == "r2"
        assert [(run.rollout, run.order) for run in opened("staging").runs()] == [
            ("r2", 2),
            ("r1", 1),
        ]

    @pytest.mark.parametrize("step", STEPS)
    def test_a_death_repeats_only_what_was_not_recorded(self, opened: Opened, step: str) -> None:
        saga, engine = Saga(dies=step), opened("staging")
        engine.submit("r1", None)
        with pytest.raises(PowerCut):
            engine.drive("r1", saga, watch=unwatched)
        before = STEPS[: STEPS.index(step)]
        assert engine.recorded("r1") == tuple({"step": each} for each in before)
        (run,) = engine.runs()
        assert (run.status, run.result) == ("running", None)
        assert engine.submit("r2", None) == "r1"
        watched = list[tuple[Json, ...]]()
        opened("staging").drive("r1", saga, watch=watched.append)
        assert saga.done == [*before, step, *STEPS[len(before) :]]
        assert [len(each) for each in watched][-1] == 3
        assert [len(each) for each in watched] == sorted({len(each) for each in watched})

    def test_a_body_that_breaks_ends_its_run_with_what_it_says(self, opened: Opened) -> None:
        def broken(order: Json, record: Record) -> Json:
            record("deploy", lambda: 1)
            raise ActionFailedError(f"no room for {order}", hint="make some")

        opened("staging").submit("r1", "it")
        for _ in range(2):
            with pytest.raises(SkewcheckError, match=r"^no room for it$") as told:
                opened("staging").drive("r1", broken, watch=unwatched)
            assert told.value.hint == "make some"
        (run,) = opened("staging").runs()
        assert (run.status, run.result) == ("broken", "no room for it")
        assert opened("staging").submit("r2", None) == "r2"

    def test_a_bug_crashes_and_leaves_its_run_to_be_carried_on(self, opened: Opened) -> None:
        def buggy(order: Json, record: Record) -> Json:
            del order, record
            raise ZeroDivisionError

        opened("staging").submit("r1", 5)
        with pytest.raises(ZeroDivisionError):
            opened("staging").drive("r1", buggy, watch=unwatched)
        assert opened("staging").drive("r1", lambda order, record: order, watch=unwatched) == 5

    def test_an_act_that_raises_is_not_recorded(self, opened: Opened) -> None:
        failed = list[str]()

        def refuse() -> Json:
            raise ActionFailedError("refused")

        def body(order: Json, record: Record) -> Json:
            del order
            try:
                record("shift", refuse)
            except ActionFailedError as error:
                failed.append(str(error))
            return record("undo", lambda: "undone")

        opened("staging").submit("r1", None)
        assert opened("staging").drive("r1", body, watch=unwatched) == "undone"
        assert opened("staging").recorded("r1") == ("undone",)
        assert failed == ["refused"]

    def test_values_are_json_from_the_first_time_on(self, opened: Opened) -> None:
        pair = cast("Json", ("a", None))  # as a careless body returns it

        def body(order: Json, record: Record) -> Json:
            return [order, record("none", lambda: None), record("pair", lambda: pair)]

        opened("staging").submit("r1", pair)
        result = opened("staging").drive("r1", body, watch=unwatched)
        assert result == [["a", None], None, ["a", None]]
        assert opened("staging").recorded("r1") == (None, ["a", None])

    def test_other_scopes_are_left_alone(self, opened: Opened) -> None:
        saga = Saga(dies="deploy")
        opened("staging").submit("r1", "staging")
        with pytest.raises(PowerCut):
            opened("staging").drive("r1", saga, watch=unwatched)
        assert (opened("production").runs(), opened("production").recorded("r1")) == ((), ())
        assert opened("production").submit("r1", "production") == "r1"
        there = Saga()
        opened("production").drive("r1", there, watch=unwatched)
        assert (there.played, saga.played) == (1, 1)
        (run,) = opened("staging").runs()
        assert (run.status, run.order) == ("running", "staging")

    def test_a_run_that_nobody_ordered_is_not_driven(self, opened: Opened) -> None:
        with pytest.raises(SkewcheckError, match="there is no rollout r9"):
            opened("staging").drive("r9", Saga(), watch=unwatched)


class TestFakeEngine(EngineContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        del tmp_path
        engines: dict[str, FakeEngine] = {}
        return lambda scope: engines.setdefault(scope, FakeEngine())


class HastyClock(SystemClock):
    """Each look at it is ten seconds after the one before."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = 0

    def now(self) -> datetime:
        self._looks += 1
        return NOW + timedelta(seconds=10 * self._looks)


class ToldClock(SystemClock):
    """Tells `waited` of each wait."""

    def __init__(self, waited: threading.Event) -> None:
        super().__init__()
        self._waited = waited

    def wait(self, seconds: float) -> None:
        self._waited.set()
        super().wait(seconds)


class DbosContract(EngineContract):
    """What holds of DBOS on both databases, besides."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> tuple[str | None, Path]:
        """The URL and the state directory."""
        raise NotImplementedError

    @pytest.fixture
    def opened(self, place: tuple[str | None, Path]) -> Opened:
        return lambda scope: open_engine(*place, scope, SystemClock())

    @pytest.fixture
    def hasty(self, place: tuple[str | None, Path]) -> Opened:
        return lambda scope: open_engine(*place, scope, HastyClock())

    @pytest.fixture
    def changed(self, tmp_path: Path) -> Callable[[str], None]:
        """Runs SQL on DBOS's tables, behind the engine's back."""
        raise NotImplementedError

    def test_the_body_runs_where_it_is_driven(self, opened: Opened) -> None:
        """So an interrupt, which Python raises in the main thread, reaches it."""
        threads = list[threading.Thread]()

        def body(order: Json, record: Record) -> Json:
            record("step", lambda: threads.append(threading.current_thread()))
            threads.append(threading.current_thread())
            return order

        opened("staging").submit("r1", None)
        opened("staging").drive("r1", body, watch=unwatched)
        assert set(threads) == {threading.main_thread()}

    def test_two_scopes_in_one_process_take_turns(
        self, opened: Opened, place: tuple[str | None, Path]
    ) -> None:
        waited = threading.Event()
        there = open_engine(*place, "production", ToldClock(waited))
        there.submit("r1", "there")
        opened("staging").submit("r1", "here")

        def body(order: Json, record: Record) -> Json:
            del record
            driven.append(pool.submit(there.drive, "r1", ordered, watch=unwatched))
            assert waited.wait(30)
            return order

        def ordered(order: Json, record: Record) -> Json:
            del record
            return order

        driven = list[Future[Json]]()
        with ThreadPoolExecutor() as pool:
            assert opened("staging").drive("r1", body, watch=unwatched) == "here"
            assert driven[0].result(30) == "there"

    def test_an_interrupt_lets_go_and_leaves_no_thread(self, opened: Opened) -> None:
        def interrupted(order: Json, record: Record) -> Json:
            del order, record
            raise KeyboardInterrupt

        before = set(threading.enumerate())
        opened("staging").submit("r1", 7)
        with pytest.raises(KeyboardInterrupt):
            opened("staging").drive("r1", interrupted, watch=unwatched)
        left = set(threading.enumerate()) - before
        for thread in left:
            thread.join(5)
        assert not any(thread.is_alive() for thread in left)
        assert opened("staging").drive("r1", lambda order, record: order, watch=unwatched) == 7

    def test_a_run_of_an_unknown_version_is_told_and_left_alone(
        self, opened: Opened, changed: Callable[[str], None]
    ) -> None:
        opened("staging").submit("r1", None)
        changed("UPDATE workflow_status SET application_version = 'rollout-2'")
        saga = Saga()
        with pytest.raises(SkewcheckError, match="rollout r1 was made by another version") as told:
            opened("staging").drive("r1", saga, watch=unwatched)
        assert "or a newer one" in told.value.hint
        assert saga.played == 0

    def test_steps_in_another_order_than_recorded_are_another_versions(
        self, opened: Opened
    ) -> None:
        opened("staging").submit("r1", None)
        with pytest.raises(PowerCut):
            opened("staging").drive("r1", Saga(dies="shift"), watch=unwatched)

        def another(order: Json, record: Record) -> Json:
            del order
            return record("announce", lambda: "never")

        with pytest.raises(SkewcheckError, match="step announce was made by another version"):
            opened("staging").drive("r1", another, watch=unwatched)
        saga = Saga()
        opened("staging").drive("r1", saga, watch=unwatched)
        assert saga.done == ["shift", "verify"]

    def test_what_dbos_ended_by_itself_is_broken(
        self, opened: Opened, changed: Callable[[str], None]
    ) -> None:
        opened("staging").submit("r1", None)
        changed("UPDATE workflow_status SET status = 'CANCELLED'")
        with pytest.raises(SkewcheckError, match="DBOS has it as CANCELLED"):
            opened("staging").drive("r1", Saga(), watch=unwatched)
        assert [run.status for run in opened("staging").runs()] == ["broken"]

    def test_a_run_that_dbos_hands_to_nobody_is_no_wait_for_ever(
        self, hasty: Opened, changed: Callable[[str], None]
    ) -> None:
        hasty("staging").submit("r1", None)
        changed("UPDATE workflow_status SET queue_name = 'of somebody else'")
        with pytest.raises(SkewcheckError, match="DBOS hands out no run and ends none"):
            hasty("staging").drive("r1", Saga(), watch=unwatched)

    def test_nothing_is_pickled(self, opened: Opened, changed: Callable[[str], None]) -> None:
        opened("staging").submit("r1", {"to": "new"})
        opened("staging").drive("r1", Saga(), watch=unwatched)
        changed("DELETE FROM operation_outputs WHERE serialization = 'portable_json'")
        changed("DELETE FROM workflow_status WHERE serialization = 'portable_json'")
        assert (opened("staging").runs(), opened("staging").recorded("r1")) == ((), ())

    def test_nothing_is_printed(self, opened: Opened, capfd: pytest.CaptureFixture[str]) -> None:
        opened("staging").submit("r1", None)
        with pytest.raises(PowerCut):
            opened("staging").drive("r1", Saga(dies="shift"), watch=unwatched)
        opened("staging").drive("r1", Saga(), watch=unwatched)
        assert capfd.readouterr() == ("", "")


class TestOnSqlite(DbosContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> tuple[str | None, Path]:
        return None, tmp_path / "state"

    @pytest.fixture
    def changed(self, tmp_path: Path) -> Callable[[str], None]:
        def change(sql: str) -> None:
            with closing(sqlite3.connect(tmp_path / "state/rollouts.db")) as db, db:
                assert db.execute(sql).rowcount

        return change

    def test_reading_writes_nothing(self, opened: Opened, tmp_path: Path) -> None:
        assert opened("staging").runs() == ()
        assert list(tmp_path.iterdir()) == []

    def test_only_their_owner_can_read_them(self, opened: Opened, tmp_path: Path) -> None:
        opened("staging").submit("r1", None)
        opened("staging").drive("r1", Saga(), watch=unwatched)
        state = tmp_path / "state"
        assert state.stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in state.iterdir()} == {0o600}

    def test_no_act_begins_once_the_lock_is_another(self, opened: Opened, tmp_path: Path) -> None:
        """A lock file that was deleted locks nobody out; the run is taken up under a new one."""
        played, done = list[int](), list[str]()

        def delete() -> Json:
            for lock in tmp_path.glob("state/*.lock"):
                lock.unlink()
            return None

        def body(order: Json, record: Record) -> Json:
            del order
            played.append(1)
            record("delete", delete)
            record("shift", lambda: done.append("shift"))
            return "ended"

        opened("staging").submit("r1", None)
        assert opened("staging").drive("r1", body, watch=unwatched) == "ended"
        assert (len(played), done) == (2, ["shift"])

    def test_a_damaged_file_is_named(self, opened: Opened, tmp_path: Path) -> None:
        (tmp_path / "state").mkdir()
        (tmp_path / "state/rollouts.db").write_text("this is no database, " * 50)
        for ask in (lambda: opened("staging").runs(), lambda: opened("staging").submit("r", 1)):
            with pytest.raises(SkewcheckError, match=r"rollouts\.db: file is not a database"):
                ask()

    def test_a_state_directory_that_cannot_be_made_is_named(
        self, opened: Opened, tmp_path: Path
    ) -> None:
        (tmp_path / "state").write_text("a file")
        with pytest.raises(SkewcheckError, match="cannot use the rollouts") as failed:
            opened("staging").submit("r1", None)
        assert "choose another state directory" in failed.value.hint


class TestOnPostgres(DbosContract):
    @pytest.fixture
    def url(self, postgres: Postgres) -> str:
        return postgres.database()

    @pytest.fixture
    def place(self, tmp_path: Path, url: str) -> tuple[str | None, Path]:
        return url, tmp_path

    @pytest.fixture
    def changed(self, url: str) -> Callable[[str], None]:
        def change(sql: str) -> None:
            with psycopg.connect(url) as db:
                db.execute("SET search_path = skewcheck_dbos")
                assert db.execute(sql.encode()).rowcount

        return change

    def test_no_act_begins_once_the_lock_is_lost(self, opened: Opened, url: str) -> None:
        saga = Saga()

        def body(order: Json, record: Record) -> Json:
            record("cut", lambda: cut_locks(url))
            return saga(order, record)

        opened("staging").submit("r1", None)
        with pytest.raises(SkewcheckError, match="cannot use the rollouts") as told:
            opened("staging").drive("r1", body, watch=unwatched)
        assert "pg_isready -h 127.0.0.1" in told.value.hint
        assert saga.done == []
        opened("staging").drive("r1", body, watch=unwatched)
        assert saga.done == list(STEPS)

    @pytest.mark.parametrize("user", ["locked", "skewcheck"])
    def test_failures_never_show_the_password(
        self, postgres: Postgres, tmp_path: Path, user: str
    ) -> None:
        """One user whom the server does not let in, one whose server is not there."""
        port = postgres.port if user == "locked" else 1
        url = Postgres(port).url("absent", user=user)
        engine = open_engine(url, tmp_path, "staging", SystemClock())
        for ask in (engine.runs, lambda: engine.submit("r1", None)):
            with pytest.raises(SkewcheckError, match="cannot use the rollouts") as told:
                ask()
            shown = f"{told.value} {told.value.hint} {engine!r}"
            assert f"postgresql://{user}@127.0.0.1:{port}/absent: " in shown
            assert PASSWORD not in shown
            assert "w0rd" not in shown
            assert f"pg_isready -h 127.0.0.1 -p {port}" in told.value.hint

    def test_a_url_that_is_none_is_not_shown(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as told:
            open_engine("ada:s3cret@nowhere", tmp_path, "staging", SystemClock())
        assert "s3cret" not in f"{told.value} {told.value.hint}"


def cut_locks(url: str) -> None:
    with psycopg.connect(url) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
