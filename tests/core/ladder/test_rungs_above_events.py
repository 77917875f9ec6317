"""The topmost rung: a conversation that works end to end, and each way in which it fails."""

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung, State, climb
from skewcheck.core.wire.script import AS_A_BROWSER, Script, Variant
from skewcheck.core.wire.transcript import Closed, Ended, Event, Expired, Garbage, Sent, Transcript
from tests.transcripts import (
    EXERCISE,
    PLAIN,
    WELCOME,
    leaving,
    message,
    opening,
    script,
    transcript,
    welcomed,
)

ASKING = Variant(exercise=True)
WITH_EXERCISE = script(exercise=EXERCISE)
LATE = Expired(at_s=31.0, waiting_for="events")
BY_US = Closed(at_s=3.1, by="us", code=1000)
EOF = Ended(at_s=3.1, how="eof")


def by_them(code: int | None) -> Closed:
    return Closed(at_s=3.0, by="server", code=code)


def asked(*events: Event, names: tuple[str, ...] = ("started",)) -> Transcript:
    """Welcomed, and asked for the exercise."""
    question = Sent(at_s=1.0, text='{"type":"user_message"}')
    came = (message({"type": name}, 1.5) for name in names)
    return transcript(*opening(), message(WELCOME), question, *came, *events)


@pytest.mark.parametrize(
    ("seen", "code", "told"),
    [
        pytest.param(
            asked(LATE, *leaving(31.0)),
            Code.EVENT_MISSING,
            "1 of 2 events came; missing: completed within 30 s",
            id="one is late",
        ),
        pytest.param(
            asked(LATE, *leaving(31.0), message({"type": "completed"}, 31.5)),
            Code.EVENT_MISSING,
            "1 of 2 events came; missing: completed within 30 s",
            id="one comes too late",
        ),
        pytest.param(
            asked(LATE, *leaving(31.0), names=("heartbeat",)),
            Code.EVENT_MISSING,
            "0 of 2 events came; missing: started, completed within 30 s",
            id="a heartbeat is none",
        ),
        *(
            pytest.param(
                asked(by_them(code), BY_US, EOF),
                Code.EVENT_MISSING,
                f"1 of 2 events came; missing: completed; the server closed {words} 2.95 s after"
                " the upgrade, before all events came",
                id=f"a polite close, {words}",
            )
            for code, words in (
                (1000, "with 1000"),
                (1001, "with 1001"),
                (None, "without a code (1005)"),
            )
        ),
        pytest.param(
            asked(by_them(1007), BY_US, EOF, names=()),
            Code.CLOSED_BY_SERVER_ERROR,
            "0 of 2 events came; missing: started, completed; the server closed with 1007 2.95 s"
            " after the upgrade, before all events came",
            id="a payload that the other side cannot decode",
        ),
        pytest.param(
            asked(EOF),
            Code.CUT_WITHOUT_CLOSE,
            "1 of 2 events came; missing: completed; the connection was ended without a close"
            " frame 3.05 s after the upgrade, before all events came",
            id="a cut",
        ),
        pytest.param(
            asked(Garbage(at_s=3.0, opened=True, detail="reserved bits", head="\\xff"), EOF),
            Code.PROTOCOL_GARBAGE,
            "1 of 2 events came; missing: completed; bytes that are no WebSocket 2.95 s after the"
            " upgrade, before all events came: \\xff",
            id="garbage",
        ),
    ],
)
def test_each_way_in_which_an_exercise_fails_is_told(
    seen: Transcript, code: Code, told: str
) -> None:
    failed = climb(seen, WITH_EXERCISE, ASKING).failed
    assert failed is not None
    assert (failed.rung, failed.code, failed.told) == (Rung.EVENTS, code, told)


def test_an_exercise_that_was_never_asked_for_proves_nothing() -> None:
    early = (message({"type": name}) for name in EXERCISE.expects)
    seen = transcript(*opening(), message(WELCOME), *early, *leaving())
    failed = climb(seen, WITH_EXERCISE, ASKING).failed
    assert failed is not None
    assert failed.code is Code.EVENT_MISSING


def test_what_came_instead_of_the_events_is_shown_and_nothing_from_before() -> None:
    failed = climb(asked(LATE, *leaving(31.0)), WITH_EXERCISE, ASKING).failed
    assert failed is not None
    assert failed.evidence == ('message 1: {"type": "started"}',)


def test_garbage_shows_what_was_wrong_with_it() -> None:
    seen = asked(Garbage(at_s=3.0, opened=True, detail="reserved bits", head="?"), EOF, names=())
    assert climb(seen, WITH_EXERCISE, ASKING).at(Rung.EVENTS).evidence == ("reserved bits",)


def test_our_own_limit_is_told_as_ours() -> None:
    limit = Garbage(at_s=2.0, opened=True, detail="more than 2 MiB were sent", close_code=1009)
    failed = climb(asked(limit, BY_US, names=()), WITH_EXERCISE, ASKING).failed
    assert failed is not None
    assert failed.code is Code.EVENT_MISSING
    assert failed.evidence == ("we stopped listening: more than 2 MiB were sent",)


@pytest.mark.parametrize("end", [by_them(1000), by_them(1011), EOF])
def test_once_all_events_came_the_server_may_go_as_it_likes(end: Event) -> None:
    seen = asked(end, names=("completed", "started"))
    assert climb(seen, WITH_EXERCISE, ASKING).holds


@pytest.mark.parametrize(("spoken", "variant"), [(WITH_EXERCISE, AS_A_BROWSER), (PLAIN, ASKING)])
def test_events_that_nobody_asked_for_are_neither_there_nor_missing(
    spoken: Script, variant: Variant
) -> None:
    ladder = climb(welcomed(spoken, variant), spoken, variant)
    assert ladder.at(Rung.EVENTS).state is State.UNPROVEN
    assert ladder.holds
