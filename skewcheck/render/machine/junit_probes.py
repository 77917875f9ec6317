"""JUnit cases of probes: one for each format at each place, as a browser would speak there.

A failure takes the severity of the finding that tells of it; one that no finding rests on, made
only to compare, is skipped: it neither passed nor failed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from skewcheck.core.findings import Finding
from skewcheck.core.judge.probe_causes import find_cause
from skewcheck.core.probed.probes import LinkProbe, Probed
from skewcheck.core.report import Report
from skewcheck.core.wire.script import AS_A_BROWSER
from skewcheck.render.machine.junit_case import Case, lone_case
from skewcheck.render.probes import broken_with, probe_told


def probe_cases(report: Report) -> Iterator[Case]:
    """None where nothing was probed: why not is a finding, and a case by itself."""
    probes = report.survey.probes
    for link in probes.links if probes else ():
        for probed in link.of(variant=AS_A_BROWSER):
            yield _case(report, link, probed)


def _case(report: Report, link: LinkProbe, probed: Probed) -> Case:
    counted = f"{probed.held} of {len(probed.transcripts)} handshakes hold"
    plain = Case(
        subject=f"probe.{link.link}",
        name=f"{probed.format} at {probed.target}",
        lines=(f"{probed.state}: {probe_told(probed)}", counted),
    )
    if probed.state == "holds":
        return plain
    finding = _finding_of(report.findings, link, probed)
    if finding is None:
        lines = (*plain.lines, "only compared with others: no verdict rests on it")
        return replace(plain, skipped=True, lines=lines)
    lone = lone_case(report, finding)
    lines = (*plain.lines, *lone.lines)
    return replace(lone, subject=plain.subject, name=plain.name, lines=lines)


def _finding_of(findings: Iterable[Finding], link: LinkProbe, probed: Probed) -> Finding | None:
    broken = broken_with(link, probed)
    if broken is None:
        return None
    told = find_cause(link, broken).sentence
    about = (finding for finding in findings if finding.subject == link.link)
    return next((finding for finding in about if finding.sentence.endswith(told)), None)
