"""The headline of a report: who breaks whom, since when, whose it is, what mends it, how long.

Pure choice, no layout: every renderer tells the same story first.
"""

from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.findings import Code, Finding, Severity, Verdict
from skewcheck.core.judge.skew import safe_at
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.render.pairs import finding_of
from skewcheck.render.probes import held_words
from skewcheck.render.words import count, moment, tally

SKEW = (Code.PROTOCOL_SKEW, Code.FORMAT_SKEW, Code.LINGERING_CLIENT_SKEW)
_MOST_STEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """`finding` is the one to look at first, None on a pass; `safe` says when waiting is enough."""

    summary: str
    finding: Finding | None = None
    safe: str = ""


def headline(report: Report) -> Headline:
    """Skew before all else: it says who breaks whom, and the rest mostly says why."""
    finding = next(iter(deciding(report)), None)
    if finding is None:
        return Headline(summary=_passed(report))
    summary = tally(report.findings)
    if report.verdict is Verdict.INCONCLUSIVE:
        summary = f"{summary}: nobody can say that it is safe"
    return Headline(summary=summary, finding=finding, safe=_safe(report))


def deciding(report: Report) -> tuple[Finding, ...]:
    """What the verdict rests on, overridden or not; skew first, what is only masked last."""
    grave = (f for f in report.findings if f.severity is not Severity.NOTICE)
    return tuple(sorted(grave, key=_rank))


def pre_existing(report: Report) -> tuple[Finding, ...]:
    return tuple(f for f in report.findings if f.code is Code.PRE_EXISTING)


def notices(report: Report) -> tuple[Finding, ...]:
    """Notices about what is so now, not what was so before."""
    return tuple(
        f
        for f in report.findings
        if f.severity is Severity.NOTICE and f.code is not Code.PRE_EXISTING
    )


def next_steps(report: Report) -> tuple[str, ...]:
    """What to do, the gravest first, each once: the fixes of what blocks, else of the unknown."""
    gravest = Severity.BLOCK if report.verdict is Verdict.BLOCK else Severity.UNKNOWN
    found = (f for f in deciding(report) if f.severity is gravest)
    fixes = (f.fix for f in found if f.fix and f.code is not Code.MASKED)
    return tuple(dict.fromkeys(fixes))[:_MOST_STEPS]


def _rank(finding: Finding) -> tuple[bool, bool, int]:
    order = SKEW.index(finding.code) if finding.code in SKEW else len(SKEW)
    return finding.severity is not Severity.BLOCK, finding.code is Code.MASKED, order


def _passed(report: Report) -> str:
    told = _what_passed(report)
    if before := len(pre_existing(report)):
        told += f"; {count(before, 'finding')} from before, no worse"
    if now := len(notices(report)):
        told += f", {count(now, 'notice')}"
    return told


def _what_passed(report: Report) -> str:
    if report.question is Question.PROBE and report.survey.probes is not None:
        return held_words(report.survey.probes)
    if report.survey.candidates:
        names = [f"{each.service} {each.named[:7]}" for each in report.survey.candidates.values()]
        return f"{' and '.join(names)} may be deployed"
    return "nothing that was looked at blocks" if report.findings else "all fits together"


def _safe(report: Report) -> str:
    """Only what merely lingers ends by itself, and only if nothing else blocks."""
    if report.verdict is not Verdict.BLOCK:
        return ""
    ends = [_ends(report, f) for f in deciding(report) if f.severity is Severity.BLOCK]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return "never by itself"
    return f"by itself after {moment(max(known))}, when the last such client is gone"


def _ends(report: Report, finding: Finding) -> datetime | None:
    for link in report.judgement.matrix:
        for cell in link.cells:
            if finding_of([finding], link, cell) is not None:
                return safe_at(report.survey, link.client, cell)
    return None
