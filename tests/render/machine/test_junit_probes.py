from typing import Any
from xml.etree import ElementTree as Xml

from inline_snapshot import snapshot

from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge.probes import judge_probes
from skewcheck.core.probed.probes import Doubt, LinkProbe
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.render.machine import render_junit
from tests.builders import finding
from tests.render import probe_worlds as worlds
from tests.render.probe_worlds import (
    failing,
    holding,
    link,
    probe_report,
    probes,
    refused,
    talking,
)
from tests.transcripts import DIRECT, probed, rejected


def cases(seen: Report) -> list[tuple[str, str, str]]:
    root = Xml.fromstring(render_junit([seen]))  # noqa: S314 - our own output
    return [
        (case.attrib["classname"], case.attrib["name"], _ended(case))
        for case in root.iter("testcase")
    ]


def _ended(case: Xml.Element) -> str:
    return next((each.tag for each in case if each.tag != "system-out"), "passed")


def judged(*links: LinkProbe) -> Report:
    return probe_report(*links, findings=judge_probes(probes(*links)))


def test_each_place_and_format_is_a_case_as_a_browser_and_nothing_else_is() -> None:
    seen = probe_report(link(holding(), failing(), refused(), talking()), findings=(own(),))
    assert cases(seen) == snapshot(
        [
            ("staging.probe.chat", "the format of 9e39e39 at the edge", "passed"),
            ("staging.probe.chat", "the format of 01d01d0 at the edge", "failure"),
        ]
    )


def own(**changed: Any) -> Finding:
    """The judge's own finding about the failing probe."""
    told = next(iter(judge_probes(probes(link(failing())))))
    said: dict[str, Any] = {"subject": "chat", "sentence": told.sentence}
    return finding(told.code, **(said | changed))


def test_a_failure_is_told_once_with_its_finding() -> None:
    text = render_junit([probe_report(link(failing()), findings=(own(fix="mend it"),))])
    assert text.count("<testcase") == 1
    assert 'type="closed-before-welcome"' in text
    assert "0 of 8 handshakes hold" in text
    assert "fix: mend it" in text


def test_a_way_past_the_edge_that_fails_alike_fails_with_the_edges_finding() -> None:
    seen = judged(link(failing(), failing(2, target=DIRECT)))
    ended = [how for group, _, how in cases(seen) if group == "staging.probe.chat"]
    assert ended == ["failure", "failure"]


def test_what_no_finding_rests_on_is_skipped_and_never_passes() -> None:
    internal = probed(rejected(404), spoken=worlds.NEW_SPOKEN, target=DIRECT)
    seen = judged(link(holding(), internal))
    assert [how for *_, how in cases(seen)] == ["passed", "skipped"]
    text = render_junit([seen])
    assert 'skipped="1"' in text
    assert "no verdict rests on it" in text


def test_what_was_broken_before_a_candidate_does_not_fail_its_gate() -> None:
    before = own().as_pre_existing()
    seen = probe_report(link(failing()), findings=(before,))
    assert cases(seen) == [("staging.probe.chat", "the format of 01d01d0 at the edge", "passed")]
    assert "pre-existing" not in {code for code, *_ in cases(seen)}


def test_what_could_not_be_probed_is_an_error() -> None:
    doubt = Doubt(what="not-probed", why="no token", fix="export TOKEN=…")
    assert cases(judged(link(doubts=(doubt,)))) == [("staging.chat", "not-probed", "error")]


def test_services_are_no_cases_of_a_probe_but_their_findings_are() -> None:
    page = finding(Code.STALE_EDGE, subject="frontend")
    noticed = finding(Code.DIRTY_BUILD, subject="frontend", severity=Severity.NOTICE)
    seen = probe_report(link(holding()), findings=(page, noticed))
    assert cases(seen)[1:] == [
        ("staging.frontend", "stale-edge", "failure"),
        ("staging.frontend", "dirty-build", "passed"),
    ]
    verified = probe_report(link(holding()), question=Question.VERIFY)
    assert ("staging.frontend", "looked at", "passed") in cases(verified)


def test_another_links_finding_does_not_tell_of_a_probe() -> None:
    elsewhere = own(subject="notify")
    seen = probe_report(link(failing()), findings=(elsewhere,))
    assert [how for group, _, how in cases(seen) if "probe" in group] == ["skipped"]
