"""The PostgreSQL server: few connections for many threads, a new one for one that has gone away,
and no trouble that shows the password.
"""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.database import Database, Tables, open_database
from skewcheck.database.pool import AT_ONCE, Pool
from skewcheck.database.postgres import PostgresServer
from tests.database.layouts import FORMER, LATER, WORDS, added, said
from tests.postgres import PASSWORD, Postgres, one_of

_SESSIONS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_END_ALL = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Postgres:
    return one_of(request.config)


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.database()


@pytest.fixture
def words(url: str) -> Tables:
    return opened(url).tables(FORMER)


def opened(url: str, *, patience_s: float = 10.0) -> Database:
    return Database(PostgresServer(url, patience_s=patience_s))


def sessions(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as admin:
        (count,) = admin.execute(_SESSIONS).fetchone() or (0,)
        return int(count)


def end_all_sessions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(_END_ALL)


def test_two_hundred_at_once_share_a_few_connections(words: Tables, url: str) -> None:
    start = threading.Barrier(200)

    def work(number: int) -> int:
        start.wait()
        return words.write(added(f"{number}", number))[0] + len(words.read(WORDS)[:1])

    with ThreadPoolExecutor(200) as pool:
        assert list(pool.map(work, range(200))) == [2] * 200
    assert sessions(url) <= AT_ONCE


def test_a_connection_that_has_gone_away_is_replaced(words: Tables, url: str) -> None:
    words.write(added("a", 1))
    end_all_sessions(url)
    assert words.read(WORDS) == [("a", 1)]
    end_all_sessions(url)
    assert words.write(added("b", 2)) == [1]
    assert sessions(url) == 1


def test_a_connection_that_breaks_in_use_is_told_and_not_used_again(
    words: Tables, url: str
) -> None:
    words.write(added("a", 1))
    with pytest.raises(SkewcheckError, match="terminating connection"):
        words.write(added("b", 2), ("SELECT pg_terminate_backend(pg_backend_pid())", {}))
    assert words.read(WORDS) == [("a", 1)]
    assert sessions(url) == 1


def test_a_refused_write_costs_no_connection(url: str) -> None:
    words = opened(url).tables(LATER)
    for _ in range(2 * AT_ONCE):
        with pytest.raises(SkewcheckError, match="duplicate key"):
            words.write(said("a", 1, ""), said("a", 1, ""))
    assert sessions(url) == 1


def test_closing_ends_the_connections(url: str) -> None:
    database = opened(url)
    database.tables(FORMER).write(added("a", 1))
    assert sessions(url) == 1
    database.close()
    end_all_sessions(url)  # waits for those that are ending
    assert sessions(url) == 0


def test_a_database_that_nobody_holds_any_more_leaves_no_connection(url: str) -> None:
    opened(url).tables(FORMER).write(added("a", 1))
    gc.collect()  # with warnings as errors, one left open would fail here
    end_all_sessions(url)
    assert sessions(url) == 0


def test_whoever_waits_too_long_for_a_lock_is_told(words: Tables, url: str) -> None:
    words.write(added("a", 1))
    hasty = opened(url, patience_s=0.01).tables(FORMER)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE words IN EXCLUSIVE MODE")
        with pytest.raises(SkewcheckError, match="lock timeout") as told:
            hasty.write(added("b", 2))
        assert told.value.hint == "another run is writing: try again"
        assert hasty.read(WORDS) == [("a", 1)]


def test_whoever_waits_too_long_for_a_connection_is_told(url: str) -> None:
    pool = Pool(url, patience_s=0.01)
    with ExitStack() as taken:
        for _ in range(AT_ONCE):
            taken.enter_context(pool.lent())
        with pytest.raises(OSError, match="connections are busy"), pool.lent():
            pass
    with pool.lent() as connection:
        assert connection.execute("SELECT 7").fetchall() == [(7,)]


def test_who_may_not_make_tables_is_told_what_to_grant(postgres: Postgres, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS reader")
        admin.execute("CREATE ROLE reader LOGIN")
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    name = url.rpartition("/")[2]
    words = opened(postgres.url(name, user="reader")).tables(FORMER)
    assert words.read(WORDS) == []
    with pytest.raises(SkewcheckError, match="permission denied") as told:
        words.write(added("a", 1))
    assert "GRANT CREATE ON SCHEMA public" in told.value.hint


def test_a_damaged_row_is_told_without_a_file(words: Tables) -> None:
    told = words.damage(ValueError("no word: 7"))
    assert "cannot use the words in the database of SKEWCHECK_STATE_URL: no word: 7" in str(told)
    assert "psql" in told.hint


@pytest.mark.parametrize("user", ["locked", "skewcheck"])
def test_failures_never_show_the_password(postgres: Postgres, user: str) -> None:
    port = postgres.port if user == "locked" else 1
    words = opened(Postgres(port).url("absent", user=user)).tables(FORMER)
    for ask in (lambda: words.read(WORDS), lambda: words.write(added("a", 1))):
        with pytest.raises(SkewcheckError, match="database of SKEWCHECK_STATE_URL") as told:
            ask()
        shown = f"{told.value} {told.value.hint} {words!r}"
        assert PASSWORD not in shown
        assert "w0rd" not in shown
        assert f"pg_isready -h 127.0.0.1 -p {port}" in told.value.hint


def test_a_password_in_the_server_s_own_words_is_masked(postgres: Postgres) -> None:
    """A mistake in the URL may make it the name of the database, which the server repeats."""
    words = opened(postgres.url(quote(PASSWORD, safe=""))).tables(FORMER)
    with pytest.raises(SkewcheckError, match=r'database "\*\*\*" does not exist'):
        words.read(WORDS)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("ada:s3cret@nowhere", id="no scheme"),
        pytest.param("mysql://ada:s3cret@host/x", id="another database"),
        pytest.param("postgresql://ada:s3cret%zz@host/x", id="a broken escape"),
        pytest.param("postgresql://ada:s3cret@host/x?colour=red", id="an unknown option"),
    ],
)
def test_a_url_that_is_none_is_not_shown(url: str) -> None:
    with pytest.raises(UsageError, match="SKEWCHECK_STATE_URL is no URL") as told:
        open_database(url, Path())
    assert "s3cret" not in f"{told.value} {told.value.hint}"
    assert told.value.__cause__ is told.value.__context__ is None
