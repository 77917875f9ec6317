"""Every shape of failure that was seen fails on its rung, and what stands above it is masked."""

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Ladder, Rung, State, climb
from skewcheck.core.wire.script import AS_A_BROWSER, Script, Variant
from skewcheck.core.wire.transcript import Transcript, Unsendable
from tests.core.ladder.broken_conversations import BROKEN_CONVERSATIONS
from tests.core.ladder.broken_handshakes import BROKEN_HANDSHAKES
from tests.transcripts import (
    EXERCISE,
    PLAIN,
    closed,
    leaving,
    opening,
    script,
    transcript,
    welcomed,
)

SHAPES = [*BROKEN_HANDSHAKES, *BROKEN_CONVERSATIONS]


def states(ladder: Ladder) -> list[State]:
    return [step.state for step in ladder.steps]


@pytest.mark.parametrize(("seen", "expected"), SHAPES)
def test_each_shape_fails_on_its_rung_with_its_code_and_its_words(
    seen: Transcript, expected: tuple[Rung, Code, str]
) -> None:
    failed = climb(seen, PLAIN, AS_A_BROWSER).failed
    assert failed is not None
    assert (failed.rung, failed.code, failed.told) == expected


@pytest.mark.parametrize(("seen", "expected"), SHAPES)
def test_no_two_rungs_fail_and_all_above_the_one_that_does_are_masked(
    seen: Transcript, expected: tuple[Rung, Code, str]
) -> None:
    ladder = climb(seen, PLAIN, AS_A_BROWSER)
    rung, _, told = expected
    above = list(Rung)[list(Rung).index(rung) + 1 :]
    assert not ladder.holds
    assert [step.rung for step in ladder.steps if step.state is State.MASKED] == above
    assert {ladder.at(each).told for each in above} == {f"masked by {rung}: {told}"}


def test_a_welcomed_handshake_passes_all_but_what_nobody_asked_for() -> None:
    ladder = climb(welcomed(), PLAIN, AS_A_BROWSER)
    assert ladder.holds
    assert ladder.failed is None
    assert states(ladder) == [*[State.PASSED] * 7, State.UNPROVEN]
    assert [step.told for step in ladder.steps] == [
        "resolves to 203.0.113.7",
        "connected to 203.0.113.7:443",
        "HTTP 101 Switching Protocols after 30 ms",
        "switched to WebSocket",
        "selected jwt-auth",
        "the token was believed",
        "welcomed after 50 ms",
        "not asked for",
    ]


def test_a_whole_exercise_passes_to_the_top() -> None:
    spoken, asking = script(exercise=EXERCISE), Variant(exercise=True)
    ladder = climb(welcomed(spoken, asking), spoken, asking)
    assert states(ladder) == [State.PASSED] * 8
    assert ladder.at(Rung.EVENTS).told == "all 2 events came"


def test_the_script_is_varied_as_the_prober_varied_it() -> None:
    """With the token in the header, the offer that carried it is not waited for."""
    in_header = Variant(auth="header")
    spoken = script(selected="jwt.{token:base64url}")
    ladder = climb(welcomed(spoken, in_header), spoken, in_header)
    assert ladder.at(Rung.SUBPROTOCOL).told == "selected jwt-auth"
    assert ladder.holds


def test_what_no_browser_sends_leaves_all_below_it_unproven() -> None:
    ladder = climb(transcript(Unsendable(at_s=0.0, detail="a space")), PLAIN, AS_A_BROWSER)
    assert states(ladder) == [*[State.UNPROVEN] * 4, State.FAILED, *[State.MASKED] * 3]
    assert ladder.at(Rung.NAME).told == "nothing was sent"


def test_a_failure_carries_its_code_and_evidence_and_no_other_step_has_a_code() -> None:
    ladder = climb(closed(1011, "", {"type": "error"}), PLAIN, AS_A_BROWSER)
    assert ladder.at(Rung.WELCOME).evidence == ('message 1: {"type": "error"}',)
    assert [step.rung for step in ladder.steps if step.code] == [Rung.WELCOME]
    assert [step.rung for step in ladder.steps if step.evidence] == [Rung.WELCOME]


def test_a_contract_without_welcome_and_token_holds_by_staying_open() -> None:
    bare = Script()
    ladder = climb(transcript(*opening(bare), *leaving()), bare, AS_A_BROWSER)
    assert ladder.holds
    assert ladder.at(Rung.AUTH).told == "no token is asked for"
    assert ladder.at(Rung.WELCOME).told == "stayed open; the contract names no welcome"


def test_the_rungs_have_an_order_from_the_name_to_the_events() -> None:
    assert [step.rung for step in climb(welcomed(), PLAIN, AS_A_BROWSER).steps] == list(Rung)
