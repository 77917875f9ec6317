"""Laws of whole conversations with servers that say anything at any time.

They are simulated: time jumps to the next message, or to the end of the wait for it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.ladder.climb import Rung, climb
from skewcheck.core.wire.conversation import (
    PING_EVERY_S,
    STAY_S,
    Leave,
    Listen,
    Ping,
    Say,
    next_move,
    write_message,
)
from skewcheck.core.wire.messages import is_welcome
from skewcheck.core.wire.script import Script, Variant, vary
from skewcheck.core.wire.transcript import Control, Event, Expired, Received, Sent
from tests.strategies import LIKELY_TEXTS, VARIANTS
from tests.transcripts import EXERCISE, PLAIN, WELCOME, leaving, message, opening, transcript

OPENED_S = 0.05  # as `opening` has it
MOST_MOVES = 500
ROUNDING_S = 1e-9
SAYS = ({"type": "hello"}, {"type": "join"})

scripts = st.builds(
    lambda says, welcome, within_s, asks: Script(
        offers=PLAIN.offers,
        selected=PLAIN.selected,
        token_in="subprotocol",
        opens_with=SAYS[:says],
        welcome=welcome,
        welcome_within_s=within_s,
        ignore=PLAIN.ignore,
        exercise=EXERCISE if asks else None,
    ),
    st.integers(0, 2),
    st.sampled_from((WELCOME, WELCOME, None)),
    st.sampled_from((0.1, 1.0, 5.0)),
    st.booleans(),
)
arrivals = st.lists(st.tuples(st.floats(0, 40), st.sampled_from(LIKELY_TEXTS)), max_size=12)


@dataclass(frozen=True)
class Talk:
    """One conversation from the opening to our leaving; `late` is what we waited for in vain."""

    script: Script
    variant: Variant
    events: tuple[Event, ...]
    late: str
    left_s: float


def converse(script: Script, variant: Variant, said: Sequence[tuple[float, str]]) -> Talk:
    """What the server says is due so many seconds after the opening."""
    spoken = vary(script, variant)
    due = sorted((OPENED_S + delay_s, text) for delay_s, text in said)
    heard, now_s = list(opening(spoken)), OPENED_S
    for _ in range(MOST_MOVES):
        match next_move(spoken, variant, heard, now_s):
            case Leave():
                return Talk(script, variant, tuple(heard), "", now_s)
            case Say(message=words):
                heard.append(Sent(at_s=now_s, text=write_message(words)))
            case Ping():
                heard.append(Control(at_s=now_s, by="us", frame="ping"))
            case Listen(until_s=until_s) if due and due[0][0] <= until_s:
                at_s, text = due.pop(0)
                now_s = max(now_s, at_s)
                heard.append(message(text, now_s))
            case Listen(until_s=until_s, late=late):
                now_s = max(now_s, until_s)
                if late:
                    heard.append(Expired(at_s=now_s, waiting_for=late))
                    return Talk(script, variant, tuple(heard), late, now_s)
    raise AssertionError(f"no end after {MOST_MOVES} moves: {heard[-3:]}")


talks = st.builds(converse, scripts, st.sampled_from(VARIANTS), arrivals)


def said_by_us(talk: Talk) -> list[Sent]:
    return [event for event in talk.events if isinstance(event, Sent)]


@given(talks)
def test_it_always_ends_within_the_sum_of_its_deadlines(talk: Talk) -> None:
    exercise_s = EXERCISE.within_s if talk.script.exercise and talk.variant.exercise else 0.0
    stay_s = max(STAY_S, talk.variant.hold_s)
    most_s = OPENED_S + max(talk.script.welcome_within_s, STAY_S) + exercise_s + stay_s
    assert talk.left_s <= most_s + ROUNDING_S


@given(talks)
def test_each_thing_is_said_once_and_in_order(talk: Talk) -> None:
    script = vary(talk.script, talk.variant)
    asks = [script.exercise.send] if script.exercise and talk.variant.exercise else []
    everything = [*map(write_message, script.opens_with), *map(write_message, asks)]
    said = [event.text for event in said_by_us(talk)]
    assert said == everything[: len(said)]
    if not talk.late:
        assert said == everything


@given(talks)
def test_nothing_that_waits_for_the_welcome_is_said_before_it(talk: Talk) -> None:
    if talk.variant.speaks == "after-welcome" and talk.script.welcome and said_by_us(talk):
        welcome = next(
            place
            for place, event in enumerate(talk.events)
            if isinstance(event, Received) and is_welcome(talk.script, event)
        )
        assert welcome < talk.events.index(said_by_us(talk)[0])


@given(talks)
def test_a_pinging_client_is_never_silent_for_longer_than_it_may_be(talk: Talk) -> None:
    pings = [event.at_s for event in talk.events if isinstance(event, Control)]
    assert not pings or talk.variant.holds == "pinging"
    assert all(later - earlier <= PING_EVERY_S + ROUNDING_S for earlier, later in pairwise(pings))
    if pings:
        assert talk.left_s - pings[-1] <= PING_EVERY_S + ROUNDING_S


@given(talks)
def test_who_leaves_content_was_welcomed_and_who_waits_in_vain_was_not(talk: Talk) -> None:
    whole = transcript(*talk.events, *leaving(talk.left_s))
    ladder = climb(whole, talk.script, talk.variant)
    if not talk.late:
        assert ladder.failed is None, ladder.failed
    else:
        expected = Rung.WELCOME if talk.late == "welcome" else Rung.EVENTS
        assert ladder.failed is not None
        assert ladder.failed.rung is expected


@given(talks, st.sampled_from(LIKELY_TEXTS))
def test_a_heartbeat_more_changes_nothing_that_we_say(talk: Talk, text: str) -> None:
    said = [(e.at_s - OPENED_S, e.text) for e in talk.events if isinstance(e, Received)]
    beating = json.dumps({"type": "heartbeat", "text": text})
    again = converse(talk.script, talk.variant, [*((s, t or "") for s, t in said), (0.0, beating)])
    assert [e.text for e in said_by_us(again)] == [e.text for e in said_by_us(talk)]
    assert again.late == talk.late
