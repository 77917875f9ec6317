"""One table from code to severity, a world for each code, and the verdict over all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.findings import RULES, Code, Finding, Severity, Verdict, decide
from skewcheck.core.history import Relation
from skewcheck.core.judge import judge
from tests.builders import (
    NEW,
    NEXT,
    OLD,
    ahead,
    behind,
    finding,
    frontend,
    lingering,
    manifest,
    survey,
)
from tests.core.minimal_worlds import DIVERGED, WORLDS, runs, speaks, split, the

SEVERITIES = st.sampled_from(Severity)


def test_every_code_has_a_rule_and_a_world_that_shows_it() -> None:
    assert set(RULES) == set(Code) == set(WORLDS)


@pytest.mark.parametrize("code", Code)
def test_each_code_is_found_in_its_world_with_the_severity_of_the_table(code: Code) -> None:
    found = [each for each in WORLDS[code]().findings if each.code is code]
    assert found
    assert {each.severity for each in found} == {RULES[code].severity}


@pytest.mark.parametrize(
    "code", [code for code in Code if RULES[code].severity is Severity.UNKNOWN]
)
def test_whatever_is_unknown_is_never_green(code: Code) -> None:
    assert WORLDS[code]().verdict is not Verdict.PASS


@pytest.mark.parametrize(
    ("code", "relation"),
    [
        pytest.param(Code.AHEAD_OF_MANIFEST, ahead(1), id="ahead"),
        pytest.param(Code.DIVERGED_FROM_MANIFEST, DIVERGED, id="diverged"),
    ],
)
def test_drift_blocks_where_the_policy_says_so(code: Code, relation: Relation) -> None:
    strict = manifest(policy={"drift": "block"})
    seen = survey(runs(NEXT), relations={("backend", NEXT): relation}, manifest=strict)
    assert the(code, judge(seen)).severity is Severity.BLOCK


def test_being_behind_blocks_where_the_policy_says_so() -> None:
    strict = manifest(policy={"drift": "block"})
    relations = {("backend", OLD): behind(1)}
    judgement = judge(survey(split((NEW, 50), (OLD, 50)), relations=relations, manifest=strict))
    assert the(Code.BEHIND_MANIFEST, judgement).severity is Severity.BLOCK


def test_a_lingering_client_is_a_notice_where_the_policy_says_so() -> None:
    lenient = manifest(policy={"lingering_skew": "notice"})
    old = frontend(lingering=(lingering(),))
    judgement = judge(survey(old, contracts=speaks("client", OLD), manifest=lenient))
    assert the(Code.LINGERING_CLIENT_SKEW, judgement).severity is Severity.NOTICE
    assert judgement.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        pytest.param([], Verdict.PASS, id="nothing"),
        pytest.param([Severity.NOTICE], Verdict.PASS, id="a notice"),
        pytest.param([Severity.NOTICE, Severity.UNKNOWN], Verdict.INCONCLUSIVE, id="an unknown"),
        pytest.param([Severity.UNKNOWN, Severity.BLOCK], Verdict.BLOCK, id="a known problem"),
    ],
)
def test_a_known_problem_outranks_an_unknown(severities: list[Severity], verdict: Verdict) -> None:
    assert decide(finding(severity=each) for each in severities) is verdict


@given(st.lists(SEVERITIES), SEVERITIES)
def test_one_more_finding_never_improves_the_verdict(
    severities: list[Severity], more: Severity
) -> None:
    rank = [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.BLOCK]
    findings = [finding(severity=each) for each in severities]
    worse = [*findings, finding(severity=more)]
    assert rank.index(decide(worse)) >= rank.index(decide(findings))


def test_what_was_there_before_keeps_its_sentence_and_names_its_code() -> None:
    before: Finding = finding(Code.STALE_EDGE)
    told = before.as_pre_existing()
    assert (told.code, told.severity) == (Code.PRE_EXISTING, Severity.NOTICE)
    assert told.sentence == f"stale-edge, no worse than before this deploy: {before.sentence}"
    assert (told.subject, told.fix) == (before.subject, before.fix)
