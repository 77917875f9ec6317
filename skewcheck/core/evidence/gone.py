"""Tests that ran in earlier reports and no longer do: a suite must not turn green by shrinking."""

from collections.abc import Iterator, Sequence

from skewcheck.core.evidence.case import Case, Evidence, worst_of_each
from skewcheck.core.evidence.finding import EvidenceFinding, first_few
from skewcheck.core.evidence.names import label
from skewcheck.core.findings import Code

_RAN = ("ran", "failed")


def judge_gone(now: Sequence[Evidence], before: Sequence[Evidence]) -> Iterator[EvidenceFinding]:
    """One finding for them all; a test that failed ran."""
    found = {case.id: case.state for case in _cases(now)}
    gone = [
        (label(case), found.get(case.id, "absent"))
        for case in _cases(before)
        if case.state in _RAN and found.get(case.id) not in _RAN
    ]
    if gone:
        files = ", ".join(each.file for each in before)
        many = "1 test" if len(gone) == 1 else f"{len(gone)} tests"
        run = "runs" if len(gone) == 1 else "run"
        more = f" and {len(gone) - 3} more" if len(gone) > 3 else ""
        named = ", ".join(name for name, _ in gone[:3])
        yield EvidenceFinding(
            code=Code.TESTS_GONE,
            sentence=f"{many} of {files} no longer {run}: {named}{more}",
            evidence=first_few([f"{name}: {became}" for name, became in gone]),
            fix="enable them, or remove them on purpose",
        )


def _cases(reports: Sequence[Evidence]) -> tuple[Case, ...]:
    return worst_of_each(case for report in reports for case in report.cases)
