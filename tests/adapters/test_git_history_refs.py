"""Refs become full commits, once per run, in checkouts, clones and mirrors alike."""

from pathlib import Path

import pytest

from skewcheck.adapters.git_history import GitHistories, open_history
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import NotInHistory
from tests.repositories import Repository, git


def test_every_way_to_name_a_commit_leads_to_it(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit({"a": "1"})
    repository.tag("light")
    repository.tag("v1", message="One")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        for ref in ("HEAD", "main", "refs/heads/main", "light", "v1", build.value, build.short):
            assert history.resolve(ref) == build


def test_a_clone_finds_a_branch_that_only_origin_has(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    repository.branch("feature")
    build = repository.commit()
    repository.switch("main")
    clone = repository.clone(tmp_path / "clone")
    with open_history(str(clone), base=tmp_path, cache=tmp_path) as history:
        assert history.resolve("feature") == history.resolve("origin/feature") == build


def test_a_mirror_knows_origins_branches_by_both_names(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit()
    with open_history(repository.url, base=tmp_path, cache=tmp_path / "cache") as history:
        assert history.resolve("main") == history.resolve("origin/main") == build


def test_a_ref_stays_what_it_was_for_the_whole_run(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    before = repository.commit()
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.resolve("main") == before
        repository.commit()
        assert history.resolve("main") == before


def test_a_tag_that_poses_as_a_branch_is_ambiguous(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    repository.tag("main")
    build = repository.commit()
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        with pytest.raises(UsageError, match="ambiguous") as refused:
            history.resolve("main")
        assert refused.value.hint == "write refs/heads/main"
        assert history.resolve("refs/heads/main") == build


def test_an_unknown_ref_comes_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    with (
        open_history("app", base=tmp_path, cache=tmp_path) as history,
        pytest.raises(UsageError, match="no branch, tag or commit 'origin/next'") as unknown,
    ):
        history.resolve("origin/next")
    assert unknown.value.hint == "git fetch origin +refs/heads/next:refs/remotes/origin/next"


@pytest.mark.parametrize("ref", ["--output=owned", "main~1", "main:web", "HEAD@{0}", ":/fix"])
def test_a_hostile_ref_is_refused_and_does_nothing(tmp_path: Path, ref: str) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        with pytest.raises(UsageError):
            history.resolve(ref)
        with pytest.raises(UsageError):
            history.last_touch(ref, ["web/**"])
    assert not (repository.path / "owned").exists()


def test_a_branch_that_is_called_like_a_short_sha_does_not_stand_for_it(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit()
    other = repository.commit()
    repository.git("branch", build.short, other.value)
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.expand(build.short) == build


def test_a_short_sha_that_nothing_begins_with_is_a_value(tmp_path: Path) -> None:
    Repository(tmp_path / "app").commit()
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        for prefix in ("0123456", "nonsense", "0" * 40):
            assert isinstance(history.expand(prefix), NotInHistory)


def test_a_tree_is_not_mistaken_for_a_build(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit({"a": "1"})
    tree = repository.git("rev-parse", "HEAD^{tree}")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert isinstance(history.expand(tree), NotInHistory)
        assert isinstance(history.expand(tree[:10]), NotInHistory)


def test_a_repository_without_commits_says_so(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    for place in ("app", repository.url):
        with (
            open_history(place, base=tmp_path, cache=tmp_path / "cache") as history,
            pytest.raises(UsageError, match="no commits yet"),
        ):
            history.resolve("HEAD")


def test_a_detached_head_a_worktree_and_a_bare_repository_are_repositories(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    build = repository.commit({"sub/a": "1"})
    repository.git("checkout", "--quiet", "--detach")
    repository.git("worktree", "add", "--quiet", tmp_path / "tree", "main")
    repository.clone(tmp_path / "bare.git", "--bare")
    with GitHistories(base=tmp_path, cache=tmp_path / "cache") as histories:
        for place in ("app", "app/sub", "tree/sub", "bare.git"):
            history = histories.open(place)
            assert history.resolve("HEAD") == build
            found = history.last_touch("main", ["sub/**"])
            assert not isinstance(found, NotInHistory)
            assert found.sha == build


def test_a_place_is_opened_once_per_run(tmp_path: Path) -> None:
    Repository(tmp_path / "app").commit()
    with GitHistories(base=tmp_path, cache=tmp_path) as histories:
        assert histories.open("app") is histories.open("app")


def test_the_default_branch_is_what_origin_said(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    repository.git("branch", "--move", "trunk")
    clone = repository.clone(tmp_path / "clone")
    for place, name in ((str(clone), "origin/trunk"), (repository.url, "trunk")):
        with open_history(place, base=tmp_path, cache=tmp_path / "cache") as history:
            assert history.default_branch() == name
            assert isinstance(history.resolve(name), BuildSha)


def test_the_default_branch_is_unknown_where_nobody_said_it(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    clone = repository.clone(tmp_path / "clone")
    git("symbolic-ref", "--delete", "refs/remotes/origin/HEAD", at=clone)
    for place in ("app", "clone"):
        with open_history(place, base=tmp_path, cache=tmp_path) as history:
            assert history.default_branch() is None


def test_a_place_that_is_no_repository_is_refused(tmp_path: Path) -> None:
    for place in (".", "nowhere"):
        with pytest.raises(UsageError, match="is not a git repository"):
            open_history(place, base=tmp_path, cache=tmp_path)


def test_sha256_repositories_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    git("init", "--quiet", "--object-format=sha256", at=tmp_path / "app")
    with pytest.raises(UsageError, match="sha256"):
        open_history("app", base=tmp_path, cache=tmp_path)


def test_the_remote_that_is_asked_for_more_is_named(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.remote() is None
        repository.git("remote", "add", "upstream", str(tmp_path / "elsewhere"))
        assert history.remote() == "upstream"
