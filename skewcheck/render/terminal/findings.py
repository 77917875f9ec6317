"""Findings, the gravest first: what, since when, whose, why we say so, and what mends it."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.findings import Finding, Severity
from skewcheck.core.report import Report
from skewcheck.render.terminal.canvas import INDENT, Command, Hanging, row, styled
from skewcheck.render.words import permission_for, since

SEVERITY_STYLES = {
    Severity.BLOCK: "bold red",
    Severity.UNKNOWN: "bold magenta",
    Severity.NOTICE: "cyan",
}


def finding_blocks(report: Report, findings: Sequence[Finding]) -> Iterator[RenderableType]:
    """What decides, each set apart."""
    for number, finding in enumerate(findings):
        if number:
            yield Text()
        yield Hanging(_head(finding))
        if facts := facts_of(report, finding):
            yield Hanging(facts, start=INDENT)
        yield from _reasons(finding)


def notice_lines(report: Report, findings: Sequence[Finding]) -> Iterator[RenderableType]:
    """What does not decide, without gaps."""
    for finding in findings:
        facts = facts_of(report, finding)
        aside = Text.assemble("(", facts, ")", style="dim") if facts else Text()
        yield Hanging(row(_head(finding), aside))
        yield from _reasons(finding)


def brief_findings(findings: Sequence[Finding]) -> Iterator[RenderableType]:
    """One paragraph and the fix each, for what does not decide."""
    for finding in findings:
        yield Hanging(row(finding.subject, finding.sentence), start=2)
        if finding.fix:
            yield Command("fix:", finding.fix, start=2 + INDENT)


def evidence_lines(finding: Finding) -> Iterator[RenderableType]:
    for line in finding.evidence:
        yield Hanging(styled(f"- {line}", "dim"), start=INDENT)


def _reasons(finding: Finding) -> Iterator[RenderableType]:
    yield from evidence_lines(finding)
    if finding.fix:
        yield Command("fix:", finding.fix)


def _head(finding: Finding) -> Text:
    style = SEVERITY_STYLES[finding.severity]
    severity = styled(f"{finding.severity:<7}", style)
    return row(
        severity, styled(finding.code, style), styled(finding.subject, "bold"), finding.sentence
    )


def facts_of(report: Report, finding: Finding) -> Text:
    """Since when, whose, and who lets it past."""
    facts = []
    if finding.since is not None:
        facts.append(styled(f"since {since(finding.since, report.at)}"))
    if finding.owner:
        facts.append(styled(f"owner {finding.owner}"))
    if permission := permission_for(report, finding):
        told = f"let past until {permission.override.until} by {permission.who}"
        facts.append(styled(told, "bold yellow"))
    return Text("; ").join(facts)
