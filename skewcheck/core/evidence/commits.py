"""Is a report about the builds under examination? One that does not say so is not."""

from collections.abc import Iterator, Sequence

from skewcheck.core.build import BuildName, BuildSha, ShortSha
from skewcheck.core.evidence.case import Evidence
from skewcheck.core.evidence.finding import EvidenceFinding
from skewcheck.core.findings import Code

RECORD = (
    "record it as the property `commit` of the test suite; with pytest, in a fixture of scope"
    ' session: record_testsuite_property("commit", <full SHA>)'
)


def judge_commits(report: Evidence, builds: Sequence[BuildSha]) -> Iterator[EvidenceFinding]:
    """Every commit that a report names must be one of `builds`, and be it without changes."""
    if not report.commits:
        yield _nameless(report)
        return
    others = [name for name in report.commits if not _is_one_of(name, builds)]
    if others:
        yield _another(report, others, builds)
    changed = [name for name in report.commits if name.dirty and name not in others]
    if changed:
        yield EvidenceFinding(
            code=Code.EVIDENCE_STALE,
            sentence=f"{report.file} tested {_listed(changed)} with changes that are not committed",
            fix="run the tests on a clean checkout of that commit",
        )


def _nameless(report: Evidence) -> EvidenceFinding:
    said = f": {report.unnamed[0]!r} names no build" if report.unnamed else ""
    return EvidenceFinding(
        code=Code.EVIDENCE_STALE,
        sentence=f"{report.file} does not say which commit it tested{said}",
        fix=RECORD,
    )


def _another(
    report: Evidence, others: Sequence[BuildName], builds: Sequence[BuildSha]
) -> EvidenceFinding:
    wanted = " or ".join(build.short for build in builds)
    against = f"not {wanted}" if wanted else "and no build is known to hold that against"
    return EvidenceFinding(
        code=Code.EVIDENCE_STALE,
        sentence=f"{report.file} tested {_listed(others)}, {against}",
        evidence=(
            f"{report.file} tested {', '.join(str(name.build) for name in others)}",
            *(f"under examination: {build}" for build in builds),
        ),
        fix=f"run the tests at {wanted} and hand over that report"
        if wanted
        else "name the builds: --candidate SERVICE=SHA",
    )


def _is_one_of(name: BuildName, builds: Sequence[BuildSha]) -> bool:
    """A short SHA stands for the commits that begin with it; an opaque id for none."""
    if isinstance(name.build, ShortSha):
        return any(build.value.startswith(name.build.value) for build in builds)
    return name.build in builds


def _listed(names: Sequence[BuildName]) -> str:
    return " and ".join(name.build.short for name in names)
