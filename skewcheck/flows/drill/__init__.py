"""The drill: the very flow of the gate, from the manifest to the exit code, on built-in worlds."""

from collections.abc import Sequence

from skewcheck.core.drill.exercises import EXERCISES
from skewcheck.core.drill.outcome import Exercised, Seen
from skewcheck.core.drill.world import Exercise, World
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.evidence.junit import read_junit
from skewcheck.core.evidence.wanted import EvidenceWanted
from skewcheck.core.question import Question
from skewcheck.flows.check import Asking, check
from skewcheck.flows.drill.doors import doors_to
from skewcheck.flows.load import load_manifest

_ENVIRONMENT = "staging"


def run_drill(exercises: Sequence[Exercise] = EXERCISES) -> tuple[Exercised, ...]:
    """Every bad world and every twin, each twin once; touches nothing outside."""
    twins = {each.twin: pass_gate(each.twin) for each in exercises}
    return tuple(
        Exercised(exercise=each, bad=pass_gate(each.bad), twin=twins[each.twin])
        for each in exercises
    )


def pass_gate(world: World) -> Seen:
    """What `skewcheck gate` would answer; an error is no verdict, and no crash of the drill."""
    doors = doors_to(world)
    try:
        loaded = load_manifest(doors.histories.open("."), _ENVIRONMENT, ref="HEAD", policy_ref=None)
        report = check(doors, loaded, _asking(world))
    except SkewcheckError as error:
        return Seen(exit=None, error=str(error))
    return Seen(exit=report.exit, codes=frozenset(each.code for each in report.findings))


def _asking(world: World) -> Asking:
    return Asking(
        question=Question.GATE,
        candidates=world.candidates,
        probing=world.probing,
        evidence=_evidence(world) if world.junit else None,
    )


def _evidence(world: World) -> EvidenceWanted:
    report = read_junit(world.junit.encode(), file="junit.xml")
    return EvidenceWanted(reports=(report,), required=world.required)
