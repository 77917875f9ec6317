"""Findings on the page: the gravest first, each with its fix, notices folded."""

from datetime import timedelta

from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge import Judgement
from skewcheck.core.report import Report
from skewcheck.render.page.found import deciding, notices
from tests.builders import NOW, finding, report
from tests.render import worlds
from tests.render.page.views import document_of, page, view

LATER = NOW + timedelta(minutes=3)


def told(*findings: Finding) -> Report:
    return report(judgement=Judgement(findings=findings, matrix=()))


def test_skew_comes_first_and_what_is_only_masked_last() -> None:
    seen = told(
        finding(Code.MASKED, severity=Severity.UNKNOWN),
        finding(Code.UNREACHABLE, severity=Severity.UNKNOWN),
        finding(Code.STALE_EDGE),
        finding(Code.FORMAT_SKEW),
        finding(Code.DIRTY_BUILD, severity=Severity.NOTICE),
    )
    codes = [each.code for each in deciding(document_of(seen), LATER)]
    assert codes == ["format-skew", "stale-edge", "unreachable", "masked"]
    assert [each.code for each in notices(document_of(seen), LATER)] == ["dirty-build"]


def test_a_finding_has_its_evidence_its_owner_its_age_and_its_fix() -> None:
    one = finding(
        evidence=("Age 86400 s",), owner="web", since=NOW - timedelta(hours=5), fix="gcloud x"
    )
    shown = page(view(told(one))).one("li", "finding")
    assert "since 2026-11-23 17:10 UTC, 5 h ago · owner web" in shown.text
    assert shown.one("ul", "evidence").text == "Age 86400 s"
    assert shown.one("", "command").text == "gcloud x"
    assert shown.classes == {"finding", "block"}


def test_one_that_knows_less_says_less() -> None:
    shown = page(view(told(finding()))).one("li", "finding")
    assert not shown.all("", "evidence")
    assert not shown.all("", "command")
    assert not shown.all("", "soft")


def test_who_lets_a_finding_past_is_told_until_it_expires() -> None:
    past = [each.let_past for each in deciding(document_of(worlds.overridden()), LATER)]
    assert "let past until 2026-12-01 by" in "".join(past)
    expired = worlds.overridden()
    read = document_of(expired)
    for each in read["overrides"]:  # type: ignore[union-attr]
        each["expired"] = True  # type: ignore[index,call-overload]
    assert not any(each.let_past for each in deciding(read, LATER))


def test_notices_are_folded_and_counted() -> None:
    notice = finding(Code.DIRTY_BUILD, severity=Severity.NOTICE)
    one, two = page(view(told(notice))), page(view(told(notice, notice)))
    assert one.by_id("e0-notices").one("summary").text == "1 notice"
    assert two.by_id("e0-notices").one("summary").text == "2 notices"
    assert len(two.by_id("e0-notices").all("li", "finding", "none")) == 2


def test_no_finding_is_good_news_only_where_somebody_looked_lately() -> None:
    fine = told()
    assert "Nothing that was looked at blocks" in page(view(fine)).text
    old = page(view(fine, trouble="the survey is late")).text
    assert "Nothing that was looked at blocks" not in old
    assert "None is known." in old
