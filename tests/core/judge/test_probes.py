"""What the probes of a link prove, and what of it the candidate has brought about."""

from typing import Any

import pytest

from skewcheck.core.findings import RULES, Code, Finding, Severity, Verdict, decide
from skewcheck.core.judge.probes import (
    at_edge,
    broken_of,
    judge_probes,
    judge_probes_alone,
    judge_probes_of_candidates,
)
from skewcheck.core.probed.alike import past_edge_is_closed
from skewcheck.core.probed.probes import Doubt, Format, Probed, Rated
from skewcheck.core.probed.rate import Rate
from skewcheck.core.wire.script import Target, Variant
from skewcheck.core.wire.transcript import Echoed, NotResolved, Transcript
from tests.builders import NEXT, OLD, OLD_FORMAT, finding
from tests.links import codes_of, judged, link_probe, probes, the
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EXERCISE,
    closed,
    cut,
    format_of,
    probed,
    rejected,
    script,
    silent,
    transcript,
    welcomed,
)

NEXT_FORMAT = "sha256:" + "a3c7" * 16
TODAY = format_of()
OLD_FORM = format_of(fingerprint=OLD_FORMAT, builds=(OLD.value,))
COMING = format_of(fingerprint=NEXT_FORMAT, builds=(NEXT.value,), candidate=True, live=False)
BOTH = format_of(builds=(NEXT.value,), candidate=True, live=True)
SECOND = Target(place="direct", url="https://r1.a.run.app/ws", revision="acme-api-00001")
TOKEN_BACK = transcript(*welcomed().events, Echoed(at_s=0.06, where="answer"))


def gate(*seen: Probed, **changed: Any) -> tuple[Finding, ...]:
    return judge_probes_of_candidates(probes(link_probe(*seen, **changed)))


def codes(findings: tuple[Finding, ...]) -> list[Code]:
    return [each.code for each in findings if each.code is not Code.READINGS_DIFFER]


def test_what_holds_is_no_finding() -> None:
    control = probed(rejected(400), variant=Variant(control=True))
    held = [probed(variant=Variant(holds=how, hold_s=2)) for how in ("silent", "pinging")]
    exercised = probed(spoken=format_of(script(exercise=EXERCISE)), variant=Variant(exercise=True))
    assert judged(probed(), probed(target=DIRECT), control, *held, exercised) == ()


def test_a_link_of_which_nothing_was_probed_proves_nothing() -> None:
    assert codes_of() == [Code.NOTHING_TO_CHECK]


def test_a_link_that_was_only_rated_was_looked_at() -> None:
    rate = Rate(target=0.9, successes=35, tried=35)
    assert codes_of(rated=(Rated(format=TODAY, target=DIRECT, rate=rate),)) == []


def test_where_nothing_else_is_judged_no_link_proves_nothing() -> None:
    [found] = judge_probes_alone(probes())
    assert (found.code, found.severity) == (Code.NOTHING_TO_CHECK, Severity.UNKNOWN)
    assert found.subject == "staging"
    assert judge_probes(probes()) == ()


def test_judged_alone_a_link_is_judged_as_ever() -> None:
    seen = probes(link_probe(probed(closed())))
    assert judge_probes_alone(seen) == judge_probes(seen) != ()


def test_findings_name_the_link_and_its_owner() -> None:
    [found] = judged(probed(closed()), owner="web")
    assert (found.subject, found.owner) == ("chat", "web")


@pytest.mark.parametrize(
    ("what", "code"),
    [("not-probed", Code.NOT_PROBED), ("not-comparable", Code.NOT_COMPARABLE)],
)
def test_a_doubt_is_told_as_it_is(what: Any, code: Code) -> None:
    [found] = judged(doubts=(Doubt(what=what, why="no token", fix="export it"),))
    assert (found.code, found.sentence, found.fix) == (code, "no token", "export it")
    assert found.severity is Severity.UNKNOWN


def test_the_policy_may_let_an_unprobed_link_pass_and_nothing_else() -> None:
    doubts = (Doubt(what="not-probed", why="x"), Doubt(what="not-comparable", why="y"))
    seen = probes(link_probe(doubts=doubts), unprobed="notice")
    severities = {each.code: each.severity for each in judge_probes(seen)}
    assert severities == {
        Code.NOT_PROBED: Severity.NOTICE,
        Code.NOT_COMPARABLE: Severity.UNKNOWN,
    }


@pytest.mark.parametrize(
    "past",
    [
        pytest.param(closed(), id="fails alike"),
        pytest.param(rejected(403), id="closed to us"),
    ],
)
def test_past_the_edge_a_failure_is_not_told_twice(past: Transcript) -> None:
    told = codes(judged(probed(closed()), probed(past, target=DIRECT)))
    assert told == [Code.CLOSED_BEFORE_WELCOME]


def test_past_the_edge_another_failure_is_told() -> None:
    told = codes(judged(probed(closed()), probed(silent(), target=DIRECT)))
    assert told == [Code.CLOSED_BEFORE_WELCOME, Code.WELCOME_MISSING]


def test_a_revision_that_fails_where_the_edge_is_only_flaky_is_told() -> None:
    seen = probed(closed(), welcomed()), probed(closed(), target=SECOND), probed(target=DIRECT)
    assert codes(judged(*seen)) == [Code.FLAKY_HANDSHAKE, Code.CLOSED_BEFORE_WELCOME]


def test_a_way_past_an_edge_that_nobody_probed_is_told() -> None:
    assert codes(judged(probed(closed(), target=DIRECT))) == [Code.CLOSED_BEFORE_WELCOME]
    other = probed(closed(), spoken=OLD_FORM)
    assert len(codes(judged(other, probed(closed(), target=DIRECT)))) == 2


def test_a_revision_that_fails_where_the_edge_holds_is_told() -> None:
    assert codes(judged(probed(), probed(closed(), target=SECOND))) == [Code.CLOSED_BEFORE_WELCOME]


@pytest.mark.parametrize(
    ("seen", "is_closed"),
    [
        pytest.param(rejected(401), True, id="members only"),
        pytest.param(rejected(403), True, id="forbidden"),
        pytest.param(rejected(404), True, id="switched off"),
        pytest.param(rejected(500), False, id="the service itself breaks"),
        pytest.param(rejected(503), False, id="no instance"),
        pytest.param(cut(), False, id="let in and cut"),
        pytest.param(closed(1008), False, id="let in and refused"),
        pytest.param(welcomed(), False, id="holds"),
    ],
)
def test_a_way_past_the_edge_is_closed_only_where_nobody_is_let_in(
    seen: Transcript, *, is_closed: bool
) -> None:
    assert past_edge_is_closed(probed(seen, target=DIRECT)) is is_closed


def test_a_way_that_leads_nowhere_is_closed() -> None:
    gone = transcript(NotResolved(at_s=0.1, detail="no such name"))
    assert past_edge_is_closed(probed(gone, target=DIRECT))
    assert codes_of(probed(), probed(gone, target=DIRECT)) == []


def test_a_revision_that_answers_with_an_error_is_never_hidden() -> None:
    told = codes(judged(probed(), probed(rejected(500), target=SECOND)))
    assert told == [Code.HANDSHAKE_REJECTED, Code.MASKED]


def test_the_edge_is_found_by_format() -> None:
    edge, other = probed(closed()), probed(spoken=OLD_FORM)
    link = link_probe(probed(target=DIRECT), other, edge)
    assert at_edge(link, probed(target=DIRECT)) is edge
    assert at_edge(link_probe(other), probed(target=DIRECT)) is None


def test_only_what_should_hold_is_broken() -> None:
    broken, variant = probed(closed()), probed(closed(), variant=Variant(auth="header"))
    assert list(broken_of(link_probe(probed(spoken=OLD_FORM), broken, variant))) == [broken]


def test_formats_that_a_candidate_is_compared_with_are_no_failures() -> None:
    seen = probed(closed(), spoken=COMING), probed(silent(), spoken=OLD_FORM)
    assert codes(judged(*seen)) == [Code.CLOSED_BEFORE_WELCOME]


def test_at_a_candidate_every_format_must_hold() -> None:
    seen = [probed(silent(), spoken=form, target=CANDIDATE) for form in (COMING, OLD_FORM)]
    assert codes(judged(*seen)) == [Code.WELCOME_MISSING] * 2


def test_a_candidates_new_format_that_fails_blocks() -> None:
    findings = gate(probed(closed(), spoken=COMING), probed(spoken=OLD_FORM))
    assert the(Code.CLOSED_BEFORE_WELCOME, findings).severity is Severity.BLOCK
    assert decide(findings) is Verdict.BLOCK


def test_a_new_format_that_nothing_is_compared_with_blocks() -> None:
    assert decide(gate(probed(closed(), spoken=COMING))) is Verdict.BLOCK


def test_a_format_that_is_live_already_and_fails_is_pre_existing() -> None:
    [found] = gate(probed(closed(), spoken=BOTH))
    assert (found.code, found.severity) == (Code.PRE_EXISTING, Severity.NOTICE)
    assert found.sentence.startswith("closed-before-welcome, no worse than before")


def test_where_every_live_format_fails_alike_it_was_so_before() -> None:
    seen = [probed(closed(), spoken=form) for form in (COMING, TODAY, OLD_FORM)]
    assert codes(gate(*seen)) == [Code.PRE_EXISTING]


@pytest.mark.parametrize(
    "other", [pytest.param(welcomed(), id="holds"), pytest.param(silent(), id="fails otherwise")]
)
def test_where_one_live_format_fares_otherwise_the_new_one_is_to_blame(other: Transcript) -> None:
    seen = probed(closed(), spoken=COMING), probed(closed()), probed(other, spoken=OLD_FORM)
    assert decide(gate(*seen)) is Verdict.BLOCK


def test_live_formats_elsewhere_excuse_nothing() -> None:
    seen = probed(closed(), spoken=COMING), probed(closed(), target=DIRECT)
    assert decide(gate(*seen)) is Verdict.BLOCK


def test_whatever_fails_at_the_candidate_is_its_own() -> None:
    seen = [probed(closed(), spoken=form, target=CANDIDATE) for form in (TODAY, OLD_FORM)]
    findings = gate(*seen)
    assert codes(findings) == [Code.CLOSED_BEFORE_WELCOME] * 2


def test_strictly_everything_decides() -> None:
    seen = probed(closed(), spoken=BOTH)
    assert decide(judged(seen)) is Verdict.BLOCK
    assert decide(gate(seen)) is Verdict.PASS


def test_what_was_unknown_before_decides_all_the_same() -> None:
    findings = gate(probed(rejected(403), spoken=BOTH))
    assert codes(findings) == [Code.PRE_EXISTING, Code.MASKED]
    assert decide(findings) is Verdict.INCONCLUSIVE


def echoing(form: Format, **changed: Any) -> Probed:
    return probed(TOKEN_BACK, spoken=form, **changed)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        pytest.param(echoing(COMING), Code.TOKEN_ECHOED, id="the candidate's new format"),
        pytest.param(echoing(BOTH), Code.PRE_EXISTING, id="a format that is live already"),
        pytest.param(echoing(TODAY, target=CANDIDATE), Code.TOKEN_ECHOED, id="the candidate"),
    ],
)
def test_what_else_is_found_is_the_candidates_where_it_is_a_party(seen: Probed, code: Code) -> None:
    assert codes(gate(seen)) == [code]


def test_what_a_live_server_says_of_itself_was_so_before() -> None:
    said = {"said_environment": "production"}
    assert codes(gate(probed(spoken=COMING), **said)) == [Code.PRE_EXISTING]
    assert codes(gate(probed(target=CANDIDATE), **said)) == [Code.WRONG_ENVIRONMENT]


def test_what_the_edge_serves_of_the_client_comes_along() -> None:
    stale = finding(Code.STALE_EDGE)
    assert judged(probed(), page=(stale,)) == (stale,)
    assert codes(gate(probed(), page=(stale,))) == [Code.PRE_EXISTING]


def test_severities_are_those_of_the_table() -> None:
    seen = judged(probed(rejected(403)), probed(welcomed(), variant=Variant(control=True)))
    assert {each.severity for each in seen if each.severity is not RULES[each.code].severity} == (
        set()
    )


def test_each_link_is_judged() -> None:
    both = probes(link_probe(probed(closed())), link_probe(probed(silent()), link="jobs"))
    assert [each.subject for each in judge_probes(both)] == ["chat", "jobs"]
