"""The drill goes the gate's whole way, and an error on it is no verdict."""

from dataclasses import replace

import pytest

from skewcheck.core.drill.exercises import EXERCISES
from skewcheck.core.drill.healthy import HEALTHY, history
from skewcheck.core.drill.outcome import Exercised, deviations_of
from skewcheck.core.drill.world import Exercise
from skewcheck.core.findings import Code
from skewcheck.core.question import Exit
from skewcheck.flows.drill import pass_gate, run_drill


@pytest.fixture(scope="module")
def drilled() -> tuple[Exercised, ...]:
    return run_drill()


def test_every_bad_world_is_stopped_and_every_twin_passes(drilled: tuple[Exercised, ...]) -> None:
    assert [each.exercise for each in drilled] == list(EXERCISES)
    assert deviations_of(drilled) == ()


def test_the_stale_frontend_of_the_incident_is_both_stale_and_skewed(
    drilled: tuple[Exercised, ...],
) -> None:
    assert drilled[0].bad.codes >= {Code.STALE_EDGE, Code.FORMAT_SKEW}


def test_a_bad_world_whose_twin_is_bad_too_is_told() -> None:
    [lost] = run_drill([replace(EXERCISES[0], twin=EXERCISES[0].bad)])
    assert any(told.startswith("healthy twin") for told in lost.deviations)


def test_a_world_on_which_the_gate_comes_to_no_verdict_is_a_deviation() -> None:
    broken = replace(HEALTHY, commits=history("schema: 1\n"))
    seen = pass_gate(broken)
    assert (seen.exit, seen.codes) == (None, frozenset())
    assert "manifests/staging.yaml" in seen.error
    [lost] = run_drill(
        [Exercise(name="broken", twin=HEALTHY, bad=broken, exit=Exit.BLOCK, must=())]
    )
    assert len(lost.deviations) == 1
