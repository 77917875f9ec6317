"""The layer keeps its rules on both databases: one contract for the file and for the server."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skewcheck.core.errors import SkewcheckError
from skewcheck.database import Database, open_database
from tests.database.layouts import FORMER, LATER, SAID, WORDS, added, said
from tests.database.racing import asked_at_once
from tests.database.schemas import empty_place
from tests.programs import environment


class DatabaseContract:
    @pytest.fixture
    def url(self) -> str | None:
        raise NotImplementedError

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "state/words.db"

    @pytest.fixture
    def database(self, url: str | None, file: Path) -> Database:
        return open_database(url, file)

    def test_where_nothing_was_written_there_is_nothing(self, database: Database) -> None:
        assert database.tables(FORMER).read(WORDS) == []

    def test_what_was_written_is_read_by_others(
        self, database: Database, url: str | None, file: Path
    ) -> None:
        words = database.tables(FORMER)
        assert words.write(added("50 % of :it's", 2**62), added("none", None)) == [1, 1]
        others = open_database(url, file).tables(FORMER)
        asked = "SELECT word, at FROM words WHERE word = :word"
        assert others.read(asked, word="50 % of :it's") == [("50 % of :it's", 2**62)]
        assert others.read(asked, word="none") == [("none", None)]

    def test_a_write_tells_how_many_rows_it_touched(self, database: Database) -> None:
        words = database.tables(FORMER)
        assert words.write(added("a", 1), added("a", 2)) == [1, 0]
        assert words.write(("UPDATE words SET at = :at", {"at": 3})) == [1]
        assert words.write(("DELETE FROM words WHERE at = :at", {"at": 1})) == [0]
        assert words.write() == []

    def test_of_a_write_that_fails_nothing_stays(self, database: Database) -> None:
        words = database.tables(LATER)
        twice = said("a", 1, "ada")
        for _ in range(2):  # also where the tables stand already
            with pytest.raises(SkewcheckError, match="cannot use the words"):
                words.write(twice, twice)
            assert words.read(WORDS) == []

    def test_a_former_version_s_table_gets_its_new_column_with_a_write(
        self, database: Database
    ) -> None:
        database.tables(FORMER).write(added("old", 1))
        later = database.tables(LATER)
        later.write(said("new", 2, "ada"))
        assert later.read(SAID) == [("old", 1, ""), ("new", 2, "ada")]

    def test_a_former_version_s_table_gets_its_new_column_with_a_read(
        self, database: Database
    ) -> None:
        database.tables(FORMER).write(added("old", 1))
        assert database.tables(LATER).read(SAID) == [("old", 1, "")]
        assert database.tables(LATER).read("SELECT kind FROM kinds") == []
        assert database.tables(FORMER).write(added("older", 0)) == [1]

    def test_other_mistakes_in_sql_are_told(self, database: Database) -> None:
        with pytest.raises(SkewcheckError, match="syntax error"):
            database.tables(FORMER).write(("SELEKT 1", {}))

    def test_text_that_is_none_is_told_with_what_to_do(self, database: Database) -> None:
        with pytest.raises(SkewcheckError, match="cannot use the words") as told:
            database.tables(FORMER).write(added("caf\udce9", 1))
        assert "UTF-8" in told.value.hint

    def test_threads_share_it(self, database: Database) -> None:
        start = threading.Barrier(16)

        def write(number: int) -> list[int]:
            start.wait()
            words = database.tables(FORMER)
            counts = [words.write(added(f"{number} {i}", i))[0] for i in range(4)]
            assert len(words.read(WORDS)) >= 4
            return counts

        with ThreadPoolExecutor(16) as pool:
            assert list(pool.map(write, range(16))) == [[1] * 4] * 16
        assert len(database.tables(FORMER).read(WORDS)) == 64

    def test_processes_that_make_the_tables_at_once_all_get_them(
        self, url: str | None, file: Path, database: Database
    ) -> None:
        imports = "from tests.database.layouts import LATER, said"
        asked = "database.tables(LATER).write(said(sys.argv[1], 1, ''))"
        assert asked_at_once(imports, asked, url=url, file=file) == ["[1]"] * 4
        assert len(database.tables(LATER).read(WORDS)) == 4

    def test_it_may_be_used_after_it_was_closed(self, database: Database) -> None:
        words = database.tables(FORMER)
        words.write(added("a", 1))
        database.close()
        assert words.read(WORDS) == [("a", 1)]


class TestOnSqlite(DatabaseContract):
    @pytest.fixture
    def url(self) -> str | None:
        return None


class TestOnPostgres(DatabaseContract):
    @pytest.fixture
    def url(self, request: pytest.FixtureRequest) -> str | None:
        return empty_place(request.config)


@pytest.mark.parametrize(
    ("url", "absent"), [("", "psycopg"), ("postgresql://127.0.0.1/x", "sqlite3")]
)
def test_only_the_driver_that_is_needed_is_loaded(tmp_path: Path, url: str, absent: str) -> None:
    program = (
        "import sys; from pathlib import Path; from skewcheck.database import open_database;"
        f"open_database({url!r} or None, Path('x.db'));"
        f"print({absent!r} in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().split() == ["False", "False"]
