"""One transcript, two readings: what a browser reports, and what RFC 6455 permits.

The table is what Chromium and client libraries were seen to do with the same server.
"""

import pytest
from hypothesis import given

from skewcheck.core.ladder.readings import (
    Reading,
    describe_difference,
    ending,
    legal_close,
    read_as_browser,
    read_as_rfc,
)
from skewcheck.core.wire.script import Script
from skewcheck.core.wire.transcript import (
    Closed,
    Ended,
    Event,
    Garbage,
    Interim,
    NotOpened,
    Opened,
    Transcript,
    Unsendable,
)
from tests.strategies import transcripts
from tests.transcripts import (
    answered,
    closed,
    connecting,
    cut,
    leaving,
    opening,
    rejected,
    requesting,
    silent,
    transcript,
    welcomed,
)

OPEN = Reading(opened=True, subprotocol="jwt-auth")
REFUSED = Reading(opened=False, code=1006)
NOBODY = Script()
BY_THEM = Closed(at_s=1.0, by="server", code=1000, reason="bye")
BY_US = Closed(at_s=1.1, by="us", code=1000)
NO_FRAME = Garbage(at_s=1.0, opened=True, detail="reserved bits must be 0")
TOO_MUCH = Garbage(at_s=1.0, opened=True, detail="more than 2 MiB were sent", close_code=1009)
EOF, LEFT = (Ended(at_s=1.2, how=how) for how in ("eof", "left"))


def closing(code: int | None, *, clean: bool = True) -> Reading:
    return Reading(opened=True, subprotocol="jwt-auth", code=code, clean=clean)


def facts(reading: Reading) -> tuple[bool, str, int | None, bool]:
    return reading.opened, reading.subprotocol, reading.code, reading.clean


def unselected(*then: Event) -> Transcript:
    return transcript(*opening(selected=None), *(then or leaving()))


def unopened(detail: str) -> Transcript:
    refused = NotOpened(at_s=0.06, detail=detail)
    return transcript(*requesting(), answered(101), refused, LEFT)


@pytest.mark.parametrize(
    ("seen", "browser", "rfc"),
    [
        pytest.param(welcomed(), OPEN, OPEN, id="all is well"),
        pytest.param(silent(), OPEN, OPEN, id="silence"),
        pytest.param(
            unselected(), REFUSED, Reading(opened=True), id="offered and none was selected"
        ),
        pytest.param(
            unselected(Closed(at_s=1.0, by="server", code=4406), EOF),
            REFUSED,
            Reading(opened=True, code=4406, clean=True),
            id="none was selected and then 4406",
        ),
        pytest.param(
            transcript(*opening(NOBODY), *leaving()),
            Reading(opened=True),
            Reading(opened=True),
            id="none was offered",
        ),
        pytest.param(
            unopened("it selects v9, which was not offered"), REFUSED, REFUSED, id="unoffered"
        ),
        pytest.param(
            transcript(Unsendable(at_s=0.0, detail="a space")), REFUSED, REFUSED, id="unsendable"
        ),
        pytest.param(rejected(403), REFUSED, REFUSED, id="an HTTP error"),
        pytest.param(transcript(*connecting(), EOF), REFUSED, REFUSED, id="no answer"),
        pytest.param(closed(1000), closing(1000), closing(1000), id="1000"),
        pytest.param(closed(4999), closing(4999), closing(4999), id="4999"),
        pytest.param(closed(None, ""), closing(1005), closing(1005), id="an empty close"),
        pytest.param(
            closed(10000), closing(10000), closing(1006, clean=False), id="10000, an illegal code"
        ),
        pytest.param(closed(999), closing(999), closing(1006, clean=False), id="999"),
        pytest.param(closed(2000), closing(2000), closing(1006, clean=False), id="2000"),
        *(
            pytest.param(
                closed(code),
                closing(1006, clean=False),
                closing(1006, clean=False),
                id=f"{code}, which is never sent",
            )
            for code in (1005, 1006, 1015)
        ),
        pytest.param(cut(), closing(1006, clean=False), closing(1006, clean=False), id="a cut"),
        pytest.param(
            transcript(*opening(), NO_FRAME, BY_US, EOF),
            closing(1006, clean=False),
            closing(1006, clean=False),
            id="garbage",
        ),
        pytest.param(
            transcript(*opening(), BY_THEM, NO_FRAME, BY_US, EOF),
            closing(1006, clean=False),
            closing(1006, clean=False),
            id="a close frame that nobody can read",
        ),
        pytest.param(
            transcript(*opening(), TOO_MUCH, BY_US, LEFT), OPEN, OPEN, id="more than we take in"
        ),
    ],
)
def test_both_readings_of_one_answer(seen: Transcript, browser: Reading, rfc: Reading) -> None:
    as_browser, as_rfc = read_as_browser(seen), read_as_rfc(seen)
    assert facts(as_browser) == facts(browser)
    assert facts(as_rfc) == facts(rfc)
    assert bool(describe_difference(as_browser, as_rfc)) is (facts(browser) != facts(rfc))


def test_an_interim_answer_is_refused_by_browsers_alone() -> None:
    early = Interim(at_s=0.04, status=103)
    seen = transcript(*requesting(), early, answered(101), Opened(at_s=0.05, subprotocol="x"))
    assert read_as_browser(seen).why == "HTTP 103 came before the answer"
    assert read_as_rfc(seen).opened


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (transcript(Unsendable(at_s=0.0, detail="a space")), "a space"),
        (unopened("a wrong Sec-WebSocket-Accept"), "a wrong Sec-WebSocket-Accept"),
        (rejected(403), "HTTP 403"),
        (transcript(*connecting()), "no answer"),
        (
            unselected(),
            "none of the offered subprotocols was selected: jwt-auth, jwt.[token]",
        ),
    ],
)
def test_a_refusal_says_why(seen: Transcript, why: str) -> None:
    assert read_as_browser(seen).why == why


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param((), None, id="nothing"),
        pytest.param((BY_US, BY_THEM, LEFT), None, id="we left and they answered"),
        pytest.param((BY_US, EOF), None, id="we left and they hung up"),
        pytest.param((LEFT,), None, id="we left without a word"),
        pytest.param((BY_US, NO_FRAME), None, id="garbage after we left"),
        pytest.param((BY_THEM, BY_US, EOF), BY_THEM, id="they closed"),
        pytest.param((BY_THEM, LEFT), BY_THEM, id="they closed and did not hang up"),
        pytest.param((BY_THEM, EOF), BY_THEM, id="they closed and hung up at once"),
        pytest.param((BY_THEM, BY_THEM), BY_THEM, id="they closed and no more is known"),
        pytest.param((EOF,), EOF, id="they hung up"),
        pytest.param((NO_FRAME, BY_US, EOF), NO_FRAME, id="garbage"),
        pytest.param((BY_THEM, NO_FRAME), NO_FRAME, id="a broken close"),
        pytest.param((TOO_MUCH, BY_US), None, id="too much"),
        pytest.param(
            (Garbage(at_s=0.1, opened=False, detail=""), BY_THEM), BY_THEM, id="no HTTP before it"
        ),
    ],
)
def test_what_ended_it_is_the_first_thing_that_did(
    events: tuple[Event, ...], expected: Event | None
) -> None:
    assert ending(transcript(*opening(), *events)) == expected


@pytest.mark.parametrize(
    ("code", "legal"),
    [
        (None, True),
        *((code, True) for code in (1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999)),
        *((code, False) for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 10000)),
    ],
)
def test_close_codes_are_legal_by_the_registry(code: int | None, *, legal: bool) -> None:
    assert legal_close(code) is legal


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (OPEN, "is open"),
        (REFUSED, "refuses the handshake"),
        (Reading(opened=False, code=1006, why="HTTP 403"), "refuses the handshake (HTTP 403)"),
        (closing(1005), "closes with 1005, cleanly"),
        (closing(1006, clean=False), "closes with 1006"),
        (
            Reading(opened=True, code=1000, clean=True, why="\x1b[2Jbye"),
            "closes with 1000, cleanly (\\x1b[2Jbye)",
        ),
    ],
)
def test_a_reading_is_told_in_words_that_no_terminal_obeys(reading: Reading, told: str) -> None:
    assert str(reading) == told


def test_a_difference_names_both_sides() -> None:
    seen = closed(10000, "own code")
    assert describe_difference(read_as_browser(seen), read_as_rfc(seen)) == (
        "a browser closes with 10000, cleanly (own code); a client that keeps to RFC 6455 closes"
        " with 1006 (10000 is no close code that RFC 6455 §7.4 permits)"
    )


def test_why_alone_is_no_difference() -> None:
    one = Reading(opened=False, code=1006, why="a")
    assert describe_difference(one, Reading(opened=False, code=1006, why="b")) == ""


@given(transcripts())
def test_a_browser_never_opens_what_rfc_6455_refuses(seen: Transcript) -> None:
    browser, rfc = read_as_browser(seen), read_as_rfc(seen)
    assert rfc.opened or not browser.opened
    assert str(browser).isprintable()
    for reading in (browser, rfc):
        assert reading.opened or (reading.code, reading.clean) == (1006, False)
        assert not reading.opened or seen.first(Opened) is not None
        assert not reading.clean or any(close.by == "server" for close in seen.all(Closed))
