"""A rollout's exit code."""

import pytest

from skewcheck.core.question import Exit
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.view import EXIT_FOR_OUTCOME, RolloutView
from tests.core.rollout.orders import order


def test_every_outcome_has_an_exit_code() -> None:
    assert EXIT_FOR_OUTCOME.keys() == set(Outcome)


@pytest.mark.parametrize(
    ("outcome", "exit_code"),
    [
        (None, None),
        (Outcome.SUCCEEDED, Exit.PASS),
        (Outcome.ROLLED_BACK, Exit.ACTION_FAILED),
        (Outcome.STUCK, Exit.ACTION_FAILED),
    ],
)
def test_only_one_that_succeeded_passes(outcome: Outcome | None, exit_code: Exit | None) -> None:
    assert RolloutView(order=order(), outcome=outcome).exit is exit_code
