"""Reports for people at a terminal: the verdict first, then what to do, then why."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.findings import Severity
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.render.headline import deciding, headline, next_steps, notices, pre_existing
from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled
from skewcheck.render.terminal.findings import (
    brief_findings,
    evidence_lines,
    finding_blocks,
    notice_lines,
)
from skewcheck.render.terminal.links import link_tables
from skewcheck.render.terminal.probes import probe_tables
from skewcheck.render.terminal.services import service_table
from skewcheck.render.terminal.summary import summary
from skewcheck.render.terminal.verdicts import verdict_text
from skewcheck.render.words import (
    exit_words,
    footer_lines,
    loud_lines,
    moment,
    since,
)


def render_terminal(reports: Sequence[Report], *, width: int, colour: bool) -> str:
    """One report in full; several side by side first, then what was found in each."""
    return paint(_all(reports, width), width=width, colour=colour)


def _all(reports: Sequence[Report], width: int) -> Iterator[RenderableType]:
    if len(reports) > 1:
        yield from summary(reports, width)
    for report in reports:
        if len(reports) > 1:
            yield Text()
        yield from _one(report, width, alone=len(reports) == 1)
    footer = dict.fromkeys(line for report in reports for line in footer_lines(report))
    yield from _section("", (Hanging(styled(line, "dim")) for line in footer))


def _one(report: Report, width: int, *, alone: bool) -> Iterator[RenderableType]:
    yield from _head(report)
    if report.question is Question.GATE:
        yield from _answer(report)
    if report.question is not Question.PROBE:
        yield from _world(report, width, alone=alone)
    if report.survey.probes is not None:
        brief = report.question is not Question.PROBE
        yield from _section("", probe_tables(report.survey.probes, brief=brief))
    yield from _found(report)
    if report.question is not Question.GATE:
        yield from _next(report)


def _world(report: Report, width: int, *, alone: bool) -> Iterator[RenderableType]:
    """What runs, and which pairs fit on paper."""
    brief = report.question is Question.GATE or not alone
    if alone:
        yield from _section("", service_table(report.survey, width))
    yield from _section("", link_tables(report.judgement.matrix, brief=brief))


def _head(report: Report) -> Iterator[RenderableType]:
    word = verdict_text(report)
    told = [headline(report).summary, f"({exit_words(report)})", moment(report.at)]
    yield Hanging(row(word, styled(report.environment, "bold"), *told))
    for line in loud_lines(report):
        yield Hanging(styled(line, "bold yellow"))


def _answer(report: Report) -> Iterator[RenderableType]:
    """The gate's first lines: who breaks whom, since when, whose, what mends it, until when."""
    head = headline(report)
    if head.finding is None:
        return
    finding = head.finding
    is_block = finding.severity is Severity.BLOCK
    told = {
        "breaks" if is_block else "unknown": finding.sentence,
        "since": since(finding.since, report.at) if finding.since else "",
        "owner": finding.owner,
        "safe": head.safe,
    }
    for label, text in told.items():
        if text:
            yield Hanging(row(styled(f"{label:<7}", "dim"), text))
    if finding.fix:
        yield Command(f"{'fix':<8}", finding.fix, start=0)
    yield from evidence_lines(finding)


def _found(report: Report) -> Iterator[RenderableType]:
    """The gate's own headline is not told twice."""
    grave = deciding(report)
    if report.question is Question.GATE:
        grave = grave[1:]
    yield from _section("", finding_blocks(report, grave))
    yield from _section("", notice_lines(report, notices(report)))
    before = "broken before this deploy, which neither adds to it nor worsens it:"
    yield from _section(before, brief_findings(pre_existing(report)))


def _next(report: Report) -> Iterator[RenderableType]:
    steps = (Command("", step, start=2) for step in next_steps(report))
    yield from _section("what to do next:", steps)


def _section(title: str, items: Iterator[RenderableType]) -> Iterator[RenderableType]:
    """A blank line and a title, only where there is something to show."""
    for number, item in enumerate(items):
        if not number:
            yield Text()
            if title:
                yield Hanging(styled(title, "bold"))
        yield item
