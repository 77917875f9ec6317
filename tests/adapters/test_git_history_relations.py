"""How builds relate: counts agree with plain arithmetic on ancestors."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from skewcheck.adapters.git_history import open_history
from skewcheck.core.build import BuildSha
from skewcheck.core.history import Commit, NotInHistory, Relation, RelationKind
from tests.repositories import START, Repository, signature

ABSENT = BuildSha("0123456789" * 4)
PARENTS = st.lists(st.sets(st.integers(0, 6), max_size=3), min_size=7, max_size=7)


def test_a_build_is_behind_what_has_more_commits(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    old, _, new = (repository.commit() for _ in range(3))
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.relation(old, new) == Relation(RelationKind.BEHIND, behind=2)
        assert history.relation(new, old) == Relation(RelationKind.AHEAD, ahead=2)
        assert history.relation(new, new) == Relation(RelationKind.SAME)


def test_a_build_that_git_does_not_have_is_unknown_with_a_way_out(tmp_path: Path) -> None:
    build = Repository(tmp_path / "app").commit()
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        for pair in ((ABSENT, build), (build, ABSENT)):
            relation = history.relation(*pair)
            assert relation.kind is RelationKind.UNKNOWN
            assert relation.why == "0123456 is in no branch of app"
            assert relation.fix.startswith("git push origin")
        assert history.commits_between(ABSENT, build, limit=5) == ()
        assert isinstance(history.commit(ABSENT), NotInHistory)
        assert isinstance(history.last_touch(str(ABSENT), ["a"]), NotInHistory)


@settings(max_examples=4)
@given(parents=PARENTS)
def test_relations_agree_with_counting_ancestors_and_mirror_each_other(
    parents: list[set[int]],
) -> None:
    with TemporaryDirectory() as folder:
        base = Path(folder)
        builds, ancestors = _random_history(Repository(base / "app"), parents)
        with open_history("app", base=base, cache=base) as history:
            for one in builds:
                for other in builds:
                    there, back = history.relation(one, other), history.relation(other, one)
                    assert there.ahead == back.behind == len(ancestors[one] - ancestors[other])
                    assert there.behind == back.ahead == len(ancestors[other] - ancestors[one])
                    assert (there.kind is RelationKind.SAME) == (one == other)


def _random_history(
    repository: Repository, parents: list[set[int]]
) -> tuple[list[BuildSha], dict[BuildSha, set[BuildSha]]]:
    """Merges, octopuses and several roots; each commit's ancestors include itself."""
    tree = repository.git("write-tree")
    builds: list[BuildSha] = []
    ancestors: dict[BuildSha, set[BuildSha]] = {}
    for number, wanted in enumerate(parents):
        real = [builds[index] for index in sorted(wanted) if index < number]
        options = [word for parent in real for word in ("-p", parent.value)]
        said = repository.git(
            *("commit-tree", tree, *options, "-m", str(number)),
            env=signature(START + timedelta(hours=(number * 5) % 7)),  # clocks that disagree
        )
        builds.append(BuildSha(said))
        ancestors[builds[-1]] = {builds[-1]}.union(*(ancestors[parent] for parent in real))
    return builds, ancestors


def test_the_commits_between_two_builds_come_newest_first_and_limited(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    builds = [repository.commit(subject=f"Number {number}") for number in range(5)]
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        found = history.commits_between(builds[1], builds[4], limit=2)
        assert [commit.subject for commit in found] == ["Number 4", "Number 3"]
        assert history.commits_between(builds[4], builds[1], limit=2) == ()


def test_a_commit_says_who_what_and_when_in_utc(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    build = repository.commit(subject="Speak 2.1\n\nBecause.", at=at, author="Grace")
    with open_history("app", base=tmp_path, cache=tmp_path) as history:
        assert history.commit(build) == Commit(build, "Speak 2.1", "Grace", at)


def test_a_subject_in_an_unknown_encoding_is_still_a_subject(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "app")
    repository.commit()
    message = tmp_path / "message"
    message.write_bytes(b"Caf\xe9 \x1b[31m\n")
    for encoding in ("latin-1", "utf-8", "no-such-encoding"):
        repository.git(
            *("-c", f"i18n.commitEncoding={encoding}", "commit", "--quiet", "--allow-empty"),
            *("--file", message),
            env=signature(),
        )
        with open_history("app", base=tmp_path, cache=tmp_path) as history:
            found = history.commit(repository.head)
            assert not isinstance(found, NotInHistory)
            assert found.subject.startswith("Caf")
            assert history.file_at(repository.head, "a") is None
