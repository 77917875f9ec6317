"""What one report gives to tell people of: its causes, the verdict that nobody could give, and what
the survey could not see.

What is masked, let past by an override, or only a notice, is no cause.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from skewcheck.core.findings import Code, Finding, Severity, Verdict
from skewcheck.core.report import Report

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`seen` in so many surveys, and then `missed` in so many, in a row; `told` to people."""

    code: str
    subject: str
    sentence: str
    since: datetime
    fix: str = ""
    channels: tuple[str, ...] = ()
    seen: int = 1
    missed: int = 0
    told: bool = False

    @property
    def key(self) -> Key:
        return self.code, self.subject


def causes_of(report: Report, now: datetime) -> dict[Key, Cause]:
    """Each with the words of its first finding, in the order of the report."""
    found: dict[Key, Cause] = {}
    for finding in _not_allowed(report, Severity.BLOCK):
        cause = Cause(
            code=str(finding.code),
            subject=finding.subject,
            sentence=finding.sentence,
            since=now,
            fix=finding.fix,
            channels=_channels(report, finding.subject),
        )
        found.setdefault(cause.key, cause)
    return found


def unknown_of(report: Report, now: datetime) -> Cause | None:
    """None where the verdict is known."""
    first = next(_not_allowed(report, Severity.UNKNOWN), None)
    if report.verdict is not Verdict.INCONCLUSIVE or first is None:
        return None
    cause = nobody_knows(report.environment, first.sentence, now)
    channels = _channels(report, first.subject)
    return replace(cause, fix=first.fix or cause.fix, channels=channels)


def nobody_knows(environment: str, why: str, now: datetime) -> Cause:
    return Cause(
        code=str(Verdict.INCONCLUSIVE),
        subject=environment,
        sentence=why,
        since=now,
        fix=f"skewcheck status {environment}",
    )


def may_be_there(report: Report, cause: Cause) -> bool:
    """Whether the survey shows it nevertheless (an override lets it past), or did not see all of
    its subject: for a link, of its two sides too."""
    link = report.survey.manifest.links.get(cause.subject)
    sides = (link.client, link.server) if link else ()
    in_doubt = {cause.subject, report.environment, *sides}
    return any(
        (str(each.code), each.subject) == cause.key
        if each.severity is Severity.BLOCK
        else each.severity is Severity.UNKNOWN and each.subject in in_doubt
        for each in report.findings
    )


def _not_allowed(report: Report, severity: Severity) -> Iterator[Finding]:
    allowed = {
        (each.override.finding, each.override.subject)
        for each in report.permissions
        if not each.expired
    }
    for finding in report.findings:
        is_told = finding.severity is severity and finding.code is not Code.MASKED
        if is_told and (str(finding.code), finding.subject) not in allowed:
            yield finding


def _channels(report: Report, subject: str) -> tuple[str, ...]:
    """Of its owner; of both owners of a link."""
    services, link = report.survey.manifest.services, report.survey.manifest.links.get(subject)
    names = (link.client, link.server) if link else (subject,)
    owners = (services[name].owner for name in names if name in services)
    return tuple(dict.fromkeys(owner.slack for owner in owners if owner.slack))
