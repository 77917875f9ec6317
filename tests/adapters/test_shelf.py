"""The shelf decides between replicas that come at once: one contract for the fake and for both
databases.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from skewcheck.adapters.shelf import StoredShelf
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.strict_json import Json
from skewcheck.database import open_database
from skewcheck.ports.service import Kept, Shelf
from tests.database.racing import asked_at_once
from tests.database.schemas import empty_place
from tests.service_fakes import FakeShelf

# Each call is another replica's shelf of that project.
Opened: TypeAlias = Callable[[str], Shelf]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
ODD: Json = {"why": "50 % of :it's \x00 \ud83d \u202e ☃", "n": [1, 2.5, True, None], "": {}}


def standing(shelf: Shelf, kind: str, key: str) -> Kept:
    kept = shelf.read(kind, key)
    assert kept is not None
    return kept


class ShelfContract:
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        raise NotImplementedError

    def test_nothing_stands_there_at_first(self, opened: Opened) -> None:
        shelf = opened("acme")
        assert (shelf.read("look", "staging"), shelf.all("look")) == (None, ())
        shelf.remove("look", "staging")
        shelf.forget("look", before=NOON)
        assert not shelf.replace(Kept(key="x", value=1, revision=1, at=NOON), "look", 2, at=NOON)

    def test_a_document_comes_back_as_it_was(self, opened: Opened) -> None:
        opened("acme").put("look", "staging", ODD, at=NOON)
        kept = standing(opened("acme"), "look", "staging")
        assert (kept.key, kept.value, kept.at) == ("staging", ODD, NOON)
        opened("acme").put("look", "staging", None, at=NOON - HOUR)
        later = standing(opened("acme"), "look", "staging")
        assert (later.value, later.at) == (None, NOON - HOUR)
        assert later.revision != kept.revision

    def test_what_is_read_can_be_changed_without_harm(self, opened: Opened) -> None:
        shelf, value = opened("acme"), {"told": [1]}
        shelf.put("post", "r1", {"told": [1]}, at=NOON)
        for read in (standing(shelf, "post", "r1"), shelf.all("post")[0]):
            assert isinstance(read.value, dict)
            read.value["told"] = 2
            assert standing(shelf, "post", "r1").value == value

    def test_only_the_first_adds(self, opened: Opened) -> None:
        assert opened("acme").add("post", "r1", "first", at=NOON)
        kept = standing(opened("acme"), "post", "r1")
        assert not opened("acme").add("post", "r1", "second", at=NOON + HOUR)
        assert standing(opened("acme"), "post", "r1") == kept

    def test_only_what_is_as_it_was_read_is_replaced(self, opened: Opened) -> None:
        opened("acme").add("proposal", "r1", "open", at=NOON)
        kept = standing(opened("acme"), "proposal", "r1")
        assert opened("acme").replace(kept, "proposal", "started", at=NOON + HOUR)
        assert not opened("acme").replace(kept, "proposal", "declined", at=NOON + HOUR)
        now = standing(opened("acme"), "proposal", "r1")
        assert (now.value, now.at) == ("started", NOON + HOUR)
        assert opened("acme").replace(now, "proposal", "ended", at=NOON + HOUR)

    def test_a_document_under_a_name_that_was_removed_is_another(self, opened: Opened) -> None:
        shelf = opened("acme")
        shelf.add("proposal", "r1", "open", at=NOON)
        kept = standing(shelf, "proposal", "r1")
        shelf.remove("proposal", "r1")
        assert shelf.read("proposal", "r1") is None
        assert not shelf.replace(kept, "proposal", "started", at=NOON)
        shelf.add("proposal", "r1", "open", at=NOON)
        assert not shelf.replace(kept, "proposal", "started", at=NOON)

    def test_all_of_a_kind_are_ordered_by_key(self, opened: Opened) -> None:
        for key in ("b", "a", "B", "é", "-"):
            opened("acme").put("alerts", key, key, at=NOON)
        opened("acme").put("look", "a", "another kind", at=NOON)
        keys = [kept.key for kept in opened("acme").all("alerts")]
        assert keys == ["-", "B", "a", "b", "é"]

    def test_what_was_last_changed_before_is_forgotten(self, opened: Opened) -> None:
        shelf = opened("acme")
        for key, at in (("old", NOON), ("new", NOON + HOUR), ("changed", NOON)):
            shelf.put("seen", key, 1, at=at)
        shelf.put("seen", "changed", 2, at=NOON + 2 * HOUR)
        shelf.put("inbox", "old", 1, at=NOON)
        shelf.forget("seen", before=NOON + HOUR)
        assert [kept.key for kept in shelf.all("seen")] == ["changed", "new"]
        assert len(shelf.all("inbox")) == 1

    def test_projects_and_kinds_are_kept_apart(self, opened: Opened) -> None:
        opened("acme").add("look", "staging", "ours", at=NOON)
        assert opened("other").read("look", "staging") is None
        assert opened("acme").read("alerts", "staging") is None
        assert opened("other").add("look", "staging", "theirs", at=NOON)
        opened("other").remove("look", "staging")
        opened("other").forget("look", before=NOON + HOUR)
        assert standing(opened("acme"), "look", "staging").value == "ours"

    def test_a_turn_is_one_holder_s_until_it_is_over(self, opened: Opened) -> None:
        take = opened("acme").take_turn
        assert take("survey", "a", now=NOON, lasts=HOUR)
        assert not take("survey", "b", now=NOON, lasts=HOUR)
        assert not take("survey", "b", now=NOON + HOUR - timedelta(microseconds=1), lasts=HOUR)
        assert take("survey", "b", now=NOON + HOUR, lasts=HOUR)
        assert not take("survey", "a", now=NOON + HOUR, lasts=HOUR)

    def test_a_holder_s_own_turn_is_prolonged_and_never_shortened(self, opened: Opened) -> None:
        take = opened("acme").take_turn
        assert take("survey", "a", now=NOON, lasts=HOUR)
        assert take("survey", "a", now=NOON + HOUR / 2, lasts=HOUR)
        assert take("survey", "a", now=NOON + HOUR / 2, lasts=HOUR / 4)
        assert not take("survey", "b", now=NOON + HOUR, lasts=HOUR)
        assert take("survey", "b", now=NOON + 1.5 * HOUR, lasts=HOUR)

    def test_only_its_holder_ends_a_turn(self, opened: Opened) -> None:
        shelf = opened("acme")
        shelf.end_turn("survey", "a")
        assert shelf.take_turn("survey", "a", now=NOON, lasts=HOUR)
        shelf.end_turn("survey", "b")
        assert not shelf.take_turn("survey", "b", now=NOON, lasts=HOUR)
        shelf.end_turn("survey", "a")
        assert shelf.take_turn("survey", "b", now=NOON, lasts=HOUR)

    def test_turns_at_other_things_are_free(self, opened: Opened) -> None:
        assert opened("acme").take_turn("survey staging", "a", now=NOON, lasts=HOUR)
        assert opened("acme").take_turn("survey production", "b", now=NOON, lasts=HOUR)
        assert opened("other").take_turn("survey staging", "b", now=NOON, lasts=HOUR)

    def test_of_threads_at_once_one_wins(self, opened: Opened) -> None:
        opened("acme").add("proposal", "r1", "open", at=NOON)
        kept = standing(opened("acme"), "proposal", "r1")

        def contend(number: int) -> tuple[bool, bool, bool]:
            shelf = opened("acme")
            return (
                shelf.add("post", "r1", number, at=NOON),
                shelf.replace(kept, "proposal", number, at=NOON),
                shelf.take_turn("survey", f"holder {number}", now=NOON, lasts=HOUR),
            )

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(contend, range(16)))
        assert [sum(each) for each in zip(*won, strict=True)] == [1, 1, 1]


class TestFakeShelf(ShelfContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        del tmp_path
        shelves = {"acme": FakeShelf(), "other": FakeShelf()}
        return lambda scope: shelves[scope]


class StoredContract(ShelfContract):
    @pytest.fixture
    def url(self) -> str | None:
        raise NotImplementedError

    @pytest.fixture
    def opened(self, url: str | None, tmp_path: Path) -> Opened:
        return lambda scope: StoredShelf(open_database(url, tmp_path / "service.db"), scope)

    def test_of_processes_at_once_one_wins(
        self, opened: Opened, url: str | None, tmp_path: Path
    ) -> None:
        opened("acme").add("proposal", "r1", "open", at=NOON)
        imports = (
            "from skewcheck.adapters.shelf import StoredShelf\n"
            "shelf = StoredShelf(database, 'acme')\n"
            "kept = shelf.read('proposal', 'r1')"
        )
        asked = (
            "int(shelf.add('post', 'r1', number, at=NOON)),"
            "int(shelf.replace(kept, 'proposal', number, at=NOON)),"
            "int(shelf.take_turn('survey', str(number), now=NOON, lasts=timedelta(hours=1)))"
        )
        told = asked_at_once(imports, asked, url=url, file=tmp_path / "service.db")
        won = [[int(count) for count in each.split()] for each in told]
        assert [sum(each) for each in zip(*won, strict=True)] == [1, 1, 1]


class TestOnSqlite(StoredContract):
    @pytest.fixture
    def url(self) -> str | None:
        return None

    def test_a_damaged_document_is_told(self, opened: Opened, tmp_path: Path) -> None:
        opened("acme").put("look", "staging", 1, at=NOON)
        with closing(sqlite3.connect(tmp_path / "service.db")) as db, db:
            db.execute("UPDATE skewcheck_shelf SET value = '{'")
        with pytest.raises(SkewcheckError, match="cannot use the documents of the service in"):
            opened("acme").read("look", "staging")


class TestOnPostgres(StoredContract):
    @pytest.fixture
    def url(self, request: pytest.FixtureRequest) -> str | None:
        return empty_place(request.config)
