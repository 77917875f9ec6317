"""How a command that was typed is judged."""

import pytest

from tests.docs.blocks import Command
from tests.docs.typing_in import judge


@pytest.mark.parametrize("code", [0, 10, 11, 12])
def test_a_command_that_was_understood_is_well(code: int) -> None:
    judge(Command("x"), code, "PASS")


@pytest.mark.parametrize("code", [1, 2, 22, 126, 127, 130])
def test_one_that_was_not_understood_is_not(code: int) -> None:
    with pytest.raises(AssertionError, match=f"exit {code}, not of"):
        judge(Command("x"), code, "Usage:")


def test_what_the_document_promises_is_held() -> None:
    judge(Command("x", 10), 10, "BLOCK")
    with pytest.raises(AssertionError, match="exit 0, not of"):
        judge(Command("x", 10), 0, "PASS")


def test_a_traceback_is_never_well() -> None:
    with pytest.raises(AssertionError, match="Traceback"):
        judge(Command("x"), 0, "Traceback (most recent call last):")
