"""What comes next on an open socket, move by move."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.wire.conversation import (
    STAY_S,
    Leave,
    Listen,
    Move,
    Ping,
    Say,
    heard_after_asking,
    next_move,
    welcomed_at,
    write_message,
)
from skewcheck.core.wire.script import AS_A_BROWSER, Script, Variant
from skewcheck.core.wire.transcript import (
    Closed,
    Control,
    Ended,
    Event,
    Expired,
    Garbage,
    Opened,
    Sent,
)
from tests.transcripts import EXERCISE, PLAIN, WELCOME, message

HELLO, JOIN = {"type": "hello"}, {"type": "join"}
OPENED = Opened(at_s=1.0)
WELCOMED = message(WELCOME, 2.0)
ASKED = Sent(at_s=2.0, text='{"type":"user_message"}')
AFTER = Variant(speaks="after-welcome")
EXERCISING = Variant(exercise=True)
TALKING = replace(PLAIN, opens_with=(HELLO, JOIN))
ASKING = replace(PLAIN, exercise=EXERCISE)
UNWELCOMING = Script(welcome_within_s=5)


def sent(at_s: float = 1.0) -> Sent:
    return Sent(at_s=at_s, text="{}")


def move(
    *heard: Event, script: Script = PLAIN, variant: Variant = AS_A_BROWSER, now_s: float = 2.0
) -> Move:
    return next_move(script, variant, heard, now_s)


def test_a_welcome_is_waited_for_from_the_opening_on() -> None:
    assert move(OPENED, now_s=1.0) == Listen(6.0, late="welcome")
    assert move(OPENED, message({"type": "challenge"}, 4.0), now_s=4.0) == Listen(6.0, "welcome")


def test_before_the_opening_is_on_record_now_is_its_time() -> None:
    assert move(now_s=3.0) == Listen(8.0, late="welcome")


def test_what_opens_the_conversation_is_said_in_order_and_at_once() -> None:
    assert move(OPENED, script=TALKING) == Say(HELLO)
    assert move(OPENED, sent(), script=TALKING) == Say(JOIN)
    assert move(OPENED, sent(), sent(), script=TALKING) == Listen(6.0, late="welcome")


def test_what_opens_the_conversation_is_said_even_where_the_welcome_came_first() -> None:
    assert move(OPENED, WELCOMED, script=TALKING) == Say(HELLO)


def test_who_speaks_after_the_welcome_waits_for_it() -> None:
    assert move(OPENED, script=TALKING, variant=AFTER) == Listen(6.0, late="welcome")
    assert move(OPENED, WELCOMED, script=TALKING, variant=AFTER) == Say(HELLO)


def test_a_welcome_at_the_very_first_moment_is_one_too() -> None:
    heard = (Opened(at_s=0.0), message(WELCOME, 0.0))
    assert move(*heard, script=TALKING, variant=AFTER, now_s=0.0) == Say(HELLO)


def test_a_welcomed_client_stays_a_little_and_then_leaves() -> None:
    assert move(OPENED, WELCOMED) == Listen(2.0 + STAY_S)
    assert move(OPENED, WELCOMED, now_s=2.0 + STAY_S) == Leave()


def test_where_no_welcome_is_named_staying_open_stands_for_it() -> None:
    patient_s = 1.0 + 5.0 - STAY_S
    assert move(OPENED, script=UNWELCOMING) == Listen(patient_s)
    assert move(OPENED, script=UNWELCOMING, now_s=patient_s) == Listen(patient_s + STAY_S)
    assert move(OPENED, script=UNWELCOMING, now_s=6.0) == Leave()


def test_where_no_welcome_is_named_who_speaks_after_it_still_comes_to_speak() -> None:
    script = replace(UNWELCOMING, opens_with=(HELLO,), exercise=EXERCISE)
    variant = replace(AFTER, exercise=True)
    assert move(OPENED, script=script, variant=variant) == Listen(6.0 - STAY_S)
    assert move(OPENED, script=script, variant=variant, now_s=5.9) == Say(HELLO)
    assert move(OPENED, sent(5.9), script=script, variant=variant, now_s=5.9) == Say(EXERCISE.send)


def test_an_exercise_is_asked_for_once_welcomed_and_only_by_its_variant() -> None:
    assert move(OPENED, WELCOMED, script=ASKING, variant=EXERCISING) == Say(EXERCISE.send)
    assert move(OPENED, WELCOMED, script=ASKING) == Listen(2.0 + STAY_S)
    assert move(OPENED, WELCOMED, variant=EXERCISING) == Listen(2.0 + STAY_S)
    assert move(OPENED, script=ASKING, variant=EXERCISING) == Listen(6.0, late="welcome")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param((), Listen(32.0, late="events"), id="nothing yet"),
        pytest.param(("started",), Listen(32.0, late="events"), id="one of two"),
        pytest.param(("started", "completed"), Leave(), id="in order"),
        pytest.param(("completed", "started"), Leave(), id="in another order"),
        pytest.param(("started", "started"), Listen(32.0, late="events"), id="one twice"),
        pytest.param(("started", "heartbeat"), Listen(32.0, late="events"), id="a heartbeat"),
    ],
)
def test_an_exercise_is_asked_for_once_and_then_its_events_are_waited_for(
    said: tuple[str, ...], expected: Move
) -> None:
    heard: tuple[Event, ...] = (
        OPENED,
        WELCOMED,
        ASKED,
        *(message({"type": name}, 3.0) for name in said),
    )
    assert move(*heard, script=ASKING, variant=EXERCISING, now_s=4.0) == expected


def test_events_from_before_the_exercise_prove_nothing_even_in_the_same_instant() -> None:
    early = tuple(message({"type": name}, 2.0) for name in EXERCISE.expects)
    asked = move(OPENED, WELCOMED, *early, ASKED, script=ASKING, variant=EXERCISING)
    assert asked == Listen(32.0, late="events")


def test_what_opens_the_conversation_is_not_taken_for_the_exercise() -> None:
    script = replace(ASKING, opens_with=(HELLO,))
    heard = (OPENED, sent(), WELCOMED)
    assert move(*heard, script=script, variant=EXERCISING) == Say(EXERCISE.send)
    assert heard_after_asking(script, heard) is None
    assert heard_after_asking(script, (*heard, ASKED, WELCOMED)) == (ASKED, WELCOMED)


def test_a_silent_hold_listens_to_its_end() -> None:
    hold = Variant(holds="silent", hold_s=10)
    assert move(OPENED, WELCOMED, variant=hold) == Listen(12.0)
    assert move(OPENED, WELCOMED, variant=hold, now_s=12.0) == Leave()


def control(at_s: float, by: Any = "us", frame: Any = "ping") -> Control:
    return Control(at_s=at_s, by=by, frame=frame)


@pytest.mark.parametrize(
    ("heard", "now_s", "expected"),
    [
        pytest.param((), 2.0, Listen(3.0), id="the first is due after a second"),
        pytest.param((), 3.0, Ping(), id="and then sent"),
        pytest.param((control(3.0),), 3.0, Listen(4.0), id="the next a second later"),
        pytest.param((control(3.0),), 4.5, Ping(), id="late if need be"),
        pytest.param((control(3.0, "server"),), 3.0, Ping(), id="theirs is not ours"),
        pytest.param((control(3.0, frame="pong"),), 3.0, Ping(), id="a pong is no ping"),
        pytest.param((control(11.5),), 11.5, Listen(12.0), id="none is due before the end"),
        pytest.param((), 12.0, Leave(), id="the end"),
    ],
)
def test_a_pinging_hold_pings_each_second(
    heard: tuple[Event, ...], now_s: float, expected: Move
) -> None:
    hold = Variant(holds="pinging", hold_s=10)
    assert move(OPENED, WELCOMED, *heard, variant=hold, now_s=now_s) == expected


GIVING_UP = [
    pytest.param(Expired(at_s=6.0, waiting_for="welcome"), id="patience"),
    pytest.param(Closed(at_s=6.0, by="us", code=1000), id="our close"),
    pytest.param(Closed(at_s=6.0, by="server", code=1000), id="their close"),
    pytest.param(Garbage(at_s=6.0, opened=True, detail=""), id="garbage"),
    pytest.param(Ended(at_s=6.0, how="eof"), id="the end"),
]


@pytest.mark.parametrize("over", GIVING_UP)
def test_what_comes_after_the_end_comes_too_late(over: Event) -> None:
    assert welcomed_at(PLAIN, (OPENED, over, WELCOMED)) is None
    assert welcomed_at(PLAIN, (OPENED, WELCOMED, over)) == 2.0
    assert heard_after_asking(ASKING, (WELCOMED, ASKED, over, WELCOMED)) == (ASKED,)


def test_the_first_welcome_counts() -> None:
    assert welcomed_at(PLAIN, (OPENED, WELCOMED, message(WELCOME, 3.0))) == 2.0


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ({"type": "hi", "é": [1, None]}, '{"type":"hi","é":[1,null]}'),
        ({"n": 1.0, "deep": [{"m": -2.0}, (3.0,)]}, '{"n":1,"deep":[{"m":-2},[3]]}'),
        ({"n": 1.5, "t": True}, '{"n":1.5,"t":true}'),
        ({"n": -0.0}, '{"n":0}'),
        ({"n": 9007199254740991.0}, '{"n":9007199254740991}'),
        ({"n": 1e300}, '{"n":1e+300}'),
    ],
)
def test_messages_are_written_as_a_browser_writes_them(said: Any, written: str) -> None:
    assert write_message(said) == written
