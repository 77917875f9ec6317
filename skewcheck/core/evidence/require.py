"""Do test reports prove what is required of the builds under examination?

What they leave open is told, never passed over. A test that passed only when it was tried again
counts as passed: whoever lets tests run again has decided so.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from skewcheck.core.build import BuildSha
from skewcheck.core.evidence.case import Case, Evidence, EvidenceUnreadable, Report
from skewcheck.core.evidence.commits import RECORD, judge_commits
from skewcheck.core.evidence.finding import EvidenceFinding, first_few
from skewcheck.core.evidence.gone import judge_gone
from skewcheck.core.evidence.names import label, means, near_miss
from skewcheck.core.findings import Code
from skewcheck.core.remote_text import shorten

_Match: TypeAlias = tuple[str, Case]  # the file, and what it tells
_RUN_THEM = "run the tests and hand over the report that they write: --junit-xml with pytest"
_ANOTHER = "hand over an earlier report that can be read"


def judge_evidence(
    reports: Sequence[Report],
    *,
    required: Sequence[str],
    builds: Sequence[BuildSha],
    previous: Sequence[Report] = (),
) -> tuple[EvidenceFinding, ...]:
    """All that is wrong with the reports, then with each required test, then what is gone.

    `builds` are those that the reports must be about. `previous` are earlier reports.
    """
    readable = [report for report in reports if isinstance(report, Evidence)]
    earlier = [report for report in previous if isinstance(report, Evidence)]
    found = [finding for report in reports for finding in _judge_report(report, builds)]
    unread = (each for each in previous if isinstance(each, EvidenceUnreadable))
    found += [_unreadable(each, _ANOTHER) for each in unread]
    for name in dict.fromkeys(required):
        found += _judge_required(name, readable, [report.file for report in reports])
    # What stands in a report that nobody can read is not known to be gone.
    if len(readable) == len(reports):
        found += judge_gone(readable, earlier)
    return tuple(found)


def _judge_report(report: Report, builds: Sequence[BuildSha]) -> Iterator[EvidenceFinding]:
    if isinstance(report, EvidenceUnreadable):
        yield _unreadable(report, _RUN_THEM)
    elif not report.cases:
        told = f"{report.file} tells of no test"
        yield EvidenceFinding(code=Code.EVIDENCE_MISSING, sentence=told, fix=_RUN_THEM)
    else:
        yield from judge_commits(report, builds)


def _unreadable(report: EvidenceUnreadable, fix: str) -> EvidenceFinding:
    told = f"{report.file} cannot be read: {report.why}"
    return EvidenceFinding(code=Code.EVIDENCE_MISSING, sentence=told, fix=fix)


def _judge_required(
    name: str, reports: Sequence[Evidence], files: Sequence[str]
) -> Iterator[EvidenceFinding]:
    """Every test that the name means must be fine."""
    matches = [(each.file, case) for each in reports for case in each.cases if means(name, case)]
    if not matches:
        near = near_miss(name, (case for report in reports for case in report.cases))
        told = f"{shorten(name)} is required and is not in {', '.join(files) or 'any report'}"
        fix = "run it, or correct --require"
        yield EvidenceFinding(code=Code.EVIDENCE_MISSING, sentence=told + near, fix=fix)
    yield from _failed(name, [each for each in matches if each[1].state == "failed"])
    yield from _idle(name, [each for each in matches if each[1].state in {"skipped", "disabled"}])
    passed = [each for each in matches if each[1].state == "ran"]
    yield from _empty(name, [each for each in passed if each[1].assertions == 0])
    named = {report.file for report in reports if report.commits}
    yield from _of_no_commit(
        name, [each for each in passed if not each[1].commits and each[0] in named]
    )


def _failed(name: str, matches: Sequence[_Match]) -> Iterator[EvidenceFinding]:
    if matches:
        fix = "mend what it tests, then run it again"
        yield _told(Code.EVIDENCE_FAILED, name, matches, "failed", fix)


def _idle(name: str, matches: Sequence[_Match]) -> Iterator[EvidenceFinding]:
    if matches:
        did = f"was {matches[0][1].state}"
        yield _told(Code.EVIDENCE_SKIPPED, name, matches, did, "enable it and run it again")


def _empty(name: str, matches: Sequence[_Match]) -> Iterator[EvidenceFinding]:
    if matches:
        did = "ran, and by its own report checked nothing"
        yield _told(Code.EVIDENCE_MISSING, name, matches, did, "give it something to assert")


def _of_no_commit(name: str, matches: Sequence[_Match]) -> Iterator[EvidenceFinding]:
    """Reports that are merged may name a commit in one suite and none in the next."""
    if matches:
        did = "stands in a suite that does not say which commit it tested"
        yield _told(Code.EVIDENCE_STALE, name, matches, did, RECORD)


def _told(code: Code, name: str, matches: Sequence[_Match], did: str, fix: str) -> EvidenceFinding:
    file, first = matches[0]
    more = f" (and {len(matches) - 1} more of {shorten(name)})" if len(matches) > 1 else ""
    why = f": {first.why}" if first.why else ""
    lines = [f"{label(case)} in {each}: {case.why or did}" for each, case in matches]
    return EvidenceFinding(
        code=code,
        sentence=f"{label(first)} of {file} {did}{more}{why}",
        evidence=first_few(lines) if more else (),
        fix=fix,
    )
