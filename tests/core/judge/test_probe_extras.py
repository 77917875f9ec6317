"""What probes prove besides the handshake: controls, conversations, echoes, cuts and races."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.findings import Code, Severity
from skewcheck.core.probed.probes import Format, Probed
from skewcheck.core.wire.script import Script, Variant
from skewcheck.core.wire.transcript import Echoed, NotResolved, Sent, Transcript
from tests.builders import OLD_FORMAT
from tests.links import codes_of, judged, the
from tests.transcripts import (
    DIRECT,
    EXERCISE,
    WELCOME,
    closed,
    cut,
    cut_after_welcome,
    format_of,
    leaving,
    message,
    opening,
    probed,
    rejected,
    script,
    silent,
    transcript,
    welcomed,
)

CONTROL, MADE_UP = Variant(control=True), Variant(made_up=True)
AT_ONCE = Variant(speaks="at-once")
TALK = Variant(exercise=True)
SILENT, PINGING = Variant(holds="silent", hold_s=9), Variant(holds="pinging", hold_s=9)
OLD_FORM = format_of(fingerprint=OLD_FORMAT)
TALKS = format_of(script(exercise=EXERCISE))
NOT_HEARD = transcript(NotResolved(at_s=0.1, detail="no such name"))


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        pytest.param(CONTROL, "wrong format, made-up token", id="wrong format"),
        pytest.param(MADE_UP, "made-up token", id="made-up token"),
    ],
)
def test_a_server_that_welcomes_anybody_makes_every_welcome_worthless(
    variant: Variant, told: str
) -> None:
    found = the(Code.ACCEPTS_ANYTHING, judged(probed(), probed(variant=variant)))
    assert found.sentence == (f"{told}: welcomed at the edge; the other welcomes prove nothing")
    assert found.severity is Severity.UNKNOWN


def unselected(spoken: Format) -> Probed:
    """Opened without any subprotocol, and welcomed."""
    said = transcript(*opening(spoken.script, selected=None), message(WELCOME), *leaving())
    return probed(said, variant=CONTROL, spoken=spoken)


def test_a_welcome_for_a_made_up_token_counts_though_a_browser_stops_before_it() -> None:
    assert Code.ACCEPTS_ANYTHING in codes_of(probed(), unselected(format_of()))


def test_where_no_token_is_at_stake_the_browsers_rule_is_enough() -> None:
    plain = format_of(Script(offers=("chat",), selected="chat", welcome=WELCOME))
    assert codes_of(probed(spoken=plain), unselected(plain)) == []


def test_a_control_that_is_refused_is_no_finding() -> None:
    assert codes_of(probed(), probed(rejected(400), variant=CONTROL)) == []


def test_a_control_that_is_refused_was_not_welcomed_though_no_welcome_is_due() -> None:
    quiet = format_of(script(welcome=None))
    refused = probed(rejected(400), variant=CONTROL, spoken=quiet)
    assert codes_of(probed(spoken=quiet), refused) == []


def test_a_control_that_was_not_heard_has_controlled_nothing() -> None:
    found = the(Code.NOT_COMPARABLE, judged(probed(), probed(NOT_HEARD, variant=CONTROL)))
    assert "the negative control at the edge came to nothing: name not resolved" in found.sentence


def test_where_nothing_holds_nothing_needs_a_control() -> None:
    seen = probed(NOT_HEARD), probed(NOT_HEARD, variant=CONTROL)
    assert Code.NOT_COMPARABLE not in codes_of(*seen)
    elsewhere = probed(target=DIRECT), probed(NOT_HEARD, variant=CONTROL)
    assert codes_of(*elsewhere) == []


def conversation(*events: str) -> Transcript:
    said = Sent(at_s=0.2, text='{"type":"user_message"}')
    heard = [message({"type": each}, 0.25) for each in events]
    return transcript(*opening(), message(WELCOME), said, *heard, *leaving(31))


def test_an_event_that_does_not_come_is_found() -> None:
    seen = probed(spoken=TALKS), probed(conversation("started"), variant=TALK, spoken=TALKS)
    found = the(Code.EVENT_MISSING, judged(*seen))
    assert "1 of 2 events came; missing: completed" in found.sentence
    assert found.sentence.endswith("(at the edge, in the format of 9e39e39, exercise)")
    assert any("started" in each for each in found.evidence)


def test_a_whole_conversation_is_no_finding() -> None:
    whole = probed(conversation("started", "completed"), variant=TALK, spoken=TALKS)
    assert codes_of(probed(spoken=TALKS), whole) == []


def test_a_conversation_that_ends_early_is_told_by_its_own_failure() -> None:
    seen = probed(spoken=TALKS), probed(cut(), variant=TALK, spoken=TALKS)
    assert codes_of(*seen) == [Code.CUT_WITHOUT_CLOSE]


def echoing(where: str = "answer", **changed: Any) -> Probed:
    events = (*welcomed().events, Echoed(at_s=0.06, where=where))
    return probed(transcript(*events), **changed)


def test_a_token_that_comes_back_is_told_once_with_its_place() -> None:
    found = the(Code.TOKEN_ECHOED, judged(echoing(), echoing("a message")))
    assert found.sentence.startswith("the token comes back in the answer at the edge")


def test_tokens_that_come_back_at_several_places_or_formats_are_all_told() -> None:
    seen = echoing(), echoing(target=DIRECT), echoing(spoken=OLD_FORM)
    assert codes_of(*seen) == [Code.TOKEN_ECHOED] * 3


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(CONTROL, id="made up, wrong format"),
        pytest.param(MADE_UP, id="made up"),
        pytest.param(Variant(auth="subprotocol"), id="where no client puts it"),
    ],
)
def test_a_token_that_gives_nothing_away_may_come_back(variant: Variant) -> None:
    assert Code.TOKEN_ECHOED not in codes_of(echoing(variant=variant))


def test_a_token_that_a_loss_brings_back_is_told() -> None:
    lost = Variant(without=("upgrade",))
    assert Code.TOKEN_ECHOED in codes_of(echoing(variant=lost))


def held(silent_for: float | None, pinging_for: float | None) -> tuple[Probed, ...]:
    """A silent and a pinging connection, each cut after so long, or left by us."""
    return tuple(
        probed(welcomed(variant=how) if after is None else cut_after_welcome(after), variant=how)
        for how, after in ((SILENT, silent_for), (PINGING, pinging_for))
    )


def test_a_connection_that_is_cut_only_when_silent_is_idle() -> None:
    found = the(Code.IDLE_CUT, judged(*held(4, None)))
    assert found.sentence == (
        "a silent connection through the edge is cut after 4.00 s;"
        " one with a ping each second lives on (9.00 s watched)"
    )
    assert (found.severity, found.fix) == (
        Severity.NOTICE,
        "send a ping more often than every 4.00 s",
    )


def test_a_connection_that_is_cut_though_it_pings_has_a_limited_lifetime() -> None:
    found = the(Code.LIFETIME_CUT, judged(*held(4, 4)))
    assert "cut 4.00 s after the welcome, also while pings go to and fro" in found.sentence


def test_a_connection_that_only_pings_kill_is_told_as_that() -> None:
    found = the(Code.CUT_WITHOUT_CLOSE, judged(*held(None, 4)))
    assert found.sentence.endswith("a silent one lives on (9.00 s watched)")


def test_connections_that_live_are_no_finding() -> None:
    assert codes_of(*held(None, None)) == []


@pytest.mark.parametrize(("silent_for", "pinging_for"), [(0.05, None), (4, 0.05)])
def test_what_was_never_let_in_proves_no_cut_and_is_told(
    silent_for: float, pinging_for: float | None
) -> None:
    assert codes_of(*held(silent_for, pinging_for)) == [Code.CUT_WITHOUT_CLOSE]


def test_a_held_connection_that_is_refused_is_told() -> None:
    quiet, _ = held(None, None)
    refused = probed(closed(1013, "try again"), variant=PINGING)
    assert codes_of(quiet, refused) == [Code.CLOSED_BY_SERVER_ERROR]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"target": DIRECT}, id="elsewhere"),
        pytest.param({"spoken": OLD_FORM}, id="another format"),
        pytest.param({"variant": replace(PINGING, hold_s=2)}, id="for another time"),
    ],
)
def test_only_twins_are_compared(other: dict[str, Any]) -> None:
    quiet, _ = held(4, None)
    assert codes_of(quiet, probed(**({"variant": PINGING} | other))) == []


def test_a_client_that_must_not_speak_at_once_is_told_of_a_race() -> None:
    found = the(Code.HANDSHAKE_RACE, judged(probed(), probed(silent(), variant=AT_ONCE)))
    assert found.sentence.startswith("a client that speaks at once, before the welcome, fails")


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([probed(), probed(variant=AT_ONCE)], id="it may"),
        pytest.param([probed(spoken=OLD_FORM), probed(silent(), variant=AT_ONCE)], id="format"),
        pytest.param([probed(target=DIRECT), probed(silent(), variant=AT_ONCE)], id="place"),
    ],
)
def test_a_race_needs_one_that_waits_and_holds(seen: list[Probed]) -> None:
    assert codes_of(*seen) == []


def test_what_browsers_and_other_clients_read_differently_is_told_once() -> None:
    odd = closed(10000, "bye")
    findings = judged(probed(odd, odd), probed(odd, variant=Variant(auth="header")))
    found = the(Code.READINGS_DIFFER, findings)
    assert found.sentence.startswith("a browser closes with 10000")
    assert found.sentence.endswith("(at the edge, in the format of 9e39e39)")
