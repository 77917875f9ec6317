"""The fakes keep the promises of the adapters they stand for: one contract class for both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.git_history import GitHistories
from skewcheck.adapters.http_reader import RequestsReader
from skewcheck.adapters.sightings import StoredSightings
from skewcheck.core.answer import Answer, FailureKind, NoAnswer
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import Commit, NotInHistory, RelationKind
from skewcheck.database import open_database
from skewcheck.ports import Clock, History, HttpReader, Sightings
from tests.builders import LONG_AGO, NEW, NOW, OLD
from tests.fake_history import FakeHistory
from tests.fakes import FakeClock, FakeHttp, FakeSightings, Reply
from tests.repositories import Repository
from tests.servers import Reply as ServerReply
from tests.servers import serve

HOUR = timedelta(hours=1)
UNKNOWN = BuildSha("f" * 40)


@dataclass(frozen=True)
class Told:
    """A history with three commits on main, an hour apart: a contract, a page, the contract anew;
    and `side`, which goes on from there."""

    history: History
    contract: BuildSha
    page: BuildSha
    anew: BuildSha
    side: BuildSha


_STORY = (
    ({"contracts/chat.yaml": "1"}, "Agree on a contract", "Ada"),
    ({"web/page.html": "<p>"}, "Write a page", "Grace"),
    ({"contracts/chat.yaml": "2"}, "Change the contract", "Grace"),
)


@pytest.fixture(scope="module")
def fake_told() -> Told:
    history = FakeHistory()
    one, two, three = (
        history.add(files, subject, author=author, at=LONG_AGO + index * HOUR)
        for index, (files, subject, author) in enumerate(_STORY)
    )
    side = history.add({"web/new": ""}, "Go aside", branch="side", start="main")
    return Told(history, one, two, three, side)


@pytest.fixture(scope="module")
def real_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    repository = Repository(tmp_path_factory.mktemp("told"))
    one, two, three = (
        repository.commit(dict(files), subject, author=author, at=LONG_AGO + index * HOUR)
        for index, (files, subject, author) in enumerate(_STORY)
    )
    repository.branch("side")
    side = repository.commit({"web/new": ""}, "Go aside", at=LONG_AGO + 3 * HOUR)
    repository.switch("main")
    cache = tmp_path_factory.mktemp("cache")
    with GitHistories(base=repository.path, cache=cache) as histories:
        yield Told(histories.open("."), one, two, three, side)


class HistoryContract:
    @pytest.fixture
    def told(self) -> Told:
        raise NotImplementedError

    def test_names_are_resolved_to_full_commits(self, told: Told) -> None:
        assert told.history.resolve("main") == told.history.resolve("HEAD") == told.anew
        assert told.history.resolve(told.page.value) == told.page
        assert told.history.expand(told.page.value[:10]) == told.page
        with pytest.raises(UsageError, match="nope") as refused:
            told.history.resolve("nope")
        assert refused.value.hint

    def test_a_file_is_read_as_it_was_at_a_commit(self, told: Told) -> None:
        history = told.history
        assert history.file_at(told.page, "contracts/chat.yaml") == b"1"
        assert history.file_at(told.anew, "contracts/chat.yaml") == b"2"
        assert history.file_at(told.contract, "web/page.html") is None
        assert history.files_in(told.anew, "contracts") == ("chat.yaml",)
        assert isinstance(history.file_at(UNKNOWN, "contracts/chat.yaml"), NotInHistory)

    def test_builds_are_related_by_what_they_miss_and_add(self, told: Told) -> None:
        relation = told.history.relation
        assert relation(told.page, told.page).kind is RelationKind.SAME
        behind = relation(told.contract, told.anew)
        assert (behind.kind, behind.behind) == (RelationKind.BEHIND, 2)
        assert relation(told.anew, told.contract).ahead == 2
        assert relation(told.side, UNKNOWN).kind is RelationKind.UNKNOWN

    def test_commits_between_are_the_newest_first(self, told: Told) -> None:
        between = told.history.commits_between(told.contract, told.anew, limit=5)
        assert [each.subject for each in between] == ["Change the contract", "Write a page"]
        assert len(told.history.commits_between(told.contract, told.anew, limit=1)) == 1

    def test_commits_between_may_be_limited_to_paths(self, told: Told) -> None:
        between = told.history.commits_between(
            told.contract, told.side, limit=5, paths=["contracts/*", "web/new"]
        )
        assert [commit.sha for commit in between] == [told.side, told.anew]

    def test_the_last_touch_is_the_newest_change_of_the_paths(self, told: Told) -> None:
        touched = told.history.last_touch("main", ["web/**"])
        assert isinstance(touched, Commit)
        assert (touched.sha, touched.author) == (told.page, "Grace")
        tip = told.history.last_touch("main", [])
        assert isinstance(tip, Commit)
        assert tip.sha == told.anew
        assert isinstance(told.history.last_touch("main", ["api/**"]), NotInHistory)

    def test_versions_end_with_the_one_that_was_current_at_the_start(self, told: Told) -> None:
        since = LONG_AGO + HOUR
        versions = told.history.versions("contracts/chat.yaml", ref="main", since=since)
        assert [each.content for each in versions] == [b"2", b"1"]
        late = told.history.touches("main", ["contracts/*"], since=LONG_AGO + 3 * HOUR)
        assert [each.sha for each in late] == [told.anew]


class TestFakeHistory(HistoryContract):
    @pytest.fixture
    def told(self, fake_told: Told) -> Told:
        return fake_told


class TestGitHistory(HistoryContract):
    @pytest.fixture
    def told(self, real_told: Told) -> Told:
        return real_told


class SightingsContract:
    @pytest.fixture
    def sightings(self, tmp_path: Path) -> Sightings:
        raise NotImplementedError

    def test_a_sighting_lasts_from_the_first_to_the_last(self, sightings: Sightings) -> None:
        for hours in (0, 2, 1):
            sightings.record("here", {"web": frozenset({OLD})}, NOW + hours * HOUR)
        (seen,) = sightings.since("here", NOW)
        assert (seen.service, seen.build, seen.first, seen.last) == (
            *("web", OLD),
            *(NOW, NOW + 2 * HOUR),
        )

    def test_only_the_scope_and_the_window_count(self, sightings: Sightings) -> None:
        sightings.record("here", {"web": frozenset({OLD, NEW})}, NOW)
        assert len(sightings.since("here", NOW)) == 2
        assert sightings.since("here", NOW + HOUR) == sightings.since("there", NOW) == ()


class TestFakeSightings(SightingsContract):
    @pytest.fixture
    def sightings(self, tmp_path: Path) -> Sightings:
        del tmp_path
        return FakeSightings()


class TestStoredSightings(SightingsContract):
    @pytest.fixture
    def sightings(self, tmp_path: Path) -> Sightings:
        return StoredSightings(open_database(None, tmp_path / "sightings.db"))


class ReaderContract:
    @pytest.fixture
    def reader(self) -> tuple[HttpReader, str]:
        """The reader, and the base of URLs: /here answers, /gone refuses, no other is there."""
        raise NotImplementedError

    def test_an_answer_carries_what_was_sent(self, reader: tuple[HttpReader, str]) -> None:
        http, base = reader
        read = http.read(f"{base}/here?x=1", as_browser=False)
        assert isinstance(read, Answer)
        assert (read.status, read.body, read.headers["cache-control"]) == (200, b"{}", "no-store")

    def test_a_path_that_is_not_there_is_an_answer(self, reader: tuple[HttpReader, str]) -> None:
        http, base = reader
        read = http.read(f"{base}/absent", as_browser=True)
        assert isinstance(read, Answer)
        assert read.status == 404

    def test_a_broken_connection_is_a_value_too(self, reader: tuple[HttpReader, str]) -> None:
        http, base = reader
        read = http.read(f"{base}/gone", as_browser=True)
        assert isinstance(read, NoAnswer)
        assert read.kind is FailureKind.RESET


class TestFakeHttp(ReaderContract):
    @pytest.fixture
    def reader(self) -> tuple[HttpReader, str]:
        here = Reply(body=b"{}", headers={"Cache-Control": "no-store"})
        replies: dict[str, Reply | list[Reply]] = {
            "http://a/here": here,
            "http://a/gone": Reply(fails=FailureKind.RESET),
        }
        return FakeHttp(FakeClock(), replies), "http://a"


class TestRequestsReader(ReaderContract):
    @pytest.fixture
    def reader(self) -> Iterator[tuple[HttpReader, str]]:
        here = ServerReply(body=b"{}", headers={"Cache-Control": "no-store"})
        with serve({"/here": here, "/gone": ServerReply(resets=True)}) as server:
            http = RequestsReader(allowed_hosts=frozenset(), clock=SystemClock())
            yield http, server.url("")
            http.close()


@pytest.mark.parametrize("clock", [FakeClock(), SystemClock()], ids=["fake", "system"])
def test_a_clock_tells_utc_and_has_moved_on_after_a_wait(clock: Clock) -> None:
    before = clock.now()
    clock.wait(0.001)
    assert before.utcoffset() == timedelta(0)
    assert clock.now() > before
