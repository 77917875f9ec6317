"""Can the state be kept where the settings say?"""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from skewcheck.adapters.state_store import TriedState
from skewcheck.database import open_database


def test_a_folder_that_can_be_written_to_is_well_and_stays_as_it_was(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "state" / "checkup.db")
    assert TriedState(database).trouble() is None
    assert TriedState(database).trouble() is None


def test_nothing_is_left_in_it(tmp_path: Path) -> None:
    file = tmp_path / "checkup.db"
    TriedState(open_database(None, file)).trouble()
    with closing(connect(file)) as db:
        assert db.execute("SELECT count(*) FROM checkups").fetchone() == (0,)


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    trouble = TriedState(open_database(None, tmp_path / "state" / "checkup.db")).trouble()
    assert trouble is not None
    assert "cannot use the state in" in trouble.why
    assert trouble.fix.startswith("ls -ld ")


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    url = "postgresql://ada:s3cret@127.0.0.1:1/acme"
    trouble = TriedState(open_database(url, tmp_path)).trouble()
    assert trouble is not None
    assert "s3cret" not in f"{trouble.why} {trouble.fix}"
    assert "pg_isready -h 127.0.0.1 -p 1" in trouble.fix
