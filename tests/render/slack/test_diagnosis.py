"""Diagnoses link by link."""

from dataclasses import replace

from inline_snapshot import snapshot

from skewcheck.core.diagnosis.values import Diagnosis
from skewcheck.render.slack.diagnosis import render_diagnoses
from tests.builders import NOW, finding, manifest, report, survey
from tests.render.hostile_parts import hostile_diagnosis, hostile_findings
from tests.slack_blocks import wrong_with
from tests.slack_fakes import read

WELL = Diagnosis(link="chat", client="frontend", server="backend", findings=())


def test_what_holds_is_told_as_holding() -> None:
    assert read(render_diagnoses(report(), [WELL])) == snapshot("""\
PASS: staging, chat: frontend → backend
Holds
every witness that was asked for; no handshake was made
looked at 2026-11-23 22:10 UTC\
""")


def test_the_chain_goes_from_the_symptom_to_the_cause() -> None:
    told = hostile_diagnosis("one", "two", *hostile_findings("one", "two"))
    assert read(render_diagnoses(report(), [told])) == snapshot("""\
BLOCK: staging, one: two → one
Symptom: one
two
one
Why: one
two
one
Cause: stale-edge: two (owner one)
It is not
one
two
Hidden
two
one
What to do next
two
one
looked at 2026-11-23 22:10 UTC\
""")


def test_several_causes_are_what_remains() -> None:
    told = hostile_diagnosis("one", "two", finding())
    cause = told.causes[0]
    many = replace(told, symptom=None, causes=(replace(cause, owner=""), cause), masked=())
    assert "Cannot tell; what remains" in read(render_diagnoses(report(), [many]))
    one = replace(many, causes=many.causes[:1])
    assert "Cause: stale-edge: two\n" in read(render_diagnoses(report(), [one]))


def test_observing_is_said_first() -> None:
    rules = manifest(policy={"enforce": {"mode": "observe", "until": "2026-12-31"}})
    told = read(render_diagnoses(report(survey(manifest=rules)), [WELL]))
    assert told.startswith("OBSERVING until 2026-12-31")


def test_what_services_wrote_is_shown_and_never_obeyed() -> None:
    told = hostile_diagnosis("<!channel>\n", "<@U012AB>", *hostile_findings("a", "b"))
    made = render_diagnoses(report(at=NOW), [told] * 9)
    assert wrong_with({"text": made.text, "blocks": list(made.blocks)}) == ""
    assert "<" not in made.text
    assert "user_id" not in str(made.blocks)
