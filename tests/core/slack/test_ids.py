"""Who somebody is, and which entry of a list lets them act."""

import pytest

from skewcheck.core.slack.ids import entry_for, is_group, is_user, user_of, who_of


def never(group: str) -> frozenset[str]:
    raise AssertionError(group)


@pytest.mark.parametrize("text", ["U012AB", "W012AB", "U0123456789"])
def test_users_are_told_by_their_id(text: str) -> None:
    assert is_user(text)
    assert user_of(who_of(text)) == text


@pytest.mark.parametrize(
    "text", ["", "U", "u012ab", "S012AB", "U012AB\n", "U012AB>", "!channel", "ada@acme.example"]
)
def test_what_is_no_id_is_nobody(text: str) -> None:
    assert not is_user(text)
    assert user_of(f"slack:{text}") == ""


def test_groups_are_told_by_theirs() -> None:
    assert is_group("S012AB")
    assert not is_group("U012AB")


def test_a_name_from_elsewhere_is_nobody_of_slack() -> None:
    assert user_of("U012AB") == ""


def test_who_is_listed_is_let_in_without_asking_about_groups() -> None:
    assert entry_for("U012AB", ["S0OPS", "U012AB"], never) == "U012AB"


def test_who_is_in_a_listed_group_is_let_in_by_it() -> None:
    groups = {"S0DEV": frozenset[str](), "S0OPS": frozenset({"U012AB"})}
    assert (
        entry_for("U012AB", ["ada@acme.example", "S0DEV", "S0OPS"], groups.__getitem__) == "S0OPS"
    )


def test_who_is_in_none_is_not_let_in() -> None:
    assert entry_for("U012AB", ["S0OPS"], lambda _: frozenset({"U0ELSE"})) == ""


@pytest.mark.parametrize("user", ["", "S0OPS", "ada@acme.example"])
def test_who_is_no_user_is_never_let_in_though_their_name_be_listed(user: str) -> None:
    assert entry_for(user, [user, "S0OPS"], lambda _: frozenset({user})) == ""
