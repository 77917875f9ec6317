"""JUnit: one suite an environment; a case for each service, each pair of a link, each place that
was probed as a browser would, each finding.

Rule of this file: what is unknown is an error, never skipped and never passed; what was checked
and holds is listed too, so that a check that went missing is seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree import ElementTree as Xml

from skewcheck.core.compatibility import Fit
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.render.headline import headline, notices, pre_existing
from skewcheck.render.machine.junit_case import Case, lone_case
from skewcheck.render.machine.junit_probes import probe_cases
from skewcheck.render.machine.observations import rfc3339
from skewcheck.render.pairs import finding_of, who
from skewcheck.render.printable import printable
from skewcheck.render.witnesses import witness_row
from skewcheck.render.words import exit_words, loud_lines, verdict_word

_KINDS = {Severity.BLOCK: "failure", Severity.UNKNOWN: "error"}
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render_junit(reports: Sequence[Report]) -> str:
    root = Xml.Element("testsuites", name="skewcheck")
    root.extend([_suite(report) for report in reports])
    _count(root)
    Xml.indent(root)
    return _XML + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report) -> Xml.Element:
    at = rfc3339(report.at) or ""
    suite = Xml.Element("testsuite", name=printable(report.environment), timestamp=at)
    suite.extend([_element(report, case) for case in _cases(report)])
    _count(suite)
    told = f"{verdict_word(report)} {headline(report).summary} ({exit_words(report)})"
    _child(suite, "system-out", [told, *loud_lines(report)])
    return suite


def _count(element: Xml.Element) -> None:
    for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        element.set(attribute, str(sum(1 for _ in element.iter(tag))))
    if skipped := sum(1 for _ in element.iter("skipped")):
        element.set("skipped", str(skipped))


def _element(report: Report, case: Case) -> Xml.Element:
    group = f"{report.environment}.{case.subject}"
    element = Xml.Element("testcase", classname=printable(group), name=printable(case.name))
    kind = _KINDS.get(case.severity) if case.severity else None
    if case.skipped:
        kind = "skipped"
    if kind is not None:
        child = _child(element, kind, case.lines)
        child.set("type", case.code)
        child.set("message", printable(case.lines[0]))
    else:
        _child(element, "system-out", case.lines)
    return element


def _child(parent: Xml.Element, tag: str, lines: Sequence[str]) -> Xml.Element:
    """XML 1.0 has no way to write a control character, so lines are made printable."""
    child = Xml.SubElement(parent, tag)
    child.text = "\n".join(printable(line) for line in lines)
    return child


def _cases(report: Report) -> Iterator[Case]:
    """What a pair or a probe tells of is not told again as a finding by itself."""
    told: set[Finding] = set()
    for case in (*_pairs(report), *probe_cases(report)):
        told |= {case.finding} if case.finding else set()
        yield case
    looked = () if report.question is Question.PROBE else report.survey.services
    for name in looked:
        yield _looked(report, name)
    for finding in report.findings:
        noted = finding.severity is Severity.NOTICE and finding.subject in looked
        if finding not in told and not noted:
            yield lone_case(report, finding)


def _pairs(report: Report) -> Iterator[Case]:
    for link in report.judgement.matrix:
        for cell in link.cells:
            yield _pair(report, link, cell, finding_of(report.findings, link, cell))


def _pair(report: Report, link: LinkMatrix, cell: Cell, finding: Finding | None) -> Case:
    """Without a finding the cell speaks for itself: what does not fit never passes unsaid."""
    name = f"{link.client} {who(cell.client)} with {link.server} {who(cell.server)}"
    if finding is not None:
        return replace(lone_case(report, finding), subject=link.link, name=name)
    severity = {Fit.YES: None, Fit.NO: Severity.BLOCK, Fit.UNKNOWN: Severity.UNKNOWN}[cell.fit]
    code = str(cell.compatibility.code or Code.MASKED)
    lines = (cell.compatibility.sentence,)
    return Case(subject=link.link, name=name, severity=severity, code=code, lines=lines)


def _looked(report: Report, name: str) -> Case:
    """What every witness said, and what is worth a notice."""
    row = witness_row(report.survey, report.survey.services[name])
    said = [f"{column}: {', '.join(map(str, cell))}" for column, cell in row.items() if cell]
    about = (f for f in (*notices(report), *pre_existing(report)) if f.subject == name)
    noted = [f"{finding.code}: {finding.sentence}" for finding in about]
    lines = (*said, *noted)
    if lines:
        return Case(subject=name, name="looked at", lines=lines)
    code, told = str(Code.NOTHING_TO_CHECK), "nothing about it could be looked at"
    unknown = Severity.UNKNOWN
    return Case(subject=name, name="looked at", severity=unknown, code=code, lines=(told,))
