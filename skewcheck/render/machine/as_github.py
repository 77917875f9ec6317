"""GitHub's workflow commands: one annotation a finding, then the verdict as the last line.

Unknown is an error as well; what a person or observe mode lets past is a warning.
"""

from collections.abc import Iterator, Sequence

from skewcheck.core.findings import Finding, Severity
from skewcheck.core.report import Report
from skewcheck.render.headline import deciding, headline, notices, pre_existing
from skewcheck.render.printable import printable
from skewcheck.render.words import (
    exit_words,
    loud_lines,
    moment,
    permission_for,
    since,
    verdict_word,
)


def render_github(reports: Sequence[Report]) -> str:
    return "".join(f"{line}\n" for report in reports for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for finding in (*deciding(report), *notices(report), *pre_existing(report)):
        title = f"{finding.code} on {finding.subject} ({report.environment})"
        yield command(_level(report, finding), title, _message(report, finding))
    for line in loud_lines(report):
        yield command("warning", f"skewcheck {report.environment}", [line])
    told = f"{verdict_word(report)}  {report.environment}  {headline(report).summary}"
    yield _plain(f"{told}  ({exit_words(report)})  {moment(report.at)}")


def command(level: str, title: str, message: Sequence[str]) -> str:
    """Escaped as the runner unescapes: line ends in the message; `:` and `,` in the title too."""
    text = "%0A".join(_escaped(line) for line in message)
    name = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{text}"


def _escaped(text: str) -> str:
    return printable(text).replace("%", "%25")


def _plain(text: str) -> str:
    """`##[` starts a command of the older kind anywhere in a line."""
    return printable(text).replace("##[", "# #[")


def _level(report: Report, finding: Finding) -> str:
    if finding.severity is Severity.NOTICE:
        return "notice"
    softened = report.break_glass or report.observing_until or permission_for(report, finding)
    return "warning" if softened else "error"


def _message(report: Report, finding: Finding) -> list[str]:
    lines = [finding.sentence, *finding.evidence]
    lines += [f"since {since(finding.since, report.at)}"] if finding.since else []
    lines += [f"owner {finding.owner}"] if finding.owner else []
    return lines + ([f"fix: {finding.fix}"] if finding.fix else [])
