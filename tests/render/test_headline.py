# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from skewcheck.core.findings import Code, Severity
from skewcheck.core.judge import Judgement, judge
from skewcheck.render.headline import (
    Headline,
    deciding,
    headline,
    next_steps,
    notices,
    pre_existing,
)
from tests.builders import finding, report
from tests.render import probe_worlds, worlds
from tests.render.probe_worlds import holding, link


def test_skew_is_the_headline_though_the_judge_told_of_places_first() -> None:
    seen = worlds.incident_survey()
    findings = judge(seen).findings
    turned = Judgement(findings=tuple(reversed(findings)), matrix=judge(seen).matrix)
    head = headline(report(seen, turned))
    assert head.finding is not None
    assert head.finding.code is Code.FORMAT_SKEW


def test_a_pass_has_no_finding_to_look_at() -> None:
    assert headline(report()) == snapshot(Headline(summary="all fits together"))


def test_a_gate_that_passes_names_the_candidate_and_what_was_broken_before() -> None:
    assert headline(worlds.gate_mends()).summary == snapshot(
        "backend a3c7a3c may be deployed; 2 findings from before, no worse, 2 notices"
    )


def test_only_what_lingers_becomes_safe_by_itself() -> None:
    assert headline(worlds.gate_blocks_for_a_while()).safe == snapshot(
        "by itself after 2026-11-24 08:10 UTC, when the last such client is gone"
    )
    assert headline(worlds.gate_blocks()).safe == "never by itself"
    assert headline(worlds.incident()).safe == "never by itself"


def test_a_place_that_blocks_as_well_does_not_mend_itself() -> None:
    lasting = worlds.gate_blocks_for_a_while()
    findings = (*lasting.findings, finding(Code.ASSETS_GONE))
    judgement = Judgement(findings=findings, matrix=lasting.judgement.matrix)
    assert headline(report(lasting.survey, judgement)).safe == "never by itself"


def test_waiting_is_no_answer_to_the_unknown() -> None:
    head = headline(worlds.unknown())
    assert head.summary == "5 unknown: nobody can say that it is safe"
    assert head.safe == ""


def test_what_is_masked_comes_after_what_hides_it() -> None:
    codes = [each.code for each in deciding(worlds.unknown())]
    assert codes[0] is not Code.MASKED
    assert codes[-1] is Code.MASKED


def test_next_steps_are_the_fixes_of_what_blocks_each_once() -> None:
    assert next_steps(worlds.incident()) == snapshot(
        (
            "gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/",
        )
    )


def test_next_steps_never_say_to_mend_what_is_only_masked() -> None:
    steps = next_steps(worlds.unknown())
    assert steps
    assert "mend what hides the build" not in steps


def test_at_most_three_steps_are_named() -> None:
    findings = [finding(fix=f"step {number}") for number in range(9)]
    judgement = Judgement(findings=tuple(findings), matrix=())
    assert next_steps(report(judgement=judgement)) == ("step 0", "step 1", "step 2")


def test_what_was_so_before_is_no_notice_about_now() -> None:
    seen = worlds.gate_mends()
    assert {each.code for each in pre_existing(seen)} == {Code.PRE_EXISTING}
    assert {each.code for each in notices(seen)} == {
        Code.AHEAD_OF_MANIFEST,
        Code.BEHIND_MANIFEST,
    }


def test_a_probe_that_passes_counts_its_handshakes() -> None:
    assert headline(probe_worlds.all_holds()).summary == snapshot("chat holds: 10 of 10 handshakes")


def test_a_probe_that_passes_says_what_is_worth_a_notice() -> None:
    noticed = finding(Code.IDLE_CUT, subject="chat", severity=Severity.NOTICE)
    seen = probe_worlds.probe_report(link(holding()), findings=(noticed,))
    assert headline(seen).summary == "chat holds: 5 of 5 handshakes, 1 notice"


def test_a_probe_that_blocks_tells_what_failed_first() -> None:
    head = headline(probe_worlds.incident_probed())
    assert head.summary == "1 finding blocks"
    assert head.finding is not None
    assert head.finding.code is Code.CLOSED_BEFORE_WELCOME
