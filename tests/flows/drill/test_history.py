"""The history in memory answers as git does, for the one line that it holds."""

import pytest

from skewcheck.core.build import BuildSha
from skewcheck.core.drill.healthy import FITTING, NEW, OLD, PROMISE, history, made
from skewcheck.core.drill.texts import CONTRACT, MANIFEST, NOW
from skewcheck.core.history import Commit, NotInHistory, Relation, RelationKind
from skewcheck.flows.drill.history import WrittenHistory

HISTORY = WrittenHistory(history())
ABSENT = BuildSha("ab" * 20)
SINCE = NOW


def test_head_is_the_newest_commit_and_any_other_name_is_one_in_full() -> None:
    assert HISTORY.resolve("HEAD") == PROMISE
    assert HISTORY.resolve(OLD.value) == OLD
    assert HISTORY.default_branch() is None
    assert HISTORY.remote() is None


def test_a_prefix_stands_for_the_one_commit_that_begins_with_it() -> None:
    assert HISTORY.expand("9e399e3") == NEW
    assert isinstance(HISTORY.expand("abababa"), NotInHistory)


def test_a_file_is_read_as_it_was_at_a_commit() -> None:
    old, new = HISTORY.file_at(OLD, CONTRACT), HISTORY.file_at(NEW, CONTRACT)
    assert isinstance(old, bytes)
    assert isinstance(new, bytes)
    assert old != new
    assert HISTORY.file_at(NEW, MANIFEST) is None
    assert isinstance(HISTORY.file_at(ABSENT, CONTRACT), NotInHistory)
    assert HISTORY.files_in(PROMISE, "manifests") == ("staging.yaml",)


def test_a_commit_is_known_or_said_to_be_absent() -> None:
    known = HISTORY.commit(NEW)
    assert isinstance(known, Commit)
    assert known.sha == NEW
    assert isinstance(HISTORY.commit(ABSENT), NotInHistory)
    assert HISTORY.doubts() == ()


@pytest.mark.parametrize(
    ("build", "to", "relation"),
    [
        pytest.param(NEW, NEW, Relation(RelationKind.SAME), id="same"),
        pytest.param(OLD, NEW, Relation(RelationKind.BEHIND, behind=1), id="behind"),
        pytest.param(FITTING, OLD, Relation(RelationKind.AHEAD, ahead=2), id="ahead"),
    ],
)
def test_builds_are_related_by_their_places_on_the_line(
    build: BuildSha, to: BuildSha, relation: Relation
) -> None:
    assert HISTORY.relation(build, to) == relation


def test_nothing_is_said_of_a_commit_that_is_not_there() -> None:
    assert HISTORY.relation(ABSENT, NEW).kind is RelationKind.UNKNOWN
    assert HISTORY.relation(NEW, ABSENT).kind is RelationKind.UNKNOWN


def test_commits_between_are_the_newest_first_and_no_more_than_asked_for() -> None:
    between = HISTORY.commits_between(OLD, FITTING, limit=5)
    assert [each.sha for each in between] == [FITTING, NEW]
    assert len(HISTORY.commits_between(OLD, FITTING, limit=1)) == 1
    touching = HISTORY.commits_between(OLD, PROMISE, limit=5, paths=[MANIFEST])
    assert [each.sha for each in touching] == [PROMISE]


def test_the_last_touch_is_the_newest_change_of_the_paths() -> None:
    told = HISTORY.last_touch(PROMISE.value, [MANIFEST])
    assert isinstance(told, Commit)
    assert told.sha == PROMISE
    tip = HISTORY.last_touch(NEW.value, [])
    assert isinstance(tip, Commit)
    assert tip.sha == NEW
    assert isinstance(HISTORY.last_touch(NEW.value, [MANIFEST]), NotInHistory)


def test_every_state_of_a_file_is_told_the_newest_first() -> None:
    twice = WrittenHistory(
        (made(NEW, "Again", manifest="b"), made(FITTING, "Else"), made(OLD, "First", manifest="a"))
    )
    states = twice.versions(MANIFEST, ref="HEAD", since=SINCE)
    assert [(each.commit.sha, each.content) for each in states] == [(NEW, b"b"), (OLD, b"a")]
    touches = twice.touches("HEAD", [MANIFEST], since=SINCE)
    assert [each.sha for each in touches] == [NEW, OLD]
