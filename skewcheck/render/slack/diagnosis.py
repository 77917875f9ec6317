"""Diagnoses: the symptom, each why below it, and the cause, link by link."""

from collections.abc import Iterator, Sequence

from skewcheck.core.diagnosis.values import Diagnosis, Why
from skewcheck.core.report import Report
from skewcheck.core.slack.message import JsonObject, Message
from skewcheck.render.diagnosed import cause_words, holds_words, is_well, remaining
from skewcheck.render.slack.blocks import bullets, commands, header, message, note, paragraph, words
from skewcheck.render.words import loud_lines, moment


def render_diagnoses(report: Report, diagnoses: Sequence[Diagnosis]) -> Message:
    told = ", ".join(f"{each.verdict.upper()}: {each.link}" for each in diagnoses)
    return message(f"{report.environment}: {told}", _blocks(report, diagnoses))


def _blocks(report: Report, diagnoses: Sequence[Diagnosis]) -> Iterator[JsonObject]:
    for line in loud_lines(report):
        yield paragraph(words(line, bold=True))
    for diagnosis in diagnoses:
        parties = f"{diagnosis.link}: {diagnosis.client} → {diagnosis.server}"
        yield header(f"{diagnosis.verdict.upper()}: {report.environment}, {parties}")
        if is_well(diagnosis):
            yield bullets("Holds", [holds_words(report, diagnosis), *_notices(diagnosis)])
        else:
            yield from _chain(diagnosis)
        if diagnosis.next:
            yield commands("What to do next", diagnosis.next)
    yield note(f"looked at {moment(report.at)}")


def _notices(diagnosis: Diagnosis) -> list[str]:
    return [f"notice {each.code} {each.subject}: {each.sentence}" for each in diagnosis.findings]


def _chain(diagnosis: Diagnosis) -> Iterator[JsonObject]:
    if diagnosis.symptom is not None:
        yield bullets(f"Symptom: {diagnosis.symptom.told}", _evidence(diagnosis.symptom))
    for why in diagnosis.whys:
        yield bullets(f"Why: {why.told}", _evidence(why))
    if len(diagnosis.causes) == 1:
        cause = diagnosis.causes[0]
        owner = f" (owner {cause.owner})" if cause.owner else ""
        yield paragraph(words("Cause: ", bold=True), words(f"{cause_words(cause)}{owner}"))
    else:
        yield from _list("Cannot tell; what remains", remaining(diagnosis))
    yield from _list("It is not", diagnosis.excluded)
    yield from _list("Hidden", diagnosis.masked)


def _evidence(why: Why) -> Sequence[str]:
    return why.evidence


def _list(title: str, lines: Sequence[str]) -> Iterator[JsonObject]:
    if lines:
        yield bullets(title, lines)
