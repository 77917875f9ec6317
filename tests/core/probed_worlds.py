"""For each finding code of the wire and of test reports a small world in which it is found."""

from collections.abc import Callable
from typing import Any

from skewcheck.core.build import BuildName
from skewcheck.core.evidence.case import Case, Evidence
from skewcheck.core.evidence.wanted import EvidenceWanted
from skewcheck.core.exposed.health_document import Dependency, Health
from skewcheck.core.findings import Code
from skewcheck.core.gate import judge_gate
from skewcheck.core.judge import Judgement
from skewcheck.core.probed.probes import Doubt, Probed, Rated
from skewcheck.core.probed.rate import Rate
from skewcheck.core.wire.script import Variant
from skewcheck.core.wire.transcript import Answered, Echoed, Ended, Garbage, Unsendable
from tests.builders import NEW, NOW, survey
from tests.links import link_probe, probes
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EDGE,
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
    requesting,
    script,
    silent,
    transcript,
    welcomed,
)

CONTROL = Variant(control=True)
SILENT, PINGING = Variant(holds="silent", hold_s=9), Variant(holds="pinging", hold_s=9)
TALKS = format_of(script(exercise=EXERCISE))
GARBAGE = Garbage(at_s=0.1, opened=True, detail="reserved bits", head="HTTP/1.1 400")
SLOW = Answered(at_s=9, status=101, reason="", headers=())
UPGRADE_LOST = Variant(without=("upgrade",))


def _wire(*seen: Probed, **changed: Any) -> Callable[[], Judgement]:
    return lambda: judge_gate(survey(probes=probes(link_probe(*seen, **changed))))


def _health(state: Any) -> Health:
    states = (Dependency("supervisor", state),)
    return Health(url="https://api.example/health", status=200, states=states, read_at=NOW)


def _rated(successes: int, tried: int) -> Callable[[], Judgement]:
    rate = Rate(target=0.9, successes=successes, tried=tried)
    return _wire(probed(), rated=(Rated(format=format_of(), target=EDGE, rate=rate),))


def _doubt(what: Any) -> Callable[[], Judgement]:
    return _wire(doubts=(Doubt(what=what, why="it could not be"),))


def _held(silent_for: float, pinging_for: float | None) -> Callable[[], Judgement]:
    pinged = welcomed() if pinging_for is None else cut_after_welcome(pinging_for)
    return _wire(
        probed(cut_after_welcome(silent_for), variant=SILENT), probed(pinged, variant=PINGING)
    )


def _tested(state: Any = "passed", **wanted: Any) -> Callable[[], Judgement]:
    """A report with one required test in that state, about the promised build."""
    cases = (Case(name="test_chat", state=state, commits=(BuildName(NEW),)),)
    report = Evidence(file="junit.xml", cases=cases, commits=(BuildName(NEW),))
    said: dict[str, Any] = {"reports": (report,), "required": ("test_chat",)} | wanted
    return lambda: judge_gate(survey(evidence=EvidenceWanted(**said)))


def _fewer_tests() -> Judgement:
    cases = (Case(name="test_gone", commits=(BuildName(NEW),)),)
    before = Evidence(file="before.xml", cases=cases, commits=(BuildName(NEW),))
    return _tested(previous=(before,))()


UNSELECTED = transcript(*opening(selected=None), message(WELCOME), *leaving())

PROBED_WORLDS: dict[Code, Callable[[], Judgement]] = {
    Code.HANDSHAKE_REJECTED: _wire(probed(rejected(403))),
    Code.AUTH_REJECTED: _wire(probed(closed(1008, "no token"))),
    Code.ORIGIN_REJECTED: _wire(
        probed(rejected(403)), probed(variant=Variant(without=("origin",)))
    ),
    Code.SUBPROTOCOL_INVALID: _wire(probed(transcript(Unsendable(at_s=0, detail="a space")))),
    Code.SUBPROTOCOL_NOT_SELECTED: _wire(probed(UNSELECTED)),
    Code.UPGRADE_NEVER_ANSWERED: _wire(probed(transcript(*requesting()))),
    Code.UPGRADE_CUT: _wire(probed(transcript(*requesting(), Ended(at_s=1, how="eof")))),
    Code.NOT_A_WEBSOCKET: _wire(probed(rejected(200, "<!doctype html>"))),
    Code.PROTOCOL_GARBAGE: _wire(probed(transcript(*opening(), GARBAGE))),
    Code.CLOSED_BEFORE_WELCOME: _wire(probed(closed())),
    Code.CLOSED_BY_SERVER_ERROR: _wire(probed(closed(1011))),
    Code.CUT_WITHOUT_CLOSE: _wire(probed(cut())),
    Code.WELCOME_MISSING: _wire(probed(silent())),
    Code.EVENT_MISSING: _wire(
        probed(spoken=TALKS), probed(welcomed(), variant=Variant(exercise=True), spoken=TALKS)
    ),
    Code.TOKEN_ECHOED: _wire(
        probed(transcript(*welcomed().events, Echoed(at_s=0.06, where="answer")))
    ),
    Code.FLAKY_HANDSHAKE: _wire(probed(closed(), welcomed())),
    Code.HEADER_LOST_AT_EDGE: _wire(
        probed(rejected(400)),
        probed(target=DIRECT),
        probed(rejected(400), target=DIRECT, variant=UPGRADE_LOST),
    ),
    Code.SUBPROTOCOL_LOST_AT_EDGE: _wire(probed(UNSELECTED), probed(target=DIRECT)),
    Code.LIFETIME_CUT: _held(4, 4),
    Code.IDLE_CUT: _held(4, None),
    Code.HANDSHAKE_RACE: _wire(probed(silent()), probed(variant=Variant(speaks="at-once"))),
    Code.DEPENDENCY_UNAVAILABLE: _wire(probed(), health=_health("unavailable")),
    Code.SUCCESS_RATE_BELOW_TARGET: _rated(20, 35),
    Code.SUCCESS_RATE_UNDECIDED: _rated(450, 500),
    Code.NOT_PROBED: _doubt("not-probed"),
    Code.NOT_COMPARABLE: _doubt("not-comparable"),
    Code.ACCEPTS_ANYTHING: _wire(probed(), probed(welcomed(), variant=CONTROL)),
    Code.SLOW_COLD_START: _wire(
        probed(transcript(*requesting(), SLOW, *welcomed().events[3:]), target=CANDIDATE)
    ),
    Code.READINGS_DIFFER: _wire(probed(closed(10000, "bye"))),
    Code.EVIDENCE_FAILED: _tested("failed"),
    Code.EVIDENCE_MISSING: _tested(reports=()),
    Code.EVIDENCE_SKIPPED: _tested("skipped"),
    Code.TESTS_GONE: _fewer_tests,
}
