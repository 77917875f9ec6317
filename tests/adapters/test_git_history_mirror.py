"""Mirrors of remote repositories: blobless, shared safely, and honest when they are old."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skewcheck.adapters.git_history import open_history
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.history import NotInHistory, RelationKind
from tests.repositories import Repository, git

OPEN = """
import sys
from pathlib import Path
from skewcheck.adapters.git_history import open_history
with open_history(sys.argv[1], base=Path(), cache=Path(sys.argv[2])) as history:
    print(history.resolve("main"))
"""


def _mirror_in(cache: Path) -> Path:
    (mirror,) = cache.glob("*.git")
    return mirror


def test_a_mirror_is_bare_and_fetches_contents_only_when_they_are_read(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    old = repository.commit({"read": "1", "unread": "not needed"})
    repository.commit({"read": "2"})
    cache = tmp_path / "cache"
    with open_history(repository.url, base=tmp_path, cache=cache) as history:
        assert history.file_at(old, "read") == b"1"
    mirror = _mirror_in(cache)
    assert git("rev-parse", "--is-bare-repository", at=mirror) == "true"
    listed = git("rev-list", "--objects", "--all", "--missing=print", at=mirror).split("\n")
    assert len([line for line in listed if line.startswith("?")]) == 2
    assert cache.stat().st_mode & 0o777 == 0o700


def test_contents_that_cannot_be_fetched_any_more_are_not_an_absent_file(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit({"a": "1", "b": "2"})
    with open_history(repository.url, base=tmp_path, cache=tmp_path / "cache") as history:
        assert history.file_at(build, "a") == b"1"
        repository.path.rename(tmp_path / "gone")
        lost = history.file_at(build, "b")
        assert isinstance(lost, NotInHistory)
        assert "has no copy of b" in lost.why
        assert history.file_at(build, "a") == b"1"
        assert history.file_at(build, "c") is None


def test_a_mirror_follows_the_remote_at_each_opening(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    old = repository.commit()
    repository.branch("doomed")
    repository.switch("main")
    cache = tmp_path / "cache"
    open_history(repository.url, base=tmp_path, cache=cache).close()
    repository.git("branch", "--move", "main", "trunk")
    repository.git("branch", "--delete", "--quiet", "doomed")
    new = repository.commit()
    with open_history(repository.url, base=tmp_path, cache=cache) as history:
        assert history.freshness_problem == ""
        assert history.default_branch() == "trunk"
        assert history.resolve("trunk") == history.resolve("HEAD") == new
        assert history.relation(old, new).kind is RelationKind.BEHIND
        for gone in ("main", "doomed"):
            with pytest.raises(SkewcheckError):
                history.resolve(gone)


def test_a_forced_push_is_followed(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"a": "1"})
    repository.commit({"a": "2"})
    cache = tmp_path / "cache"
    open_history(repository.url, base=tmp_path, cache=cache).close()
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    new = repository.commit({"a": "3"})
    with open_history(repository.url, base=tmp_path, cache=cache) as history:
        assert history.resolve("main") == new


def test_a_mirror_that_cannot_be_refreshed_answers_and_says_it_is_old(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit()
    cache = tmp_path / "cache"
    open_history(repository.url, base=tmp_path, cache=cache).close()
    repository.path.rename(tmp_path / "gone")
    with open_history(repository.url, base=tmp_path, cache=cache) as history:
        assert history.resolve("main") == build
        assert "could not be fetched, so its mirror may be old" in history.freshness_problem


def test_a_remote_that_never_answered_stops_the_run_without_its_password(tmp_path: Path) -> None:
    url = "http://ada:hunter2@127.0.0.1:1/web.git?key=s3cret"
    with pytest.raises(SkewcheckError, match=r"^cannot clone http://127\.0\.0\.1:1/web") as failed:
        open_history(url, base=tmp_path, cache=tmp_path / "cache")
    said = f"{failed.value} {failed.value.hint}"
    assert "hunter2" not in said
    assert "s3cret" not in said
    assert failed.value.hint == "git ls-remote http://127.0.0.1:1/web.git"
    assert list((tmp_path / "cache").glob("*.git*")) == []


def test_what_a_killed_clone_left_behind_is_swept_away(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    cache = tmp_path / "cache"
    open_history(repository.url, base=tmp_path, cache=cache).close()
    mirror = _mirror_in(cache)
    mirror.rename(mirror.with_name(f"{mirror.name}.half"))
    open_history(repository.url, base=tmp_path, cache=cache).close()
    assert [path.name for path in cache.glob("*.git*")] == [mirror.name]


def test_many_runs_at_once_share_one_mirror(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit({"a": "1"})
    cache = tmp_path / "cache"

    def run(_: int) -> bytes | NotInHistory | None:
        with open_history(repository.url, base=tmp_path, cache=cache) as history:
            assert history.freshness_problem == ""
            return history.file_at(build, "a")

    others = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, repository.url, str(cache)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(run, range(4))) == {b"1"}
    assert [process.communicate()[0].strip() for process in others] == [build.value] * 2
    assert [path.name for path in cache.glob("*.git*")] == [_mirror_in(cache).name]


def test_one_history_serves_many_threads(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    builds = [repository.commit({"a": str(number)}) for number in range(8)]
    with (
        open_history(repository.url, base=tmp_path, cache=tmp_path / "cache") as history,
        ThreadPoolExecutor(8) as pool,
    ):
        read = list(pool.map(lambda build: history.file_at(build, "a"), builds * 4))
    assert read == [str(number).encode() for number in range(8)] * 4


def test_a_cache_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(SkewcheckError, match="cannot write to the cache"):
        open_history(repository.url, base=tmp_path, cache=tmp_path / "cache")
