from itertools import pairwise

import pytest

from skewcheck.core.plan.order import levels


def test_each_is_in_the_wave_after_the_last_that_it_needs() -> None:
    found = levels("abcd", [("a", "b"), ("b", "c"), ("a", "c")])
    assert found.of == {"a": 0, "b": 1, "c": 2, "d": 0}
    assert found.stuck == frozenset()


def test_nothing_lies_below_its_floor_nor_what_needs_it() -> None:
    assert levels("ab", [("a", "b")], {"a": 1}).of == {"a": 1, "b": 2}


def test_a_floor_above_what_is_needed_stands() -> None:
    assert levels("ab", [("a", "b")], {"b": 3}).of == {"a": 0, "b": 3}


def test_a_floor_below_what_is_needed_changes_nothing() -> None:
    assert levels("abc", [("a", "b"), ("b", "c")], {"c": 1}).of["c"] == 2


@pytest.mark.parametrize("arcs", [["aa"], ["ab", "ba"], ["ab", "bc", "cb"]], ids="".join)
def test_a_cycle_and_what_is_behind_it_are_stuck(arcs: list[str]) -> None:
    found = levels("abcde", [(arc[0], arc[1]) for arc in [*arcs, "bd"]])
    assert "b" in found.stuck or arcs == ["aa"]
    assert {"e"} <= {*found.of}
    assert {*found.of} | found.stuck == {*"abcde"}


def test_a_chain_of_ten_thousand_is_no_recursion() -> None:
    names = [str(number) for number in range(10_000)]
    found = levels(names, pairwise(names))
    assert found.of["9999"] == 9999
