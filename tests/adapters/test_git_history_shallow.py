"""Clones that lack history: they get it where they may, and say so where they may not."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skewcheck.adapters.git_history import open_history
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import NotInHistory, Relation, RelationKind
from tests.repositories import START, Repository, git

CURE = "git fetch --unshallow origin"
ABSENT = BuildSha("0123456789" * 4)


def _five_commits(tmp_path: Path) -> tuple[Repository, list[BuildSha]]:
    repository = Repository(tmp_path / "app")
    builds = [repository.commit({"web/a": "1", "count": str(n)}) for n in range(5)]
    return repository, builds


def test_a_shallow_clone_is_deepened_when_a_question_needs_it(tmp_path: Path) -> None:
    repository, builds = _five_commits(tmp_path)
    repository.clone(tmp_path / "clone", "--depth", "1")
    with open_history("clone", base=tmp_path, cache=tmp_path / "cache") as history:
        assert history.relation(builds[0], builds[4]) == Relation(RelationKind.BEHIND, behind=4)
        assert history.file_at(builds[1], "count") == b"1"


def test_a_shallow_clone_that_must_stay_so_answers_unknown(tmp_path: Path) -> None:
    repository, builds = _five_commits(tmp_path)
    clone = repository.clone(tmp_path / "clone", "--depth", "2")
    with open_history("clone", base=tmp_path, cache=tmp_path, deepen=False) as history:
        absent, newer, tip = builds[0], builds[3], builds[4]
        assert history.relation(tip, tip) == Relation(RelationKind.SAME)
        for build in (absent, newer):
            relation = history.relation(build, tip)
            assert (relation.kind, relation.fix) == (RelationKind.UNKNOWN, CURE)
            assert "clone is a shallow clone" in relation.why
        assert history.commits_between(newer, tip, limit=9) == ()
        touched = history.last_touch("main", ["web/**"])
        assert isinstance(touched, NotInHistory)
        assert touched.fix == CURE
        history.versions("web/a", ref="main", since=START)
        assert history.shortfall is not None
        assert history.shortfall.fix == CURE
    assert (clone / ".git" / "shallow").exists()


def test_what_lies_above_the_cut_is_answered_without_deepening(tmp_path: Path) -> None:
    repository, builds = _five_commits(tmp_path)
    clone = repository.clone(tmp_path / "clone", "--depth", "2")
    with open_history("clone", base=tmp_path, cache=tmp_path) as history:
        touched = history.last_touch("main", ["count"])
        assert not isinstance(touched, NotInHistory)
        assert touched.sha == builds[4]
        assert history.file_at(builds[4], "count") == b"4"
    assert (clone / ".git" / "shallow").exists()


def test_a_failed_deepening_is_told_and_not_tried_again(tmp_path: Path) -> None:
    repository, builds = _five_commits(tmp_path)
    repository.clone(tmp_path / "clone", "--depth", "1")
    repository.path.rename(tmp_path / "elsewhere")
    with open_history("clone", base=tmp_path, cache=tmp_path) as history:
        relation = history.relation(builds[0], builds[4])
        assert relation.kind is RelationKind.UNKNOWN
        assert "fetching failed" in relation.why
        (tmp_path / "elsewhere").rename(repository.path)
        assert history.relation(builds[0], builds[4]).kind is RelationKind.UNKNOWN


def test_threads_that_all_need_more_history_fetch_it_once(tmp_path: Path) -> None:
    repository, builds = _five_commits(tmp_path)
    repository.clone(tmp_path / "clone", "--depth", "1")
    with (
        open_history("clone", base=tmp_path, cache=tmp_path) as history,
        ThreadPoolExecutor(8) as pool,
    ):
        answers = list(pool.map(lambda n: history.relation(builds[n % 4], builds[4]), range(16)))
    assert {answer.kind for answer in answers} == {RelationKind.BEHIND}


def test_a_clone_that_is_merely_behind_catches_up(tmp_path: Path) -> None:
    repository, builds = _five_commits(tmp_path)
    repository.clone(tmp_path / "clone")
    newest = repository.commit({"count": "5"})
    with open_history("clone", base=tmp_path, cache=tmp_path) as history:
        assert history.expand(newest.short) == newest
        assert history.relation(builds[4], newest) == Relation(RelationKind.BEHIND, behind=1)


def test_a_clone_that_must_not_fetch_does_not_catch_up(tmp_path: Path) -> None:
    repository, _ = _five_commits(tmp_path)
    repository.clone(tmp_path / "clone")
    newest = repository.commit()
    with open_history("clone", base=tmp_path, cache=tmp_path, deepen=False) as history:
        assert isinstance(history.expand(newest.value), NotInHistory)


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_build_of_a_deleted_branch_is_fetched_by_its_name(
    tmp_path: Path, *, mirrored: bool
) -> None:
    repository, _ = _five_commits(tmp_path)
    repository.branch("preview")
    build = repository.commit({"count": "preview"})
    repository.switch("main")
    repository.git("branch", "--delete", "--force", "--quiet", "preview")
    place = repository.url if mirrored else str(repository.clone(tmp_path / "clone"))
    with open_history(place, base=tmp_path, cache=tmp_path / "cache") as history:
        assert history.file_at(build, "count") == b"preview"


def test_a_build_that_nobody_pushed_is_in_no_branch(tmp_path: Path) -> None:
    repository, _ = _five_commits(tmp_path)
    for place in (str(repository.clone(tmp_path / "clone")), repository.url):
        with open_history(place, base=tmp_path, cache=tmp_path / "cache") as history:
            absent = history.expand(ABSENT.value)
            assert isinstance(absent, NotInHistory)
            assert absent.why == f"0123456 is in no branch of {place}"
            with pytest.raises(UsageError, match="in no branch"):
                history.resolve(ABSENT.value)


def test_the_users_clone_keeps_its_branches_and_files(tmp_path: Path) -> None:
    repository, builds = _five_commits(tmp_path)
    clone = repository.clone(tmp_path / "clone", "--depth", "1")
    repository.commit()
    with open_history("clone", base=tmp_path, cache=tmp_path) as history:
        history.relation(builds[0], builds[4])
    assert git("rev-parse", "main", at=clone) == builds[4].value
    assert git("status", "--porcelain", at=clone) == ""
