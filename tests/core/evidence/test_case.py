"""What is kept of a test that a report tells of more than once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.evidence.case import Case, State, worst_of_each
from tests.core.evidence.reports import OTHER, case, sha


@pytest.mark.parametrize(
    ("better", "worse"),
    [("ran", "skipped"), ("skipped", "disabled"), ("disabled", "failed"), ("ran", "failed")],
)
def test_of_a_test_that_is_told_of_twice_the_worst_counts(better: State, worse: State) -> None:
    one, other = case(state=better), case(state=worse, why="because")
    assert worst_of_each([one, other]) == (other,)
    assert worst_of_each([other, one]) == (other,)


def test_checking_nothing_is_worse_than_checking_something() -> None:
    nothing = case(assertions=0)
    assert worst_of_each([case(assertions=3), nothing, case()]) == (nothing,)


def test_the_commit_of_a_test_told_of_twice_is_known_only_where_both_are() -> None:
    known, unknown = case(), case(commits=())
    other = case(commits=(sha(OTHER),))
    assert worst_of_each([known, other])[0].commits == (sha(), sha(OTHER))
    assert worst_of_each([known, unknown])[0].commits == ()
    assert worst_of_each([unknown, known])[0].commits == ()


def test_a_test_that_was_flaky_once_is_flaky() -> None:
    for cases in ([case(flaky=True), case()], [case(), case(flaky=True)]):
        (kept,) = worst_of_each(cases)
        assert kept.flaky


def test_tests_of_one_name_in_two_classes_are_two() -> None:
    cases = (case(classname="a"), case(classname="b"), case("test_other", classname="a"))
    assert worst_of_each(cases) == cases


@given(st.lists(st.sampled_from([case("a"), case("b"), case("a", state="failed")])))
def test_nothing_is_lost_and_nothing_is_kept_twice(cases: list[Case]) -> None:
    kept = worst_of_each(cases)
    assert {each.id for each in kept} == {each.id for each in cases}
    assert worst_of_each(kept) == kept
    assert ("failed" in {each.state for each in kept}) == (case("a", state="failed") in cases)
