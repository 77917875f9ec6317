"""How a finding is made: severity from the one table unless the policy says, and the owner."""

from collections.abc import Iterable
from datetime import datetime

from skewcheck.core.findings import RULES, Code, Finding, Severity
from skewcheck.core.manifest import Policy
from skewcheck.core.reading import Unreadable
from skewcheck.core.survey import Survey


def found(  # noqa: PLR0913 - keyword-only past the sentence, each one field of a finding
    survey: Survey,
    code: Code,
    subject: str,
    sentence: str,
    *,
    evidence: Iterable[str] = (),
    since: datetime | None = None,
    fix: str = "",
) -> Finding:
    """`subject` is a service, a link or the environment; its owner comes from the manifest."""
    return Finding(
        code=code,
        subject=subject,
        severity=severity_of(code, survey.manifest.policy),
        sentence=sentence,
        evidence=tuple(evidence),
        since=since,
        owner=survey.manifest.owner_of(subject),
        fix=fix,
    )


def severity_of(code: Code, policy: Policy) -> Severity:
    """The table's severity, unless the table names a policy key that says otherwise."""
    rule = RULES[code]
    return Severity(getattr(policy, rule.policy)) if rule.policy else rule.severity


def unread(survey: Survey, subject: str, what: str, reading: Unreadable) -> Finding:
    """A witness that brought nothing back, with the cause it gave."""
    return found(
        survey,
        reading.cause,
        subject,
        f"{what}: {reading.detail}",
        evidence=(f"{what} read at {reading.url}",) if reading.url else (),
        fix=reading.fix,
    )
