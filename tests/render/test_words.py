# ruff: noqa: E501 - goldens are as wide as what they pin

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from skewcheck.core.findings import Code, Severity
from skewcheck.core.probed.probes import Probed
from skewcheck.core.report import Report
from skewcheck.render.words import (
    exit_words,
    footer_lines,
    looked_from_outside,
    loud_lines,
    permission_for,
    since,
    span,
    tally,
    verdict_word,
)
from tests.builders import NOW, finding, report, service_survey, sources, survey
from tests.render import probe_worlds, worlds
from tests.render.probe_worlds import holding, link
from tests.transcripts import DIRECT


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2, hours=5), "2 days"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(length: timedelta, told: str) -> None:
    assert span(length) == told


def test_since_says_how_long_ago_unless_it_lies_ahead() -> None:
    assert since(NOW - timedelta(hours=3), NOW) == "2026-11-23 19:10 UTC, 3 h ago"
    assert since(NOW + timedelta(hours=3), NOW) == "2026-11-24 01:10 UTC"


def test_a_tally_counts_each_severity_in_its_own_words() -> None:
    block, unknown, notice = (finding(severity=severity) for severity in Severity)
    assert tally([block]) == "1 finding blocks"
    assert tally([block, block, unknown, notice]) == "2 findings block, 1 unknown, 1 notice"
    assert tally([notice, notice]) == "2 notices"
    assert tally([]) == ""


def test_observe_mode_speaks_in_the_conditional_of_what_does_not_pass() -> None:
    assert verdict_word(worlds.incident()) == "BLOCK"
    assert verdict_word(worlds.observing()) == "WOULD BLOCK"
    assert verdict_word(worlds.observing_the_unknown()) == "WOULD BE INCONCLUSIVE"
    assert verdict_word(worlds.observing_what_passes()) == "PASS"


def test_the_exit_code_names_what_softened_it() -> None:
    assert exit_words(worlds.incident()) == "exit 10"
    assert exit_words(worlds.unknown()) == "exit 11"
    assert exit_words(worlds.observing()) == "exit 0: observing until 2026-12-31"
    assert exit_words(worlds.broken_glass()) == "exit 0: the glass is broken"
    assert exit_words(worlds.all_overridden()) == "exit 0: overrides let findings past"


def test_what_softens_the_gate_is_said_with_who_why_and_until() -> None:
    assert list(loud_lines(worlds.broken_glass())) == snapshot(
        [
            "BREAK-GLASS until 2026-11-24 by ada@acme.example: chat is down for all (everything is let past; the verdict stays BLOCK)"
        ]
    )
    assert list(loud_lines(worlds.observing())) == snapshot(
        ["OBSERVING until 2026-12-31: the verdict is not enforced"]
    )
    assert list(loud_lines(worlds.no_longer_observing())) == snapshot(
        ["OBSERVING ENDED on 2026-11-01: the verdict is enforced"]
    )
    assert list(loud_lines(worlds.overridden())) == snapshot(
        [
            "OVERRIDE format-skew on chat until 2026-12-01 by Ada: demo for the board",
            "OVERRIDE EXPIRED stale-edge on frontend until 2026-11-01 by Bob: demo for the board (it lets nothing past; remove it)",
            "OVERRIDE unreachable on chat until 2026-12-01 by Cleo: demo for the board (meets no finding now)",
        ]
    )
    assert list(loud_lines(worlds.incident())) == []


def test_an_expired_override_lets_nothing_past() -> None:
    seen = worlds.overridden()
    stale = next(each for each in seen.findings if each.code is Code.STALE_EDGE)
    skew = next(each for each in seen.findings if each.code is Code.FORMAT_SKEW)
    assert permission_for(seen, stale) is None
    assert permission_for(seen, skew) is seen.permissions[0]
    assert permission_for(seen, finding(Code.DIRTY_BUILD)) is None


def test_the_footer_says_where_promises_came_from_and_from_where_we_looked() -> None:
    assert list(footer_lines(report())) == snapshot(
        [
            "promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)",
            "one vantage point: users elsewhere may meet another edge cache",
            "skewcheck 0.1.0",
        ]
    )


def test_a_manifest_outside_git_has_no_commit_to_name() -> None:
    note = "manifest, policy and overrides come from the file x.yaml, not from git"
    changed = {"file": "x.yaml", "ref": "", "commit": None, "policy_ref": "", "notes": (note,)}
    seen = survey(service_survey("frontend"), service_survey("backend"))
    footer = footer_lines(report(seen, sources=sources(policy_commit=None, **changed), versions={}))
    assert list(footer) == ["promises from x.yaml", note]


def test_a_policy_ref_without_a_commit_is_still_named() -> None:
    told = next(footer_lines(report(sources=sources(policy_commit=None))))
    assert told.endswith("policy and overrides from origin/main")


def test_without_a_manifest_the_footer_says_so() -> None:
    assert next(footer_lines(worlds.urls())).startswith("no manifest")


def test_saved_probes_rest_on_nothing_but_the_file() -> None:
    seen = probe_worlds.probe_report(link(holding(target=DIRECT)), sources=None)
    bare = replace(seen, survey=replace(seen.survey, services={}))
    assert list(footer_lines(bare)) == snapshot(
        [
            "saved probes, judged again: neither network nor git nor cloud was asked",
            "skewcheck 0.1.0",
        ]
    )


def test_a_probe_through_the_edge_looks_from_one_place_only() -> None:
    def seen(*probed: Probed) -> Report:
        told = probe_worlds.probe_report(link(*probed))
        return replace(told, survey=replace(told.survey, services={}))

    assert looked_from_outside(seen(holding(target=DIRECT), holding()))
    assert not looked_from_outside(seen(holding(target=DIRECT)))
