"""Which commits a promise meant: the last touch, and all that were current in a window."""

from datetime import timedelta
from pathlib import Path

import pytest

from skewcheck.adapters.git_history import open_history
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import Commit, NotInHistory
from tests.repositories import START, Repository

DAY = timedelta(days=1)


def _sha(found: Commit | NotInHistory) -> BuildSha:
    assert isinstance(found, Commit), found
    return found.sha


def test_the_last_commit_that_touched_the_globs_is_found(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    web = repository.commit({"web/deep/a.ts": "1"})
    api = repository.commit({"api/a.py": "1"})
    head = repository.commit({"web.txt": "1"})
    for place in ("app", repository.url):
        with open_history(place, base=tmp_path, cache=tmp_path / "cache") as history:
            assert _sha(history.last_touch("main", ["web/**"])) == web
            assert _sha(history.last_touch("main", ["web/**", "api/*.py"])) == api
            assert _sha(history.last_touch("main", ["**/*.ts"])) == web
            assert _sha(history.last_touch("main", [])) == head
            assert _sha(history.last_touch(str(web), ["web/deep/a.ts"])) == web
            assert history.last_touch("main", ["docs/**"]) == NotInHistory(
                "no commit of main touches docs/**", fix="correct the paths"
            )


def test_a_change_that_came_by_a_merge_counts_where_it_was_merged(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"web/a": "1", "api/a": "1"})
    repository.branch("feature")
    repository.commit({"web/a": "2"})
    repository.switch("main")
    repository.commit({"api/a": "2"})
    merge = repository.merge("feature")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert _sha(history.last_touch("main", ["web/**"])) == merge


def test_magic_in_a_glob_is_only_a_name(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"web/a": "1"})
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        for glob in (":(exclude)api", ":!api", ":/", "--all", "-z"):
            assert isinstance(history.last_touch("main", [glob]), NotInHistory)
        for glob in ("../x", "/x", ""):
            with pytest.raises(UsageError):
                history.last_touch("main", [glob])


def test_an_octopus_merge_is_just_a_commit(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"a": "1"})
    for name in ("left", "right"):
        repository.branch(name, start="main")
        repository.commit({name: "1"})
    repository.switch("main")
    octopus = repository.merge("left", "right")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert _sha(history.last_touch("main", ["right"])) == octopus
        assert len(history.touches("main", ["left"], since=START)) == 2


def test_versions_in_a_window_include_the_one_that_was_current_at_its_start(
    tmp_path: Path,
) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"m": "1"}, at=START)
    repository.commit({"m": "2"}, at=START + DAY)
    repository.commit({"other": "x"}, at=START + 2 * DAY)
    repository.commit({"m": "3"}, at=START + 3 * DAY)
    repository.commit({"m": None}, at=START + 4 * DAY)
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        found = history.versions("m", ref="main", since=START + 2 * DAY)
        assert [version.content for version in found] == [None, b"3", b"2"]
        assert [version.commit.at for version in found] == [
            START + days * DAY for days in (4, 3, 1)
        ]
        exactly = history.versions("m", ref="main", since=START + 3 * DAY)
        assert [version.content for version in exactly] == [None, b"3", b"2"]
        assert history.versions("never", ref="main", since=START) == ()
        assert history.shortfall is None


def test_a_version_counts_until_the_merge_that_replaced_it(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"m": "old", "a": "1"}, at=START)
    repository.branch("feature")
    repository.commit({"m": "new"}, at=START + DAY)
    repository.switch("main")
    repository.commit({"a": "2"}, at=START + 2 * DAY)
    repository.merge("feature", at=START + 5 * DAY)
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        found = history.versions("m", ref="main", since=START + 4 * DAY)
    assert {version.content for version in found} == {b"old", b"new"}


def test_a_version_counts_that_a_fast_forward_hid_behind_a_merge(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"m": "1"}, at=START)
    repository.branch("feature")
    repository.commit({"other": "x"}, at=START)
    repository.switch("main")
    repository.commit({"m": "2"}, at=START + 2 * DAY)
    repository.commit({"m": "3"}, at=START + 3 * DAY)
    repository.switch("feature")
    repository.merge("main", at=START + 4 * DAY)
    repository.switch("main")
    repository.git("merge", "--quiet", "--ff-only", "feature")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        found = history.versions("m", ref="main", since=START + DAY)
    assert {version.content for version in found} == {b"1", b"2", b"3"}


def test_a_path_of_versions_is_taken_literally(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"m*": "star", "mm": "other"})
    repository.commit({"mm": "changed"})
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        found = history.versions("m*", ref="main", since=START)
    assert [version.content for version in found] == [b"star"]


def test_touches_are_all_builds_that_a_ref_meant_in_the_window(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    builds = [repository.commit({"web/a": str(day)}, at=START + day * DAY) for day in range(4)]
    repository.commit({"api/a": "1"}, at=START + 4 * DAY)
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        found = history.touches("main", ["web/**"], since=START + 2 * DAY)
    assert [commit.sha for commit in found] == [builds[3], builds[2], builds[1]]
