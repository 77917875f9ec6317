"""Reports as Markdown, for job summaries and comments on a change.

Every text from outside is escaped: no table is broken, no HTML runs, nobody is mentioned.
"""

import re
from collections.abc import Iterator, Sequence

from skewcheck.core.findings import Finding
from skewcheck.core.matrix import LinkMatrix
from skewcheck.core.probed.probes import LinkProbe
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.core.survey import Survey
from skewcheck.render.headline import deciding, headline, next_steps, notices, pre_existing
from skewcheck.render.pairs import pairs_of
from skewcheck.render.printable import printable
from skewcheck.render.probes import asides, counted_words, probe_rows
from skewcheck.render.witnesses import COLUMNS, legend, witness_row
from skewcheck.render.words import (
    exit_words,
    footer_lines,
    loud_lines,
    moment,
    permission_for,
    since,
    verdict_word,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~&$])")
# A backslash is gone before mentions and references are looked for; a comment keeps them apart.
_REFERENCE = re.compile(r"([@#])(?=\w)")
_BACKTICKS = re.compile("`+")


def render_markdown(reports: Sequence[Report]) -> str:
    return "\n\n".join("\n".join(_lines(report)) for report in reports) + "\n"


def escape(text: str) -> str:
    """As plain words, wherever in a paragraph or a table they stand."""
    return _REFERENCE.sub(r"\1<!-- -->", _SPECIAL.sub(r"\\\1", printable(text)))


def fenced(lines: Sequence[str]) -> str:
    """A block of code whose fence is longer than any run of backticks within."""
    text = "\n".join(printable(line) for line in lines)
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sh\n{text}\n{fence}"


def _lines(report: Report) -> Iterator[str]:
    yield f"## {verdict_word(report)}: {escape(report.environment)}"
    yield ""
    yield f"**{escape(headline(report).summary)}** ({exit_words(report)}), {moment(report.at)}"
    for line in loud_lines(report):
        yield f"\n> **{escape(line)}**"
    yield from _answer(report)
    if report.question is not Question.PROBE:
        yield from _services(report.survey)
        for link in report.judgement.matrix:
            yield from _link(link)
    yield from probe_lines(report, brief=report.question is not Question.PROBE)
    yield from _findings("Findings", report, deciding(report))
    yield from _findings("Notices", report, notices(report))
    yield from _findings(
        "Broken before this deploy, no worse after it", report, pre_existing(report)
    )
    yield ""
    yield from (f"<sub>{escape(line)}</sub><br>" for line in footer_lines(report))


def _answer(report: Report) -> Iterator[str]:
    head = headline(report)
    if head.finding is not None:
        yield f"\n{_sentence(report, head.finding)}"
    if head.safe:
        yield f"\nSafe: {escape(head.safe)}."
    if steps := next_steps(report):
        yield f"\nWhat to do next:\n\n{fenced(steps)}"


def _services(survey: Survey) -> Iterator[str]:
    rows = {name: witness_row(survey, service) for name, service in survey.services.items()}
    columns = [column for column in COLUMNS if any(row[column] for row in rows.values())]
    if not rows:
        return
    yield from _table_head(["service", *columns])
    for name, row in rows.items():
        cells = ["<br>".join(escape(str(seen)) for seen in row[column]) for column in columns]
        yield _table_row([f"**{escape(name)}**", *cells])
    if signs := legend(rows.values()):
        yield f"\n{escape(signs)}"


def _link(link: LinkMatrix) -> Iterator[str]:
    yield from _table_head([escape(link.link), escape(link.client), escape(link.server), "why"])
    for pair in pairs_of(link):
        yield _table_row(
            [pair.word, escape(pair.client), escape(pair.server), escape(pair.sentence)]
        )


def probe_lines(report: Report, *, brief: bool) -> Iterator[str]:
    """A table for each link that was probed; nothing where nobody asked for probes."""
    probes = report.survey.probes
    for link in probes.links if probes else ():
        yield from _probed(link, brief=brief)
        if not brief:
            yield from _asides(link)


def _probed(link: LinkProbe, *, brief: bool) -> Iterator[str]:
    rows = list(probe_rows(link, brief=brief))
    if not rows:
        yield f"\n**{escape(link.link)}**: {counted_words(link)}"
        return
    counted = counted_words(link)
    yield from _table_head([escape(link.link), counted, "where", "in", "as", "what was seen"])
    for each in rows:
        told = [each.place, each.format, each.variant or "a browser", each.told]
        yield _table_row([each.word, each.counted, *map(escape, told)])


def _asides(link: LinkProbe) -> Iterator[str]:
    for number, aside in enumerate(asides(link)):
        yield f"{'' if number else chr(10)}- {aside.label}: {escape(aside.told)}"


def _table_head(titles: Sequence[str]) -> Iterator[str]:
    yield ""
    yield _table_row(titles)
    yield _table_row(["---"] * len(titles))


def _table_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _findings(title: str, report: Report, findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield f"\n### {title}\n"
    for finding in findings:
        yield f"- {_sentence(report, finding)}"
        yield from (f"  - {escape(line)}" for line in finding.evidence)
        if finding.fix:
            block = fenced([finding.fix]).replace("\n", "\n  ")
            yield f"\n  {block}\n"


def _sentence(report: Report, finding: Finding) -> str:
    told = f"**{finding.severity}** `{finding.code}` **{escape(finding.subject)}**"
    told += f" {escape(finding.sentence)}"
    facts = [f"since {since(finding.since, report.at)}"] if finding.since else []
    facts += [f"owner {escape(finding.owner)}"] if finding.owner else []
    if permission := permission_for(report, finding):
        who = escape(permission.who)
        facts.append(f"let past until {permission.override.until} by {who}")
    return f"{told} ({'; '.join(facts)})" if facts else told
