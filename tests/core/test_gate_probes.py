"""Gate and judge with probes: what the wire says stands beside what git says."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.gate import judge_gate
from skewcheck.core.judge import Judgement, judge
from skewcheck.core.probed.probes import Doubt, Probed
from skewcheck.core.survey import Survey
from tests.builders import NEXT, OLD, OLD_FORMAT, candidate, survey
from tests.core.minimal_worlds import codes, the
from tests.links import link_probe, probes
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EDGE,
    closed,
    cut,
    format_of,
    probed,
    rejected,
    silent,
    welcomed,
)

OLDER_FORMAT = "sha256:" + "0b50" * 16
COMING = format_of(fingerprint=OLD_FORMAT, builds=(NEXT.value,), candidate=True, live=False)
TODAY = format_of()
BOTH = format_of(builds=(NEXT.value,), candidate=True)


def world(*seen: Probed, **changed: Any) -> Survey:
    return survey(probes=probes(link_probe(*seen)), **changed)


def gate(*seen: Probed, strict: bool = False) -> Judgement:
    return judge_gate(world(*seen, candidates=[candidate("frontend")]), strict=strict)


def test_links_that_nobody_wanted_probed_are_judged_by_git_alone() -> None:
    assert judge(survey()).verdict is Verdict.PASS
    assert judge(survey(probes=probes())).verdict is Verdict.PASS
    assert judge_gate(survey(candidates=[candidate()], probes=probes())).verdict is Verdict.PASS


def test_a_wire_that_holds_changes_nothing() -> None:
    assert judge(world(probed())).verdict is Verdict.PASS
    assert gate(probed(spoken=BOTH)).verdict is Verdict.PASS


def test_a_client_in_whose_name_somebody_spoke_is_not_judged_by_git_alone() -> None:
    told = the(Code.CANDIDATE_NOT_PROBED, gate(probed(spoken=BOTH))).sentence
    assert told.endswith("what it will send was probed at what is live")
    backends = judge_gate(world(probed(spoken=BOTH), candidates=[candidate("backend")]))
    assert "by git alone" in the(Code.CANDIDATE_NOT_PROBED, backends).sentence
    unspoken = the(Code.CANDIDATE_NOT_PROBED, gate(probed())).sentence
    assert "by git alone" in unspoken


def test_a_broken_wire_blocks_though_git_says_all_fits() -> None:
    judgement = judge(world(probed(closed())))
    assert judgement.verdict is Verdict.BLOCK
    assert the(Code.CLOSED_BEFORE_WELCOME, judgement).subject == "chat"


def test_without_a_candidate_the_gate_lets_the_whole_wire_decide() -> None:
    seen = world(probed(closed()))
    assert judge_gate(seen) == judge(seen)


def test_a_candidates_new_format_that_fails_is_blocked() -> None:
    assert gate(probed(closed(), spoken=COMING), probed()).verdict is Verdict.BLOCK


@pytest.mark.parametrize(("strict", "verdict"), [(False, Verdict.PASS), (True, Verdict.BLOCK)])
def test_what_was_broken_before_decides_only_strictly(*, strict: bool, verdict: Verdict) -> None:
    judgement = gate(probed(closed(), spoken=BOTH), strict=strict)
    assert judgement.verdict is verdict
    assert (Code.PRE_EXISTING in codes(judgement)) is not strict


def test_a_server_candidate_that_fails_a_live_format_is_blocked() -> None:
    old = format_of(fingerprint=OLD_FORMAT, builds=(OLD.value,))
    seen = world(
        probed(target=CANDIDATE),
        probed(closed(), target=CANDIDATE, spoken=old),
        candidates=[candidate("backend")],
    )
    assert judge_gate(seen).verdict is Verdict.BLOCK


def test_a_wire_that_could_not_be_opened_is_never_green() -> None:
    doubt = Doubt(what="not-probed", why="--no-probe")
    shut = link_probe(doubts=(doubt,))
    seen = survey(probes=probes(shut), candidates=[candidate("frontend")])
    assert judge_gate(seen).verdict is Verdict.INCONCLUSIVE
    lenient = survey(probes=probes(shut, unprobed="notice"), candidates=[candidate("frontend")])
    assert judge_gate(lenient).verdict is Verdict.PASS
    assert the(Code.NOT_PROBED, judge_gate(lenient)).severity is Severity.NOTICE


LAW = settings(max_examples=40)  # worlds are large to draw; the cases that matter have tests
OUTCOMES = st.lists(
    st.sampled_from([welcomed(), welcomed(), closed(), silent(), cut(), rejected(403)]),
    min_size=1,
    max_size=3,
)
OLDER = format_of(fingerprint=OLDER_FORMAT, builds=(OLD.value,))
FORMATS = st.sampled_from([(TODAY, OLDER, COMING), (BOTH, OLDER)])  # one candidate has one format
PLACES = st.sampled_from([(EDGE, DIRECT), (CANDIDATE,)])


@st.composite
def seen_probes(draw: Any) -> list[Probed]:
    """Formats at places, each holding or failing in its own way."""
    keys = st.tuples(st.sampled_from(draw(FORMATS)), st.sampled_from(draw(PLACES)))
    picked = draw(st.lists(keys, min_size=1, unique_by=str))
    return [probed(*draw(OUTCOMES), spoken=form, target=place) for form, place in picked]


@LAW
@given(seen_probes())
def test_only_a_wire_on_which_users_are_always_welcomed_is_green(seen: list[Probed]) -> None:
    live = [replace(each, format=replace(each.format, candidate=False)) for each in seen]
    if judge(world(*live)).verdict is Verdict.PASS:
        assert {each.state for each in live if each.target is not DIRECT} <= {"holds"}


@LAW
@given(seen_probes())
def test_a_candidate_is_green_only_if_all_that_is_new_holds_or_fails_as_ever(
    seen: list[Probed],
) -> None:
    new = [e for e in seen if e.target is CANDIDATE or (e.format is COMING and e.target is EDGE)]
    assume(gate(*seen).verdict is Verdict.PASS)
    for each, failed in ((e, e.failed) for e in new if e.failed is not None):
        others = [e for e in seen if e.target is each.target and e.format is not COMING]
        assert others
        assert {e.failed.code if e.failed else None for e in others} == {failed.code}


@LAW
@given(seen_probes())
def test_strict_is_never_milder_about_the_wire(seen: list[Probed]) -> None:
    worst = [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.BLOCK]
    mild, strict = gate(*seen).verdict, gate(*seen, strict=True).verdict
    assert worst.index(strict) >= worst.index(mild)


@LAW
@given(seen_probes())
def test_the_order_of_the_probes_does_not_count(seen: list[Probed]) -> None:
    def told(judgement: Judgement) -> set[tuple[Code, str, Severity]]:
        return {(each.code, each.sentence, each.severity) for each in judgement.findings}

    assert told(gate(*seen)) == told(gate(*seen[::-1]))
