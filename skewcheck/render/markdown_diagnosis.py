"""Diagnoses as Markdown, for an issue or a post-mortem; everything from outside is escaped."""

from collections.abc import Iterator, Sequence

from skewcheck.core.diagnosis.values import Diagnosis, Why
from skewcheck.core.report import Report
from skewcheck.render.diagnosed import cause_words, exit_of, holds_words, is_well, remaining
from skewcheck.render.markdown import escape, fenced, probe_lines
from skewcheck.render.words import footer_lines, loud_lines, moment


def render_diagnosis_markdown(report: Report, diagnoses: Sequence[Diagnosis]) -> str:
    """One section for each link, then all probes."""
    return "\n".join(_lines(report, diagnoses)) + "\n"


def _lines(report: Report, diagnoses: Sequence[Diagnosis]) -> Iterator[str]:
    for diagnosis in diagnoses:
        yield from _head(report, diagnosis)
        yield from _well(report, diagnosis) if is_well(diagnosis) else _chain(diagnosis)
        yield from _list("Log", diagnosis.logs)
        if diagnosis.next:
            yield f"\nWhat to do next:\n\n{fenced(diagnosis.next)}"
        yield ""
    yield from probe_lines(report, brief=False)
    yield ""
    yield from (f"<sub>{escape(line)}</sub><br>" for line in footer_lines(report))


def _head(report: Report, diagnosis: Diagnosis) -> Iterator[str]:
    parties = f"{diagnosis.link}: {diagnosis.client} → {diagnosis.server}"
    yield f"## {diagnosis.verdict.upper()}: {escape(report.environment)}, {escape(parties)}"
    yield f"\n(exit {int(exit_of(diagnosis))}), {moment(report.at)}"
    for line in loud_lines(report):
        yield f"\n> **{escape(line)}**"
    yield ""


def _well(report: Report, diagnosis: Diagnosis) -> Iterator[str]:
    yield f"- **Holds**: {escape(holds_words(report, diagnosis))}"
    for finding in diagnosis.findings:
        subject, sentence = escape(finding.subject), escape(finding.sentence)
        yield f"- **Notice** `{finding.code}` {subject}: {sentence}"


def _chain(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.symptom is not None:
        yield from _why("Symptom", diagnosis.symptom)
    for why in diagnosis.whys:
        yield from _why("Why", why)
    if len(diagnosis.causes) == 1:
        cause = diagnosis.causes[0]
        owner = f" (owner {escape(cause.owner)})" if cause.owner else ""
        yield f"- **Cause**: **{escape(cause_words(cause))}**{owner}"
    else:
        yield from _list("Cannot tell; what remains", remaining(diagnosis))
    yield from _list("It is not", diagnosis.excluded)
    yield from _list("Hidden", diagnosis.masked)


def _why(label: str, why: Why) -> Iterator[str]:
    yield f"- **{label}**: {escape(why.told)}"
    yield from (f"  - {escape(line)}" for line in why.evidence)


def _list(label: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"- **{label}**:"
    yield from (f"  - {escape(line)}" for line in lines)
