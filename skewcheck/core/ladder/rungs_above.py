"""The rungs of the conversation: who we are is believed, we are welcomed, the events come.

Any close before the welcome is a failure with its code: 1000 is what a server says that gave up
as politely as one that was done.
"""

from typing import assert_never

from skewcheck.core.findings import Code
from skewcheck.core.ladder.readings import TOO_MUCH, ending, legal_close
from skewcheck.core.ladder.seen import Failed, Passed, Seen, Unproven
from skewcheck.core.ladder.words import close_words, messages_words, seconds
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.conversation import STAY_S, heard_after_asking, welcomed_at
from skewcheck.core.wire.messages import event_name, is_welcome, missing_events, value_of
from skewcheck.core.wire.script import Script, Variant
from skewcheck.core.wire.transcript import (
    Closed,
    Ended,
    Event,
    Garbage,
    Opened,
    Received,
    Sent,
    Transcript,
)

# RFC 6455 §7.4.1 policy violation; IANA: 3000 unauthorized, 3003 forbidden; 44xx by convention.
_AUTH_CLOSES = frozenset({1008, 3000, 3003, 4401, 4403})
_SERVER_ERRORS = frozenset(range(1011, 1015))
_POLITE = frozenset({None, 1000, 1001})


def auth_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    """Only a welcome proves that the token was believed."""
    del variant
    welcomed = welcomed_at(script, transcript.events)
    if welcomed is not None:
        return Passed("the token was believed" if script.needs_token else _NO_TOKEN)
    gone = ending(transcript)
    if isinstance(gone, Closed) and gone.code in _AUTH_CLOSES:
        when = f"{_since_opening(transcript, gone)}, before any welcome"
        return _failure(gone, when, Code.AUTH_REJECTED, messages_words(_received(transcript)))
    return Unproven("no word on the token") if script.needs_token else Passed(_NO_TOKEN)


_NO_TOKEN = "no token is asked for"


def welcome_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    welcomed = welcomed_at(script, transcript.events)
    if welcomed is not None:
        return _stayed(transcript, script, variant, welcomed)
    heard = _received(transcript)
    gone = ending(transcript)
    if gone is not None and not _held_long_enough(transcript, script, variant, gone):
        is_error = isinstance(gone, Closed) and gone.code in _SERVER_ERRORS
        code = Code.CLOSED_BY_SERVER_ERROR if is_error else Code.CLOSED_BEFORE_WELCOME
        when = f"{_since_opening(transcript, gone)}, before any welcome"
        return _failure(gone, when, code, messages_words(heard))
    if script.welcome is None:
        return _stayed_unwelcomed(transcript)
    told = f"no welcome within {seconds(script.welcome_within_s)}: {_what_came(script, transcript)}"
    return Failed(Code.WELCOME_MISSING, told, (*_too_much(transcript), *messages_words(heard)))


def events_rung(transcript: Transcript, script: Script, variant: Variant) -> Seen:
    if not variant.exercise or script.exercise is None:
        return Unproven("not asked for")
    heard = heard_after_asking(script, transcript.events) or ()
    missing = missing_events(script, heard)
    of = len(script.exercise.expects)
    if not missing:
        return Passed(f"all {of} events came")
    told = f"{of - len(missing)} of {of} events came; missing: {', '.join(missing)}"
    evidence = messages_words([each for each in heard if isinstance(each, Received)])
    gone = ending(transcript)
    if gone is None:
        within = f"{told} within {seconds(script.exercise.within_s)}"
        return Failed(Code.EVENT_MISSING, within, (*_too_much(transcript), *evidence))
    is_polite = isinstance(gone, Closed) and gone.code in _POLITE
    code = Code.EVENT_MISSING if is_polite else Code.CLOSED_BY_SERVER_ERROR
    trouble = _failure(gone, f"{_since_opening(transcript, gone)}, before all events came", code)
    return Failed(trouble.code, f"{told}; {trouble.told}", (*trouble.evidence, *evidence))


def _stayed(transcript: Transcript, script: Script, variant: Variant, welcomed: float) -> Seen:
    """A server that is gone as soon as it has welcomed has not let anybody in."""
    opened = transcript.first(Opened)
    passed = Passed(f"welcomed after {seconds(welcomed - opened.at_s if opened else welcomed)}")
    gone = ending(transcript)
    asked = heard_after_asking(script, transcript.events) is not None
    if gone is None or asked or (variant.holds and gone.at_s - welcomed > STAY_S):
        return passed
    when = f"{seconds(gone.at_s - welcomed)} after the welcome, unasked"
    return _failure(gone, when, Code.CLOSED_BY_SERVER_ERROR)


def _held_long_enough(
    transcript: Transcript, script: Script, variant: Variant, gone: Closed | Garbage | Ended
) -> bool:
    """Where no welcome is named: whether it lived for as long as a welcome may take, so that the
    end of a hold is no matter of the handshake."""
    opened = transcript.first(Opened)
    if script.welcome is not None or not variant.holds or opened is None:
        return False
    return gone.at_s - opened.at_s > script.welcome_within_s


def _stayed_unwelcomed(transcript: Transcript) -> Seen:
    """Only who left of their own accord has seen that it would have stayed."""
    if transcript.first(Ended) is None and transcript.first(Closed) is None:
        return Failed(Code.WELCOME_MISSING, "the transcript stops while the connection is open")
    return Passed("stayed open; the contract names no welcome")


def gone_after_welcome(transcript: Transcript, script: Script) -> float | None:
    """How many seconds after the welcome (the opening, where no welcome is named) the connection
    was ended by somebody else; None where there was none, or where we left by ourselves."""
    gone, opened = ending(transcript), transcript.first(Opened)
    since = welcomed_at(script, transcript.events)
    if since is None and script.welcome is None and opened is not None:
        since = opened.at_s
    return None if since is None or gone is None else gone.at_s - since


def _failure(
    gone: Closed | Garbage | Ended, when: str, closing: Code, evidence: tuple[str, ...] = ()
) -> Failed:
    """How the connection came to its end against our will; `closing` is for a close frame."""
    match gone:
        case Closed(code=code):
            illegal = "" if legal_close(code) else "; RFC 6455 §7.4 permits no such code"
            return Failed(closing, f"{close_words(gone)} {when}{illegal}", evidence)
        case Garbage(head=head, detail=detail):
            told = f"bytes that are no WebSocket {when}: {shorten(head or detail)}"
            return Failed(Code.PROTOCOL_GARBAGE, told, (shorten(detail), *evidence))
        case Ended(how=how):
            verb = "reset" if how == "reset" else "ended"
            told = f"the connection was {verb} without a close frame {when}"
            return Failed(Code.CUT_WITHOUT_CLOSE, told, evidence)
        case _:
            assert_never(gone)


def _received(transcript: Transcript) -> list[Received]:
    return list(transcript.all(Received))


def _what_came(script: Script, transcript: Transcript) -> str:
    """A challenge, a heartbeat, an error and an echo are told apart: each has its own cure."""
    heard, said = _received(transcript), {each.text for each in transcript.all(Sent)}
    if any(is_welcome(script, each) for each in heard):
        return "it came later, when we had given up"
    if not heard:
        return "nothing came"
    if all(each.text is None for each in heard):
        return "only binary messages came, and the welcome is JSON text"
    if all(each.text in said for each in heard):
        return "only what we had said came back"
    names = dict.fromkeys(event_name(value_of(each)) or "nameless" for each in heard)
    told = f"{len(heard)} other message{'s' if len(heard) > 1 else ''} came"
    return f"{told}: {shorten(', '.join(names))}"


def _too_much(transcript: Transcript) -> tuple[str, ...]:
    """What made us stop listening: our own limit, not their fault."""
    return tuple(
        f"we stopped listening: {shorten(each.detail)}"
        for each in transcript.all(Garbage)
        if each.opened and each.close_code == TOO_MUCH
    )


def _since_opening(transcript: Transcript, event: Event) -> str:
    opened = transcript.first(Opened)
    return f"{seconds(event.at_s - opened.at_s if opened else event.at_s)} after the upgrade"
