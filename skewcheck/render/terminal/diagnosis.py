"""A diagnosis on one screen: the symptom, each why below it, the cause, and the next command.

Evidence and log lines are cut to what the screen holds; JSON and Markdown have them all.
"""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.diagnosis.values import Cause, Diagnosis, Why
from skewcheck.core.findings import Finding
from skewcheck.core.report import Report
from skewcheck.render.diagnosed import (
    cause_words,
    exit_of,
    holds_words,
    is_well,
    remaining,
    was_opened,
)
from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled
from skewcheck.render.terminal.verdicts import VERDICT_STYLES
from skewcheck.render.words import VANTAGE, looked_from_outside, loud_lines, moment

_TOLD_AT = 9
_BULLET = 2
_LEAST_ROOM = 20
_SCREEN = 24
_MOST_EVIDENCE = {"symptom": 2, "why": 1}


def render_diagnosis(
    report: Report, diagnoses: Sequence[Diagnosis], *, width: int, colour: bool
) -> str:
    """One screen for each link."""
    return paint(_all(report, diagnoses, width), width=width, colour=colour)


def _all(report: Report, diagnoses: Sequence[Diagnosis], width: int) -> Iterator[RenderableType]:
    for number, diagnosis in enumerate(diagnoses):
        if number:
            yield Text()
        yield from _one(report, diagnosis, width)
    if looked_from_outside(report):
        yield Hanging(styled(VANTAGE, "dim"))


def _one(report: Report, diagnosis: Diagnosis, width: int) -> Iterator[RenderableType]:
    """The log gets the lines that the rest, and the footer, leave of the screen."""
    told = [*_head(report, diagnosis)]
    told += _well(report, diagnosis) if is_well(diagnosis) else _chain(diagnosis)
    after = list(_next(diagnosis))
    used = paint([*told, *after], width=width, colour=False).count("\n") + 1
    yield from told
    yield from _logs(diagnosis, max(_SCREEN - used, 1), max(width - _TOLD_AT, _LEAST_ROOM))
    yield from after


def _head(report: Report, diagnosis: Diagnosis) -> Iterator[RenderableType]:
    word = styled(diagnosis.verdict.upper(), VERDICT_STYLES[diagnosis.verdict])
    who = f"{diagnosis.link}: {diagnosis.client} → {diagnosis.server}"
    told = [who, f"(exit {int(exit_of(diagnosis))})", moment(report.at)]
    yield Hanging(row(word, styled(report.environment, "bold"), *told))
    for line in loud_lines(report):
        yield Hanging(styled(line, "bold yellow"))


def _well(report: Report, diagnosis: Diagnosis) -> Iterator[RenderableType]:
    style = "green" if was_opened(report, diagnosis) else ""
    yield _labelled("holds", styled(holds_words(report, diagnosis), style))
    for finding in diagnosis.findings:
        yield _labelled("notice", styled(_brief(finding)))


def _brief(finding: Finding) -> str:
    return f"{finding.code} {finding.subject}: {finding.sentence}"


def _chain(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    if diagnosis.symptom is not None:
        yield from _why("symptom", diagnosis.symptom)
    for why in diagnosis.whys:
        yield from _why("why", why)
    if len(diagnosis.causes) == 1:
        yield _cause(diagnosis.causes[0])
    else:
        what = "which of these it is" if diagnosis.causes else "while this is unknown"
        yield Hanging(styled(f"cannot tell {what}:", "bold"))
        yield from _bullets("", remaining(diagnosis))
    yield from _bullets("not", diagnosis.excluded)
    if diagnosis.masked:
        yield _labelled("hidden", styled(", ".join(diagnosis.masked)))


def _why(label: str, why: Why) -> Iterator[RenderableType]:
    yield _labelled(label, styled(why.told))
    yield from _bullets("", why.evidence[: _MOST_EVIDENCE[label]])


def _cause(cause: Cause) -> Hanging:
    owner = styled(f"owner {cause.owner}", "dim") if cause.owner else Text()
    return _labelled("cause", row(styled(cause_words(cause), "bold"), owner))


def _labelled(label: str, told: Text, *, hang: int = _TOLD_AT) -> Hanging:
    return Hanging(Text.assemble((f"{label:<{_TOLD_AT}}", "dim"), told), hang=hang)


def _bullets(label: str, lines: Sequence[str]) -> Iterator[RenderableType]:
    """The label stands before the first of them."""
    for line in lines:
        yield _labelled(label, styled(f"- {line}"), hang=_TOLD_AT + _BULLET)
        label = ""


def _logs(diagnosis: Diagnosis, lines: int, columns: int) -> Iterator[RenderableType]:
    """One line each: the log itself is a command away."""
    shown = diagnosis.logs[:lines]
    label = "log" if shown == diagnosis.logs else f"log {lines}/{len(diagnosis.logs)}"
    for line in shown:
        told = styled(line)
        told.truncate(columns, overflow="ellipsis")
        yield _labelled(label, told)
        label = ""


def _next(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    label = f"{'next':<{_TOLD_AT - 1}}"
    for step in diagnosis.next:
        yield Command(label, step, start=0) if label else Command("", step, start=_TOLD_AT)
        label = ""
