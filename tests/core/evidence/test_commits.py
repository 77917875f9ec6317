"""A report proves something about the commit that it names, and about no other."""

import pytest

from skewcheck.core.build import BuildName, BuildSha, OpaqueId, ShortSha
from skewcheck.core.evidence.case import Evidence
from skewcheck.core.evidence.commits import RECORD, judge_commits
from skewcheck.core.evidence.finding import EvidenceFinding
from skewcheck.core.findings import Code
from tests.core.evidence.reports import FILE, OTHER, SHA, case, evidence, sha


def judge(*commits: BuildName, builds: tuple[str, ...] = (SHA,)) -> list[EvidenceFinding]:
    report = Evidence(file=FILE, cases=(case(),), commits=commits)
    return list(judge_commits(report, [BuildSha(build) for build in builds]))


@pytest.mark.parametrize(
    "commits",
    [
        pytest.param((sha(),), id="full"),
        pytest.param((BuildName(ShortSha(SHA[:7])),), id="short"),
        pytest.param((BuildName(ShortSha(SHA[:12])), sha()), id="both"),
    ],
)
def test_a_report_from_the_build_under_examination_is_fresh(commits: tuple[BuildName]) -> None:
    assert judge(*commits) == []


def test_a_report_may_be_about_several_builds_under_examination() -> None:
    assert judge(sha(), sha(OTHER), builds=(SHA, OTHER)) == []
    assert judge(sha(OTHER), builds=(SHA, OTHER)) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (sha(OTHER), OTHER),
        (BuildName(ShortSha(OTHER[:9])), OTHER[:9]),
        (BuildName(OpaqueId(SHA.upper())), SHA.upper()),
    ],
    ids=["full", "short", "opaque"],
)
def test_a_report_from_another_commit_is_stale_and_both_are_named(
    name: BuildName, shown: str
) -> None:
    (finding,) = judge(name)
    assert finding == EvidenceFinding(
        code=Code.EVIDENCE_STALE,
        sentence=f"junit.xml tested {name.build.short}, not 3f2c1ab",
        evidence=(f"junit.xml tested {shown}", f"under examination: {SHA}"),
        fix="run the tests at 3f2c1ab and hand over that report",
    )


def test_one_other_commit_among_right_ones_is_enough() -> None:
    (finding,) = judge(sha(), sha(OTHER))
    assert finding.sentence == "junit.xml tested bb08a08, not 3f2c1ab"
    (finding,) = judge(sha(OTHER), sha("1" * 40), builds=(SHA, "2" * 40))
    assert finding.sentence == "junit.xml tested bb08a08 and 1111111, not 3f2c1ab or 2222222"


def test_without_a_build_under_examination_no_report_is_fresh() -> None:
    (finding,) = judge(sha(), builds=())
    assert finding.code is Code.EVIDENCE_STALE
    assert finding.sentence == (
        "junit.xml tested 3f2c1ab, and no build is known to hold that against"
    )
    assert "--candidate" in finding.fix


def test_a_report_that_names_no_commit_is_stale_and_says_how_to_record_it() -> None:
    (finding,) = judge()
    assert finding.code is Code.EVIDENCE_STALE
    assert finding.sentence == "junit.xml does not say which commit it tested"
    assert finding.fix == RECORD
    assert 'record_testsuite_property("commit"' in RECORD


def test_a_placeholder_is_told_where_the_commit_should_be() -> None:
    report = Evidence(file=FILE, cases=(case(),), unnamed=("$COMMIT_SHA",))
    (finding,) = judge_commits(report, [BuildSha(SHA)])
    assert finding.sentence == (
        "junit.xml does not say which commit it tested: '$COMMIT_SHA' names no build"
    )


def test_a_report_from_uncommitted_changes_is_about_no_commit() -> None:
    (finding,) = judge(sha(dirty=True))
    assert finding.code is Code.EVIDENCE_STALE
    assert finding.sentence == "junit.xml tested 3f2c1ab with changes that are not committed"
    (finding,) = judge(sha(OTHER, dirty=True))
    assert finding.sentence == "junit.xml tested bb08a08, not 3f2c1ab"


def test_a_fresh_report_of_the_builders_is_fresh() -> None:
    assert list(judge_commits(evidence(case()), [BuildSha(SHA)])) == []
