from skewcheck.core.plan.narrowing import Narrowing, Way, narrow


def way(build: str | None, *blocks: str) -> Way:
    return Way(build=build, blocks=frozenset(blocks))


def test_where_nothing_is_stuck_nothing_is_narrowed() -> None:
    ways = {"a": (way(None, "b"), way("1")), "b": (way(None),)}
    assert narrow(ways) == Narrowing(choices={}, core=frozenset())


def test_the_first_preference_that_frees_anybody_is_taken() -> None:
    ways = {
        "a": (way(None, "b"), way("2", "b"), way("1")),
        "b": (way(None, "a"), way("2"), way("1")),
    }
    assert narrow(ways) == Narrowing(choices={"b": "2"}, core=frozenset())


def test_all_whom_the_same_preference_frees_are_narrowed() -> None:
    ways = {"a": (way(None, "b"), way("1")), "b": (way(None, "a"), way("1"))}
    assert narrow(ways).choices == {"a": "1", "b": "1"}


def test_what_one_choice_frees_may_free_another() -> None:
    ways = {
        "a": (way(None, "b"), way("1")),
        "b": (way(None, "a", "c"), way("1", "a"), way("0", "c")),
        "c": (way(None, "b"),),
    }
    assert narrow(ways) == Narrowing(choices={"a": "1", "b": "1"}, core=frozenset())


def test_what_no_choice_frees_is_the_core() -> None:
    ways = {
        "a": (way(None, "b"), way("1", "b")),
        "b": (way(None, "a"),),
        "c": (way(None, "d"), way("1")),
        "d": (way(None, "c"),),
    }
    assert narrow(ways) == Narrowing(choices={"c": "1"}, core=frozenset("ab"))
