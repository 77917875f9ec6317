"""One case of a JUnit suite, and how a finding becomes one."""

from dataclasses import dataclass

from skewcheck.core.findings import Finding, Severity
from skewcheck.core.report import Report
from skewcheck.render.machine.observations import rfc3339
from skewcheck.render.words import permission_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`severity` None or notice is a pass; `lines` say why, or what was looked at.

    `skipped` is for what no verdict rests on; `finding` is the one that the case tells of.
    """

    subject: str
    name: str
    severity: Severity | None = None
    code: str = ""
    lines: tuple[str, ...] = ()
    skipped: bool = False
    finding: Finding | None = None


def lone_case(report: Report, finding: Finding) -> Case:
    """A finding that no other case tells of."""
    lines = [finding.sentence, *finding.evidence]
    lines += [f"since {rfc3339(finding.since)}"] if finding.since else []
    lines += [f"owner {finding.owner}"] if finding.owner else []
    lines += [f"fix: {finding.fix}"] if finding.fix else []
    if permission := permission_for(report, finding):
        lines.append(f"let past until {permission.override.until} by {permission.who}")
    return Case(
        subject=finding.subject,
        name=str(finding.code),
        severity=finding.severity,
        code=str(finding.code),
        lines=tuple(lines),
        finding=finding,
    )
