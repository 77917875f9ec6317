"""A drill is lost by one deviation, whichever it is."""

import pytest

from skewcheck.core.drill.outcome import Exercised, deviations_of
from skewcheck.core.findings import Code
from skewcheck.core.question import Exit
from tests.core.drill.outcomes import exercised, seen

NAME = "clean close before the welcome"


def test_a_bad_world_that_is_stopped_and_a_twin_that_passes_are_as_it_must_be() -> None:
    assert exercised().deviations == ()
    assert deviations_of([exercised(), exercised()]) == ()


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        pytest.param(
            exercised(bad=seen(Exit.PASS)),
            (f"{NAME}: exit 0, must be exit 10", f"{NAME}: closed-before-welcome was not found"),
            id="passes",
        ),
        pytest.param(
            exercised(bad=seen(Exit.INCONCLUSIVE, Code.CLOSED_BEFORE_WELCOME)),
            (f"{NAME}: exit 11, must be exit 10",),
            id="found, and not blocked",
        ),
        pytest.param(
            exercised(bad=seen(Exit.BLOCK, Code.WELCOME_MISSING)),
            (f"{NAME}: closed-before-welcome was not found",),
            id="blocked by something else",
        ),
        pytest.param(
            exercised(bad=seen(Exit.BLOCK, Code.CLOSED_BEFORE_WELCOME, Code.PROTOCOL_SKEW)),
            (f"{NAME}: protocol-skew was found, which it is not",),
            id="called skew",
        ),
        pytest.param(
            exercised(bad=seen(None, error="the manifest cannot be read")),
            (f"{NAME}: no verdict: the manifest cannot be read, must be exit 10",),
            id="no verdict",
        ),
        pytest.param(
            exercised(twin=seen(Exit.BLOCK, Code.STALE_EDGE)),
            (f"healthy twin of {NAME}: exit 10, must be exit 0 (stale-edge)",),
            id="the twin is blocked",
        ),
        pytest.param(
            exercised(twin=seen(None, error="no token")),
            (f"healthy twin of {NAME}: no verdict: no token, must be exit 0",),
            id="no verdict on the twin",
        ),
    ],
)
def test_each_deviation_is_told_with_its_world(lost: Exercised, told: tuple[str, ...]) -> None:
    assert lost.deviations == told
    assert deviations_of([exercised(), lost]) == told


def test_a_drill_without_any_world_proves_nothing() -> None:
    assert deviations_of([]) == ("there is no bad world to drill with",)
