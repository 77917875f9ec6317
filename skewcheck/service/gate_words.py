"""The gate's answer in a few lines, as Flagger shows it in its events."""

from collections.abc import Iterator

from skewcheck.core.report import Report
from skewcheck.render.headline import deciding, headline, next_steps
from skewcheck.render.printable import printable
from skewcheck.render.words import exit_words, loud_lines, verdict_word

_MOST_FINDINGS = 5


def gate_text(report: Report) -> str:
    """The verdict, what it rests on, and what mends it; the gravest first."""
    return "".join(f"{printable(line)}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    summary = headline(report).summary
    yield f"{verdict_word(report)}: {report.environment}: {summary} ({exit_words(report)})"
    yield from loud_lines(report)
    found = deciding(report)
    for finding in found[:_MOST_FINDINGS]:
        yield f"{finding.severity} {finding.code} {finding.subject}: {finding.sentence}"
    if len(found) > _MOST_FINDINGS:
        yield f"and {len(found) - _MOST_FINDINGS} more: ask with Accept: application/json"
    for step in next_steps(report):
        yield f"next: {step}"
