"""Records of what a gate said, and of the glass that was broken to get past it."""

from skewcheck.core.audit.records import Record, record
from skewcheck.core.build import BuildSha
from skewcheck.core.findings import Severity
from skewcheck.core.question import BreakGlass
from skewcheck.core.report import Permission, Report
from skewcheck.core.strict_json import Json
from skewcheck.core.survey import Candidate


def gate(report: Report, *, who: str) -> Record:
    """The verdict, what blocks, and all that softened the exit code. Candidates are full commits
    where git knows them."""
    blocks: list[Json] = [
        {"code": str(each.code), "subject": each.subject}
        for each in report.findings
        if each.severity is Severity.BLOCK
    ]
    used: list[Json] = [_permission(each) for each in report.permissions if _is_used(each)]
    return record(
        "gate",
        report.at,
        report.environment,
        who=who,
        verdict=str(report.verdict),
        exit=int(report.exit),
        candidates={name: _build(each) for name, each in report.survey.candidates.items()},
        blocks=blocks,
        overrides=used,
        observing=report.observing_until is not None,
        glass=report.break_glass is not None,
        strict=report.strict,
    )


def break_glass(report: Report, glass: BreakGlass) -> Record:
    candidates: Json = {name: each.named for name, each in report.survey.candidates.items()}
    return record(
        "break-glass",
        report.at,
        report.environment,
        who=glass.who,
        why=glass.why,
        until=glass.until.isoformat(),
        verdict=str(report.verdict),
        candidates=candidates,
    )


def _build(candidate: Candidate) -> str:
    known = candidate.build
    return known.value if isinstance(known, BuildSha) else candidate.named


def _is_used(permission: Permission) -> bool:
    return permission.used and not permission.expired


def _permission(permission: Permission) -> Json:
    override = permission.override
    return {
        "finding": str(override.finding),
        "subject": override.subject,
        "who": permission.who,
        "why": override.reason,
        "until": override.until.isoformat(),
    }
