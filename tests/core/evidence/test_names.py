"""Which tests a required name means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.evidence.names import label, means, near_miss
from tests.core.evidence.reports import case

CHAT = case("test_chat", classname="tests.e2e.test_ws")
PARAMETRISED = case("test_chat[wss-2.1][a]", classname="tests.e2e.test_ws")


@pytest.mark.parametrize(
    "required",
    [
        "test_chat",
        "tests.e2e.test_ws.test_chat",
        "tests.e2e.test_ws::test_chat",
        "test_*",
        "test_cha?",
        "tests.e2e.*",
        "*::test_chat",
    ],
)
def test_a_name_means_a_test_by_itself_by_its_class_and_by_a_glob(required: str) -> None:
    assert means(required, CHAT)
    assert means(required, PARAMETRISED)


@pytest.mark.parametrize("required", ["test_chat[wss-2.1][a]", "tests.e2e.test_ws::test_chat[*"])
def test_a_parametrised_test_is_also_meant_by_its_whole_name(required: str) -> None:
    assert means(required, PARAMETRISED)
    assert not means(required, CHAT)


@pytest.mark.parametrize(
    "required",
    ["test_cha", "est_chat", "TEST_CHAT", "test_ws.test_chat", "test_chat[wss]", "", " "],
)
def test_a_name_does_not_mean_tests_that_are_called_otherwise(required: str) -> None:
    assert not means(required, CHAT)


def test_brackets_stand_for_themselves_and_never_for_a_class_of_characters() -> None:
    assert means("test[ab]", case("test[ab]"))
    assert not means("test[ab]", case("testa"))
    assert means("test[ab]*", case("test[ab]c"))
    assert not means("test[!x]*", case("testa"))


def test_only_a_whole_pair_of_brackets_at_the_end_is_a_parameter() -> None:
    assert not means("test_chat", case("test_chat[a"))
    assert not means("test_chat", case("test_chat[a] twice"))


def test_an_empty_name_means_nothing_not_even_a_test_without_a_name() -> None:
    assert not means("", case(""))


@pytest.mark.parametrize(
    ("required", "advice"),
    [
        ("test_chatt", "; did you mean `test_chat`?"),
        ("tests.e2e.ws::test_chat", "; did you mean `tests.e2e.test_ws::test_chat`?"),
        ("nothing like it", ""),
    ],
)
def test_the_name_that_was_probably_meant_is_told(required: str, advice: str) -> None:
    assert near_miss(required, [CHAT]) == advice


def test_advice_is_printable() -> None:
    assert near_miss("test_chat", [case("test_chat\x1b")]) == "; did you mean `test_chat\\x1b`?"


def test_advice_does_not_read_reports_without_end() -> None:
    many = (case(f"other {number}") for number in range(10_000))
    assert near_miss("test_chat", [*many, CHAT]) == ""


def test_a_label_is_shortened_and_printable() -> None:
    assert label(case("a\x1b[2J")) == "a\\x1b[2J"
    assert len(label(case("x" * 500, classname="c"))) == 120
    assert label(CHAT) == "tests.e2e.test_ws::test_chat"


@given(st.text(min_size=1), st.text())
def test_every_test_is_meant_by_its_own_name_in_each_form(name: str, classname: str) -> None:
    test = case(name, classname=classname)
    assert means(name, test) == bool(name.strip())
    if classname.strip():
        assert means(f"{classname}.{name}", test)
        assert means(f"{classname}::{name}", test)
