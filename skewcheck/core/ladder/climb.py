"""The ladder: how far up one handshake came, and what each rung proves or hides.

Rules of this file: a rung passes only by something that happened on the wire; the rungs above a
failed one are masked by it, never passed. Unproven is what did not fail and was not shown either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from skewcheck.core.findings import Code
from skewcheck.core.ladder.rungs import (
    answer_rung,
    auth_rung,
    connection_rung,
    events_rung,
    name_rung,
    subprotocol_rung,
    upgrade_rung,
    welcome_rung,
)
from skewcheck.core.ladder.seen import Failed, Passed, Seen, Unproven
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.script import Script, Variant, vary
from skewcheck.core.wire.transcript import Transcript, Unsendable


class Rung(StrEnum):
    NAME = "name"
    CONNECTION = "connection"
    ANSWER = "HTTP answer"
    UPGRADE = "upgrade"
    SUBPROTOCOL = "subprotocol"
    AUTH = "auth"
    WELCOME = "welcome"
    EVENTS = "events"


class State(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    MASKED = "masked"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`code` names a failure; `told` is one line about what was seen, remote words included."""

    rung: Rung
    state: State
    told: str
    code: Code | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """One step for each rung, from the bottom to the top."""

    steps: tuple[Step, ...]

    @property
    def failed(self) -> Step | None:
        return next((step for step in self.steps if step.state is State.FAILED), None)

    @property
    def holds(self) -> bool:
        """Welcomed, and every event came where events were asked for."""
        return self.failed is None

    def at(self, rung: Rung) -> Step:
        return next(step for step in self.steps if step.rung is rung)


_RUNGS = (
    (Rung.NAME, name_rung),
    (Rung.CONNECTION, connection_rung),
    (Rung.ANSWER, answer_rung),
    (Rung.UPGRADE, upgrade_rung),
    (Rung.SUBPROTOCOL, subprotocol_rung),
    (Rung.AUTH, auth_rung),
    (Rung.WELCOME, welcome_rung),
    (Rung.EVENTS, events_rung),
)


def climb(transcript: Transcript, script: Script, variant: Variant) -> Ladder:
    """`script` is the contract's; the variant is applied here, as the prober applied it."""
    return Ladder(steps=tuple(_climb(transcript, vary(script, variant), variant)))


def _climb(transcript: Transcript, script: Script, variant: Variant) -> Iterator[Step]:
    below = ""
    never_sent = transcript.first(Unsendable)
    for rung, look in _RUNGS:
        if below:
            yield Step(rung=rung, state=State.MASKED, told=f"masked by {below}")
            continue
        seen: Seen
        if never_sent is None:
            seen = look(transcript, script, variant)
        elif rung is Rung.SUBPROTOCOL:
            told = f"{shorten(never_sent.detail)}: no request leaves"
            seen = Failed(Code.SUBPROTOCOL_INVALID, told)
        else:
            seen = Unproven("nothing was sent")
        yield _step(rung, seen)
        if isinstance(seen, Failed):
            below = f"{rung}: {seen.told}"


def _step(rung: Rung, seen: Seen) -> Step:
    match seen:
        case Passed(told):
            return Step(rung=rung, state=State.PASSED, told=told)
        case Unproven(told):
            return Step(rung=rung, state=State.UNPROVEN, told=told)
        case Failed(code, told, evidence):
            return Step(rung=rung, state=State.FAILED, told=told, code=code, evidence=evidence)
        case _:
            assert_never(seen)
