"""What the newest survey said, as far as Slack tells it: read from its JSON document, schema 1."""

from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.findings import Severity, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFinding:
    code: str
    subject: str
    severity: Severity
    sentence: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenHeadline:
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenReport:
    verdict: Verdict
    headline: SeenHeadline
    findings: tuple[SeenFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`report` is None before the first survey that came about; `trouble` says why the newest did
    not, and then the report is old."""

    at: datetime
    report: SeenReport | None = None
    trouble: str = ""
