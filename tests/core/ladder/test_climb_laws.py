"""Laws of the ladder over any events in any order: nothing passes unproven, nothing raises."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from skewcheck.core.findings import RULES, Severity
from skewcheck.core.ladder.climb import Rung, State, climb
from skewcheck.core.wire.messages import event_name, is_welcome, value_of
from skewcheck.core.wire.script import Script, Variant
from skewcheck.core.wire.transcript import (
    Answered,
    Closed,
    Connected,
    Ended,
    Event,
    Opened,
    Received,
    Resolved,
    Sent,
    Transcript,
)
from tests.strategies import events, transcripts, variants
from tests.transcripts import EXERCISE, WELCOME, leaving, message, script

LAW = settings(max_examples=300)
SCRIPTS = (
    script(),
    script(exercise=EXERCISE),
    script(welcome=None),
    script(offers=(), selected=None, token_in="none"),
    script(selected=None, opens_with=({"type": "hello"},)),
)
Proof: TypeAlias = Callable[[Transcript, Script], bool]
scripts = st.sampled_from(SCRIPTS)


def has(kind: type[object]) -> Proof:
    return lambda seen, _: seen.first(kind) is not None


def was_welcomed(seen: Transcript, spoken: Script) -> bool:
    """Without a welcome in the contract, who left or was left is who had stayed."""
    if spoken.welcome is None:
        return seen.first(Ended) is not None or seen.first(Closed) is not None
    return any(is_welcome(spoken, each) for each in seen.all(Received))


def heard_all(seen: Transcript, _: Script) -> bool:
    named = {event_name(value_of(each)) for each in seen.all(Received)}
    return seen.first(Sent) is not None and {*EXERCISE.expects} <= named


PROOFS: Mapping[Rung, Proof] = {
    Rung.NAME: has(Resolved),
    Rung.CONNECTION: has(Connected),
    Rung.ANSWER: has(Answered),
    Rung.UPGRADE: lambda seen, _: any(each.status == 101 for each in seen.all(Answered)),
    Rung.SUBPROTOCOL: has(Opened),
    Rung.AUTH: lambda seen, spoken: not spoken.needs_token or was_welcomed(seen, spoken),
    Rung.WELCOME: was_welcomed,
    Rung.EVENTS: heard_all,
}


@LAW
@given(transcripts(), scripts, variants)
def test_above_the_rung_that_failed_all_are_masked_and_below_it_none(
    seen: Transcript, spoken: Script, variant: Variant
) -> None:
    steps = climb(seen, spoken, variant).steps
    states = [step.state for step in steps]
    assert [step.rung for step in steps] == list(Rung)
    below = states.index(State.FAILED) if State.FAILED in states else len(states)
    assert set(states[below + 1 :]) <= {State.MASKED}
    assert {State.MASKED, State.FAILED}.isdisjoint(states[:below])


@LAW
@given(transcripts(), scripts, variants)
def test_no_rung_passes_without_an_event_that_proves_it(
    seen: Transcript, spoken: Script, variant: Variant
) -> None:
    for step in climb(seen, spoken, variant).steps:
        assert step.state is not State.PASSED or PROOFS[step.rung](seen, spoken), step


@LAW
@given(transcripts(), scripts, variants)
def test_what_holds_was_welcomed(seen: Transcript, spoken: Script, variant: Variant) -> None:
    ladder = climb(seen, spoken, variant)
    assert ladder.holds is (ladder.at(Rung.WELCOME).state is State.PASSED and not ladder.failed)


@LAW
@given(transcripts(), scripts, variants)
def test_each_failure_has_a_code_that_is_no_mere_notice_and_words_that_no_terminal_obeys(
    seen: Transcript, spoken: Script, variant: Variant
) -> None:
    for step in climb(seen, spoken, variant).steps:
        assert step.told
        assert all(words.isprintable() for words in (step.told, *step.evidence)), step
        assert (step.code is not None) is (step.state is State.FAILED)
        assert step.code is None or RULES[step.code].severity is not Severity.NOTICE


@LAW
@given(transcripts(), scripts, variants, st.lists(events, max_size=3))
def test_what_comes_once_we_have_left_mends_nothing(
    seen: Transcript, spoken: Script, variant: Variant, more: list[Event]
) -> None:
    left = replace(seen, events=(*seen.events, *leaving()))
    later = (e for e in more if isinstance(e, Received))
    after = replace(left, events=(*left.events, message(WELCOME), *later))
    assert climb(after, spoken, variant).holds is climb(left, spoken, variant).holds


@LAW
@given(transcripts(), scripts, variants)
def test_without_a_message_nobody_is_welcomed_who_should_be(
    seen: Transcript, spoken: Script, variant: Variant
) -> None:
    mute = replace(seen, events=tuple(e for e in seen.events if not isinstance(e, Received)))
    assert spoken.welcome is None or not climb(mute, spoken, variant).holds
