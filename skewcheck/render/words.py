"""The words that every audience shares: verdicts, exit codes, times, permissions, sources."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from skewcheck.core.findings import Finding, Severity, Verdict
from skewcheck.core.question import Sources
from skewcheck.core.report import EXIT_FOR, Permission, Report

VANTAGE = "one vantage point: users elsewhere may meet another edge cache"
NO_MANIFEST = "no manifest: only what these URLs say of themselves was compared"
SAVED = "saved probes, judged again: neither network nor git nor cloud was asked"


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def since(at: datetime, now: datetime) -> str:
    """`2026-11-22 22:10 UTC, 24 h ago`."""
    return f"{moment(at)}, {span(now - at)} ago" if at <= now else moment(at)


def span(length: timedelta) -> str:
    """The largest unit alone is enough at 2 a.m.: `3 days`, `5 h`, `12 min`."""
    minutes = int(length.total_seconds()) // 60
    if minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)} days"
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def lasting(seconds: float | None, *, at_least: bool = False) -> str:
    """`45 s`, `12 min`, `12 h 4 min`, `2 days 3 h`; None is for ever.

    A bound must stay true: it is rounded up, and down where it is a least.
    """
    if seconds is None:
        return "for ever"
    whole = math.floor if at_least else math.ceil
    if seconds < 2 * 60:
        return f"{whole(seconds)} s"
    if seconds < 48 * 60 * 60:
        return _in_two(whole(seconds / 60), 60, "h", "min")
    return _in_two(whole(seconds / (60 * 60)), 24, "days", "h")


def _in_two(number: int, per: int, big: str, small: str) -> str:
    units = zip(divmod(number, per), (big, small), strict=True)
    return " ".join(f"{many} {unit}" for many, unit in units if many)


def count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def tally(findings: Sequence[Finding]) -> str:
    """`2 findings block, 1 unknown, 3 notices`; empty where there is nothing to count."""
    number = Counter(finding.severity for finding in findings)
    parts = []
    if block := number[Severity.BLOCK]:
        parts.append(f"{count(block, 'finding')} block{'s' if block == 1 else ''}")
    if unknown := number[Severity.UNKNOWN]:
        parts.append(f"{unknown} unknown")
    if notice := number[Severity.NOTICE]:
        parts.append(count(notice, "notice"))
    return ", ".join(parts)


def verdict_word(report: Report) -> str:
    """The verdict is never changed, but while observing it is said in the conditional."""
    word = report.verdict.upper()
    if report.observing_until is None or report.verdict is Verdict.PASS:
        return word
    return "WOULD BLOCK" if report.verdict is Verdict.BLOCK else "WOULD BE INCONCLUSIVE"


def exit_words(report: Report) -> str:
    """`exit 10`, and why, where it is not the verdict's own code."""
    if report.exit is EXIT_FOR[report.verdict]:
        return f"exit {int(report.exit)}"
    return f"exit {int(report.exit)}: {_let_past_by(report)}"


def _let_past_by(report: Report) -> str:
    if report.break_glass is not None:
        return "the glass is broken"
    if report.observing_until is not None:
        return f"observing until {report.observing_until}"
    return "overrides let findings past"


def permission_for(report: Report, finding: Finding) -> Permission | None:
    """The override that lets this finding past today."""
    for permission in report.permissions:
        override = permission.override
        if (override.finding, override.subject) == (str(finding.code), finding.subject):
            return None if permission.expired else permission
    return None


def loud_lines(report: Report) -> Iterator[str]:
    """What softens the exit code, loudest first; said in every report until it expires."""
    if glass := report.break_glass:
        yield (
            f"BREAK-GLASS until {glass.until} by {glass.who}: {glass.why}"
            f" (everything is let past; the verdict stays {report.verdict.upper()})"
        )
    enforce = report.survey.manifest.policy.enforce
    if report.observing_until is not None:
        yield f"OBSERVING until {report.observing_until}: the verdict is not enforced"
    elif enforce.mode == "observe":
        yield f"OBSERVING ENDED on {enforce.until}: the verdict is enforced"
    for permission in report.permissions:
        yield _permission(permission)


def _permission(permission: Permission) -> str:
    override = permission.override
    what = f"{override.finding} on {override.subject} until {override.until}"
    why = f"by {permission.who}: {override.reason}"
    if permission.expired:
        return f"OVERRIDE EXPIRED {what} {why} (it lets nothing past; remove it)"
    met = "" if permission.used else " (meets no finding now)"
    return f"OVERRIDE {what} {why}{met}"


def source_lines(sources: Sources | None) -> Iterator[str]:
    """Where promises and rules came from."""
    if sources is None:
        yield NO_MANIFEST
        return
    where = f" at {sources.ref}" if sources.ref else ""
    commit = f" ({sources.commit.short})" if sources.commit else ""
    told = f"promises from {sources.file}{where}{commit}"
    if sources.policy_ref:
        rules = f" ({sources.policy_commit.short})" if sources.policy_commit else ""
        told += f", policy and overrides from {sources.policy_ref}{rules}"
    yield told
    yield from sources.notes


def looked_from_outside(report: Report) -> bool:
    """Whether anything was read or opened as a user would get it."""
    seen, probes = report.survey.services.values(), report.survey.probes
    if any(service.edge is not None or service.page is not None for service in seen):
        return True
    links = probes.links if probes is not None else ()
    return any(each.target.place == "edge" for link in links for each in link.probed)


def footer_lines(report: Report) -> Iterator[str]:
    """A report without manifest that has probes comes out of a file."""
    if report.sources is None and report.survey.probes is not None:
        yield SAVED
    else:
        yield from source_lines(report.sources)
    if looked_from_outside(report):
        yield VANTAGE
    if report.versions:
        yield ", ".join(f"{name} {version}" for name, version in report.versions.items())
