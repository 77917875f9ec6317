"""The drill's worlds are what they say: parsed without complaint, and bad in one thing only."""

import dataclasses
from collections.abc import Callable

import pytest

from skewcheck.core.documents import parse_contract, parse_manifest
from skewcheck.core.drill.exercises import EXERCISES
from skewcheck.core.drill.texts import CONTRACT, MANIFEST
from skewcheck.core.drill.world import Exercise, World
from skewcheck.core.evidence.case import Evidence
from skewcheck.core.evidence.junit import read_junit
from skewcheck.core.findings import RULES, Code, Severity
from skewcheck.core.question import Exit

WORLDS = [(each.name, each.bad) for each in EXERCISES] + [
    (f"twin of {each.name}", each.twin) for each in EXERCISES
]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.name)


def test_no_two_exercises_have_the_same_name() -> None:
    assert len({each.name for each in EXERCISES}) == len(EXERCISES)


@each_exercise
def test_a_bad_world_differs_from_its_twin(exercise: Exercise) -> None:
    fields = [field.name for field in dataclasses.fields(World)]
    differing = [
        name for name in fields if getattr(exercise.bad, name) != getattr(exercise.twin, name)
    ]
    assert differing


@each_exercise
def test_an_exercise_expects_what_its_codes_lead_to(exercise: Exercise) -> None:
    severities = {RULES[code].severity for code in exercise.must}
    assert severities == ({Severity.BLOCK} if exercise.exit is Exit.BLOCK else {Severity.UNKNOWN})
    assert not set(exercise.must) & set(exercise.never)


@pytest.mark.parametrize(("name", "world"), WORLDS, ids=[name for name, _ in WORLDS])
def test_every_document_of_a_world_is_a_good_one(name: str, world: World) -> None:
    parsers: dict[str, Callable[..., object]] = {
        MANIFEST: parse_manifest,
        CONTRACT: parse_contract,
    }
    for made in world.commits:
        for path, text in made.files.items():
            parsers[path](text.encode(), file=name)
    if world.junit:
        assert isinstance(read_junit(world.junit.encode(), file=name), Evidence)


def test_the_drill_knows_what_the_incident_and_its_kin_taught() -> None:
    drilled = {code for each in EXERCISES for code in each.must}
    assert drilled >= {
        Code.STALE_EDGE, Code.FORMAT_SKEW, Code.PROTOCOL_SKEW, Code.HEADER_LOST_AT_EDGE,
        Code.SUBPROTOCOL_LOST_AT_EDGE, Code.CLOSED_BEFORE_WELCOME, Code.NOT_A_WEBSOCKET,
        Code.HTML_INSTEAD_OF_JSON, Code.EVIDENCE_SKIPPED, Code.PLACEHOLDER_BUILD,
        Code.NOTHING_TO_CHECK, Code.ACCEPTS_ANYTHING, Code.NOT_PROBED, Code.FLAKY_HANDSHAKE,
    }  # fmt: skip
