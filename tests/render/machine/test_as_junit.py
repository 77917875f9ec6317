# ruff: noqa: E501 - goldens are as wide as what they pin

from xml.etree import ElementTree as Xml

from inline_snapshot import snapshot

from skewcheck.core.compatibility import Compatibility, Fit
from skewcheck.core.findings import Code, Severity
from skewcheck.core.judge import Judgement
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.core.report import Report
from skewcheck.render.machine import render_junit
from tests.builders import finding, live, report, service_survey, survey
from tests.render import worlds


def cases(*reports: Report) -> list[tuple[str, str, str]]:
    """(class, name, how it ended) of every case."""
    root = Xml.fromstring(render_junit(reports))  # noqa: S314 - our own output
    return [_ended(case) for case in root.iter("testcase")]


def _ended(case: Xml.Element) -> tuple[str, str, str]:
    kinds = [child.tag for child in case if child.tag != "system-out"]
    return case.attrib["classname"], case.attrib["name"], kinds[0] if kinds else "passed"


def test_a_world_that_holds_still_lists_what_was_looked_at() -> None:
    assert render_junit([report()]) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="skewcheck" tests="3" failures="0" errors="0">
  <testsuite name="staging" timestamp="2026-11-23T22:10:00Z" tests="3" failures="0" errors="0">
    <testcase classname="staging.chat" name="frontend 9e39e39 (edge, page) with backend 9e39e39 (100%)">
      <system-out>2.1 in the same format</system-out>
    </testcase>
    <testcase classname="staging.frontend" name="looked at">
      <system-out>promise: 9e39e39
edge: 9e39e39 =
page: 9e39e39 =</system-out>
    </testcase>
    <testcase classname="staging.backend" name="looked at">
      <system-out>promise: 9e39e39
control plane: 100% 9e39e39 =  acme-api-00002
edge: 9e39e39 =</system-out>
    </testcase>
    <system-out>PASS all fits together (exit 0)</system-out>
  </testsuite>
</testsuites>
""")


def test_what_blocks_is_a_failure_with_its_fix() -> None:
    assert render_junit([worlds.incident()]) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="skewcheck" tests="4" failures="2" errors="0">
  <testsuite name="staging" timestamp="2026-11-23T22:10:00Z" tests="4" failures="2" errors="0">
    <testcase classname="staging.chat" name="frontend 01d01d0 (edge, page) with backend 9e39e39 (100%)">
      <failure type="format-skew" message="frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to backend 9e39e39 (100% of traffic): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39">frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to backend 9e39e39 (100% of traffic): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39
stale hop: only the edge of frontend still holds 01d01d0
since 2026-11-22T22:10:00Z
owner web (C012AB), api
fix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/</failure>
    </testcase>
    <testcase classname="staging.frontend" name="looked at">
      <system-out>promise: 9e39e39
edge: 01d01d0 2 behind
page: 01d01d0 2 behind
behind-manifest: runs 01d01d0, 2 commits behind the promise 9e39e39</system-out>
    </testcase>
    <testcase classname="staging.backend" name="looked at">
      <system-out>promise: 9e39e39
control plane: 100% 9e39e39 =  acme-api-00002
edge: 9e39e39 =</system-out>
    </testcase>
    <testcase classname="staging.frontend" name="stale-edge">
      <failure type="stale-edge" message="the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39 (a cache-busting read, a hint)">the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39 (a cache-busting read, a hint)
stale hop: the edge at https://app.staging.acme.example/ (Age 86400 s)
a cache-busting query brings 9e39e39 (a hint only)
01d01d0 is 2 commits behind the promise
9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
9e39e39 Read the token from the store (Ada, 2026-11-22)
owner web (C012AB)
fix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/</failure>
    </testcase>
    <system-out>BLOCK 2 findings block, 1 notice (exit 10)</system-out>
  </testsuite>
</testsuites>
""")


def test_what_is_unknown_is_an_error_never_skipped() -> None:
    assert cases(worlds.unknown()) == snapshot(
        [
            (
                "staging.chat",
                "frontend 9e39e39 (edge) with backend unknown build (traffic)",
                "error",
            ),
            (
                "staging.chat",
                "frontend unknown build (page) with backend unknown build (traffic)",
                "error",
            ),
            ("staging.frontend", "looked at", "passed"),
            ("staging.backend", "looked at", "passed"),
            ("staging.frontend", "page-unproven", "error"),
            ("staging.backend", "unauthorized", "error"),
            ("staging.backend", "unreachable", "error"),
        ]
    )


def test_an_empty_world_has_an_error() -> None:
    assert cases(worlds.empty()) == [("staging.staging", "nothing-to-check", "error")]


def test_what_was_broken_before_passes_and_says_so() -> None:
    assert {ended for _, _, ended in cases(worlds.gate_mends())} == {"passed"}
    text = render_junit([worlds.gate_mends()])
    assert "pre-existing: stale-edge, no worse than before this deploy" in text


def test_an_override_does_not_turn_a_failure_into_a_pass() -> None:
    text = render_junit([worlds.overridden()])
    assert "let past until 2026-12-01 by Ada" in text
    assert 'failures="2"' in text


def test_each_environment_is_a_suite_of_its_own() -> None:
    root = Xml.fromstring(render_junit([worlds.incident(), worlds.production()]))  # noqa: S314
    counts = [(suite.attrib["name"], suite.attrib["failures"]) for suite in root]
    assert counts == [("staging", "2"), ("production", "0")]
    assert root.attrib["failures"] == "2"


def test_a_pair_that_no_finding_tells_of_speaks_for_itself() -> None:
    fits = [
        Compatibility(Fit.NO, "no", Code.PROTOCOL_SKEW),
        Compatibility(Fit.UNKNOWN, "who knows"),
    ]
    pairs = tuple(Cell(client=live(), server=live(), compatibility=each) for each in fits)
    matrix = LinkMatrix(link="chat", client="frontend", server="backend", cells=pairs)
    seen = report(judgement=Judgement(findings=(), matrix=(matrix,)))
    assert [ended for group, _, ended in cases(seen) if group == "staging.chat"] == [
        "failure",
        "error",
    ]


def test_a_service_of_which_nothing_was_seen_did_not_pass() -> None:
    blind = service_survey("frontend", promise=None)
    told = cases(report(survey(blind), Judgement(findings=(), matrix=())))
    assert ("staging.frontend", "looked at", "error") in told


def test_a_notice_about_a_link_is_a_case_that_passes() -> None:
    notice = finding(Code.TAGGED_REVISION_SKEW, subject="chat", severity=Severity.NOTICE)
    seen = report(judgement=Judgement(findings=(notice,), matrix=()))
    assert ("staging.chat", "tagged-revision-skew", "passed") in cases(seen)
