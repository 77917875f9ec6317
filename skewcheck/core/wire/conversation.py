"""What a probe does next once its socket is open: a pure function of what happened so far."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal, TypeAlias

from skewcheck.core.wire.messages import is_welcome, missing_events
from skewcheck.core.wire.script import Message, Script, Variant
from skewcheck.core.wire.transcript import (
    Closed,
    Control,
    Ended,
    Event,
    Expired,
    Garbage,
    Opened,
    Received,
    Sent,
)

STAY_S = 0.2  # a server that welcomes and then closes at once has not welcomed anybody
PING_EVERY_S = 1.0
_EXACT = 2**53  # from here on not every whole number is a float


@dataclass(frozen=True, slots=True)
class Say:
    """Send this message; its texts may hold `{token}`."""

    message: Message


@dataclass(frozen=True, slots=True)
class Ping:
    """Send a ping frame."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait for the next frame, at most until `until_s`; `late` names what is then overdue."""

    until_s: float
    late: Literal["", "welcome", "events"] = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing more to learn: close with 1000."""


Move: TypeAlias = Say | Ping | Listen | Leave


def next_move(script: Script, variant: Variant, heard: Sequence[Event], now_s: float) -> Move:
    """`script` is already varied. Where a `Listen` that names something ends in vain, leave.

    Where the contract names no welcome, staying open for as long as one may take stands for it.
    """
    opened = next((event.at_s for event in heard if isinstance(event, Opened)), now_s)
    admitted = _admitted_at(script, heard, opened, now_s)
    said = sum(isinstance(event, Sent) for event in heard)
    if said < len(script.opens_with) and _may_speak(variant, admitted):
        return Say(script.opens_with[said])
    if admitted is None:
        return _await_welcome(script, opened)
    if variant.exercise and script.exercise is not None:
        asked = _place_of_asking(script, heard)
        if asked is None:
            return Say(script.exercise.send)
        if missing_events(script, heard[asked:]):
            return Listen(heard[asked].at_s + script.exercise.within_s, late="events")
    return _hold(variant, heard, admitted, now_s)


def welcomed_at(script: Script, heard: Iterable[Event]) -> float | None:
    """When the welcome came, None as long as it did not. Once we gave up, it comes too late."""
    return next(
        (
            each.at_s
            for each in _until_over(heard)
            if isinstance(each, Received) and is_welcome(script, each)
        ),
        None,
    )


def heard_after_asking(script: Script, heard: Sequence[Event]) -> tuple[Event, ...] | None:
    """What came in time after the exercise was sent; None where it was not."""
    asked = _place_of_asking(script, heard)
    return None if asked is None else tuple(_until_over(heard[asked:]))


def _until_over(heard: Iterable[Event]) -> Iterator[Event]:
    """Up to the end of the connection or of our patience, whichever came first."""
    return takewhile(lambda e: not isinstance(e, Expired | Closed | Garbage | Ended), heard)


def _admitted_at(
    script: Script, heard: Sequence[Event], opened: float, now_s: float
) -> float | None:
    """When the client may take itself for accepted; None as long as it may not."""
    if script.welcome is not None:
        return welcomed_at(script, heard)
    patient = _patient_until(script, opened)
    return patient if now_s >= patient else None


def _await_welcome(script: Script, opened: float) -> Listen:
    if script.welcome is not None:
        return Listen(opened + script.welcome_within_s, late="welcome")
    return Listen(_patient_until(script, opened))


def _patient_until(script: Script, opened: float) -> float:
    return opened + script.welcome_within_s - STAY_S


def _may_speak(variant: Variant, admitted: float | None) -> bool:
    return variant.speaks != "after-welcome" or admitted is not None


def _place_of_asking(script: Script, heard: Sequence[Event]) -> int | None:
    """The exercise is what is said after everything that the client opens with."""
    sent = [place for place, event in enumerate(heard) if isinstance(event, Sent)]
    return sent[len(script.opens_with)] if len(sent) > len(script.opens_with) else None


def _hold(variant: Variant, heard: Sequence[Event], admitted: float, now_s: float) -> Move:
    until = admitted + max(STAY_S, variant.hold_s)
    if now_s >= until:
        return Leave()
    if variant.holds == "pinging":
        pings = [
            event.at_s
            for event in heard
            if isinstance(event, Control) and event.by == "us" and event.frame == "ping"
        ]
        due = max([admitted, *pings]) + PING_EVERY_S
        return Ping() if now_s >= due else Listen(min(due, until))
    return Listen(until)


def write_message(message: Message) -> str:
    """As a browser's JSON.stringify writes it: no spaces, characters as they are, 1.0 as 1."""
    return json.dumps(_whole(message), ensure_ascii=False, separators=(",", ":"))


def _whole(value: Any) -> Any:
    """JavaScript has one kind of number; a server in another language may insist on integers."""
    if isinstance(value, Mapping):
        return {key: _whole(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(each) for each in value]
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return int(value) if is_whole else value
