"""What a diagnosis says around the chain: the symptom, what it is not, what is hidden."""

from collections.abc import Iterator

from skewcheck.core.diagnosis.facts import Facts
from skewcheck.core.diagnosis.values import Why
from skewcheck.core.findings import Severity
from skewcheck.core.ladder.climb import Rung, State
from skewcheck.core.probed.alike import same_failure
from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.script import AS_A_BROWSER, Variant

_MOST_LOGS = 6


def symptom_of(facts: Facts) -> Why | None:
    """What users meet; None where every probe holds and nothing blocks."""
    if facts.broken is None or facts.failed is None:
        gravest = next((f for f in facts.findings if f.severity is not Severity.NOTICE), None)
        return None if gravest is None else Why(told=gravest.sentence, code=gravest.code)
    broken = facts.broken
    counted = f"{len(broken.transcripts) - broken.held} of {len(broken.transcripts)} handshakes"
    told = f"{facts.failed.told} ({counted} at {broken.target}, in {broken.format}{_whose(broken)})"
    return Why(told=told, code=facts.failed.code, evidence=facts.failed.evidence)


def excluded(facts: Facts) -> Iterator[str]:
    """What the experiments rule out, each with why."""
    if facts.broken is None:
        return
    passed = [str(s.rung) for s in facts.broken.worst[1].steps if s.state is State.PASSED]
    if passed:
        yield f"{', '.join(passed)}: passed"
    yield from _not_the_edge(facts, facts.broken)
    yield from _not_the_server(facts, facts.broken)
    yield from _not_the_token(facts, facts.broken)


def _not_the_edge(facts: Facts, broken: Probed) -> Iterator[str]:
    for each in facts.probe.of(variant=AS_A_BROWSER):
        alike = each.format == broken.format and same_failure(each, broken)
        if each.target.place == "direct" and alike:
            yield f"the edge: {each.target} fails in the same way"


def _not_the_server(facts: Facts, broken: Probed) -> Iterator[str]:
    for each in facts.probe.of(variant=AS_A_BROWSER):
        if each.target == broken.target and each.format != broken.format and each.held:
            told = f"the server as a whole: {each.format} is welcomed at {each.target}"
            yield f"{told}, {each.held} of {len(each.transcripts)} times"


def _not_the_token(facts: Facts, broken: Probed) -> Iterator[str]:
    for made_up in facts.probe.of(variant=Variant(made_up=True)):
        refused = made_up.failed
        here = (made_up.target, made_up.format) == (broken.target, broken.format)
        if here and refused is not None and not same_failure(made_up, broken):
            yield f"the token: a made-up one is refused otherwise ({refused.told})"


def _whose(broken: Probed) -> str:
    return ", which the page that users get sends" if "page" in broken.format.why else ""


def masked(facts: Facts) -> tuple[str, ...]:
    """The rungs that nobody could look at; events only where the contract has some."""
    if facts.broken is None:
        return ()
    asks = facts.broken.format.script.exercise is not None
    steps = (s for s in facts.broken.worst[1].steps if s.state is State.MASKED)
    return tuple(str(s.rung) for s in steps if asks or s.rung is not Rung.EVENTS)


def shown_logs(facts: Facts) -> tuple[str, ...]:
    """Lines about the broken probe before those about the others."""
    mine = facts.broken.worst[0].id if facts.broken else ""
    lines = sorted(facts.probe.logs, key=lambda line: line.at)
    wanted = [line for line in lines if line.probe_id == mine] or lines
    told = tuple(
        f"{line.at:%H:%M:%S} {line.by} {line.severity}: {line.text}" for line in wanted[:_MOST_LOGS]
    )
    return told or ((f"no log lines: {facts.probe.no_logs}",) if facts.probe.no_logs else ())
