"""The conversation: who is believed, who is welcomed, and for how long that is worth anything."""

from typing import Any

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung, State, Step, climb
from skewcheck.core.ladder.rungs_above import gone_after_welcome
from skewcheck.core.wire.script import AS_A_BROWSER, Script, Variant
from skewcheck.core.wire.transcript import (
    Closed,
    Ended,
    Event,
    Expired,
    Garbage,
    Sent,
    Transcript,
)
from tests.core.ladder.broken_conversations import CHALLENGE, HEARTBEAT, MISMATCH
from tests.transcripts import (
    EXERCISE,
    PLAIN,
    WELCOME,
    closed,
    cut,
    cut_after_welcome,
    leaving,
    message,
    opening,
    script,
    silent,
    transcript,
    welcomed,
)

ASKING = Variant(exercise=True)
SILENT, PINGING = (Variant(holds=how, hold_s=3) for how in ("silent", "pinging"))
WITH_EXERCISE = script(exercise=EXERCISE)
WITHOUT_WELCOME = script(welcome=None)
WITHOUT_TOKEN = script(offers=("v1",), selected="v1", token_in="none")
BY_US = Closed(at_s=3.1, by="us", code=1000)
EOF, LEFT = (Ended(at_s=3.1, how=how) for how in ("eof", "left"))
TOO_MUCH = Garbage(at_s=0.2, opened=True, detail="more than 2 MiB were sent", close_code=1009)


def by_them(code: int | None, at_s: float = 3.0) -> Closed:
    return Closed(at_s=at_s, by="server", code=code)


def step(
    rung: Rung, seen: Transcript, spoken: Script = PLAIN, variant: Variant = AS_A_BROWSER
) -> Step:
    return climb(seen, spoken, variant).at(rung)


def evidence_of(*said: Any) -> tuple[str, ...]:
    late = Expired(at_s=5.05, waiting_for="welcome")
    seen = transcript(*opening(), *map(message, said), late, *leaving(5.06))
    return step(Rung.WELCOME, seen).evidence


@pytest.mark.parametrize(
    ("seen", "spoken", "expected"),
    [
        pytest.param(
            welcomed(), PLAIN, (State.PASSED, "the token was believed"), id="a welcome proves it"
        ),
        pytest.param(
            silent(), PLAIN, (State.UNPROVEN, "no word on the token"), id="silence proves nothing"
        ),
        pytest.param(
            closed(1000), PLAIN, (State.UNPROVEN, "no word on the token"), id="nor does 1000"
        ),
        pytest.param(
            welcomed(WITHOUT_TOKEN),
            WITHOUT_TOKEN,
            (State.PASSED, "no token is asked for"),
            id="none is asked for",
        ),
        pytest.param(
            silent(WITHOUT_TOKEN),
            WITHOUT_TOKEN,
            (State.PASSED, "no token is asked for"),
            id="none is asked for, and no welcome came",
        ),
        pytest.param(
            transcript(*opening(), message(WELCOME), by_them(4401), EOF),
            PLAIN,
            (State.PASSED, "the token was believed"),
            id="a refusal after the welcome is another matter",
        ),
    ],
)
def test_only_a_welcome_proves_that_the_token_was_believed(
    seen: Transcript, spoken: Script, expected: tuple[State, str]
) -> None:
    auth = step(Rung.AUTH, seen, spoken)
    assert (auth.state, auth.told) == expected


def test_who_asks_for_no_token_may_still_refuse() -> None:
    refused = step(Rung.AUTH, closed(4401, spoken=WITHOUT_TOKEN), WITHOUT_TOKEN)
    assert refused.code is Code.AUTH_REJECTED


def test_a_refusal_shows_what_was_said_before_it() -> None:
    assert step(Rung.AUTH, closed(1008, "", MISMATCH)).evidence == (
        'message 1: {"type": "error", "message": "protocol mismatch"}',
    )


def test_what_came_instead_of_a_welcome_is_shown() -> None:
    assert evidence_of(CHALLENGE, HEARTBEAT, "42") == (
        'message 1: {"type": "challenge", "nonce": "1f2e"}',
        'message 2: {"type": "heartbeat"}',
        "message 3: 42",
    )
    assert evidence_of() == ()


@pytest.mark.parametrize("code", [1010, 1015])
def test_the_codes_beside_those_of_a_server_error_are_none(code: int) -> None:
    assert step(Rung.WELCOME, closed(code)).code is Code.CLOSED_BEFORE_WELCOME


def test_our_own_limit_is_told_as_ours() -> None:
    seen = transcript(*opening(), TOO_MUCH, BY_US, LEFT)
    missing = step(Rung.WELCOME, seen)
    assert missing.code is Code.WELCOME_MISSING
    assert missing.evidence == ("we stopped listening: more than 2 MiB were sent",)
    late = Garbage(at_s=5.2, opened=True, detail="reserved bits")
    assert step(Rung.WELCOME, transcript(*silent().events, late)).evidence == ()


@pytest.mark.parametrize(
    ("events", "variant"),
    [
        pytest.param((TOO_MUCH, BY_US, LEFT), AS_A_BROWSER, id="more than we take in"),
        pytest.param((BY_US, by_them(1000), LEFT), AS_A_BROWSER, id="they answer our close"),
        pytest.param((BY_US, EOF), AS_A_BROWSER, id="they hang up after our close"),
        pytest.param((by_them(1000), BY_US, EOF), SILENT, id="a close within a silent hold"),
        pytest.param((EOF,), PINGING, id="a cut within a pinging hold"),
        pytest.param((by_them(1001), BY_US, EOF), SILENT, id="a polite close within a hold"),
    ],
)
def test_a_welcome_stands_where_nobody_went_back_on_it(
    events: tuple[Event, ...], variant: Variant
) -> None:
    seen = transcript(*opening(), message(WELCOME), *events)
    welcome = step(Rung.WELCOME, seen, variant=variant)
    assert (welcome.state, welcome.told) == (State.PASSED, "welcomed after 50 ms")


@pytest.mark.parametrize("variant", [AS_A_BROWSER, SILENT, PINGING])
def test_a_welcome_that_is_taken_back_at_once_is_none_however_long_we_meant_to_stay(
    variant: Variant,
) -> None:
    gone = step(Rung.WELCOME, cut_after_welcome(0.19), variant=variant)
    assert gone.code is Code.CUT_WITHOUT_CLOSE


def test_a_close_after_our_first_words_takes_the_welcome_back_though_it_came_before_them() -> None:
    hello = Sent(at_s=0.11, text='{"type":"hello"}')
    spoken = script(opens_with=({"type": "hello"},))
    seen = transcript(*opening(), message(WELCOME), hello, by_them(4400, 0.15), BY_US, EOF)
    gone = step(Rung.WELCOME, seen, spoken)
    assert gone.code is Code.CLOSED_BY_SERVER_ERROR
    assert gone.told == "the server closed with 4400 50 ms after the welcome, unasked"


def test_an_illegal_code_is_told_as_such_after_a_welcome_too() -> None:
    seen = transcript(*opening(), message(WELCOME), by_them(10000, 0.15), BY_US, EOF)
    assert step(Rung.WELCOME, seen).told.endswith("; RFC 6455 §7.4 permits no such code")


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        pytest.param(silent(WITHOUT_WELCOME), State.PASSED, id="we left"),
        pytest.param(
            transcript(*opening(), TOO_MUCH, BY_US, LEFT), State.PASSED, id="we had heard enough"
        ),
        pytest.param(cut(WITHOUT_WELCOME), State.FAILED, id="it was cut"),
        pytest.param(closed(1000), State.FAILED, id="it was closed"),
        pytest.param(transcript(*opening()), State.FAILED, id="the transcript stops"),
    ],
)
def test_where_no_welcome_is_named_it_must_have_stayed_open_until_we_left(
    seen: Transcript, state: State
) -> None:
    assert step(Rung.WELCOME, seen, WITHOUT_WELCOME).state is state


@pytest.mark.parametrize(
    ("at_s", "variant", "state"),
    [
        pytest.param(4.0, SILENT, State.FAILED, id="within the time of a welcome"),
        pytest.param(5.02, SILENT, State.FAILED, id="within that time, counted from the opening"),
        pytest.param(6.0, SILENT, State.PASSED, id="later, in a silent hold"),
        pytest.param(6.0, PINGING, State.PASSED, id="later, in a pinging hold"),
        pytest.param(6.0, AS_A_BROWSER, State.FAILED, id="later, but nobody wanted to hold it"),
    ],
)
def test_where_no_welcome_is_named_a_hold_may_end_once_a_welcome_would_have_come(
    at_s: float, variant: Variant, state: State
) -> None:
    seen = cut(WITHOUT_WELCOME, at_s)
    assert step(Rung.WELCOME, seen, WITHOUT_WELCOME, variant).state is state
    assert gone_after_welcome(seen, WITHOUT_WELCOME) == pytest.approx(at_s - 0.05)


@pytest.mark.parametrize(
    ("seen", "gone_s"),
    [
        pytest.param(cut_after_welcome(2.5), 2.5, id="cut"),
        pytest.param(transcript(*opening(), message(WELCOME), by_them(1000)), 2.9, id="closed"),
        pytest.param(welcomed(), None, id="we left"),
        pytest.param(cut(), None, id="no welcome"),
        pytest.param(silent(), None, id="neither"),
    ],
)
def test_how_long_a_connection_lived_is_counted_from_its_welcome(
    seen: Transcript, gone_s: float | None
) -> None:
    expected = None if gone_s is None else pytest.approx(gone_s)
    assert gone_after_welcome(seen, PLAIN) == expected
