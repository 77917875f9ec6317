"""From a symptom down to its cause: each step a "why?" that some evidence answers."""

from typing import TypeAlias

from skewcheck.core.diagnosis.facts import Facts
from skewcheck.core.diagnosis.remaining import directs_of, log_command, remaining_causes
from skewcheck.core.diagnosis.values import Cause, Why
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.matrix import Cell
from skewcheck.core.probe.experiments import holding_direct
from skewcheck.core.probed.alike import same_kind

Chain: TypeAlias = tuple[tuple[Why, ...], tuple[Cause, ...]]

_AT_THE_EDGE = (Code.HEADER_LOST_AT_EDGE, Code.SUBPROTOCOL_LOST_AT_EDGE)
_NAMED = {
    Code.ORIGIN_REJECTED: "the server",
    Code.HANDSHAKE_RACE: "the server",
    Code.SUBPROTOCOL_INVALID: "the client",
}
_OUT_OF_STEP = (
    Code.STALE_ORIGIN, Code.NOT_DEPLOYED, Code.SPLIT_TRAFFIC, Code.BEHIND_MANIFEST,
    Code.AHEAD_OF_MANIFEST, Code.DIVERGED_FROM_MANIFEST,
)  # fmt: skip
_LOW = {Rung.NAME, Rung.CONNECTION}


def causes_of(facts: Facts) -> Chain:
    """The chain and where it ends; empty on both sides where nothing wrong is known."""
    looks = (_network, _edge, _skew, _revision, _dependency, _named, _broken_contract, _other)
    return next((chain for look in looks if (chain := look(facts)) is not None), ((), ()))


def next_steps(facts: Facts, causes: tuple[Cause, ...]) -> tuple[str, ...]:
    """The cures of the causes; then what else must be known before anybody can be sure."""
    fixes = [cause.fix for cause in causes if cause.fix]
    if len(causes) != 1:
        unknowns = (f for f in facts.findings if f.severity is Severity.UNKNOWN)
        fixes += [f.fix for f in unknowns if f.fix and f.code is not Code.MASKED]
    own = f"skewcheck diagnose {facts.survey.environment}"
    return tuple(dict.fromkeys(fix for fix in fixes if not fix.startswith(own)))[:4]


def _network(facts: Facts) -> Chain | None:
    if facts.failed is None or facts.broken is None or facts.failed.rung not in _LOW:
        return None
    target = facts.broken.target
    told = f"{facts.server} cannot be reached at {target}: {facts.failed.told}"
    fix = f"curl -v {target.url}"
    return (), (Cause(kind="network", told=told, code=facts.failed.code, fix=fix),)


def _edge(facts: Facts) -> Chain | None:
    broken, failed = facts.broken, facts.failed
    if broken is None or failed is None or broken.target.place != "edge":
        return None
    if holding_direct(broken, facts.probe.probed) is None:
        return None
    own = (failed.code,) if failed.code is not None else ()
    finding = facts.finding(*_AT_THE_EDGE, *own, subject=facts.link)
    if finding is None:
        return None
    # the last that was found out proves most
    proof = tuple(each for each in reversed(finding.evidence) if each != failed.told)
    why = Why(told="past the edge the same handshake holds", evidence=proof)
    return (why,), (_from(finding, "the edge"),)


def _skew(facts: Facts) -> Chain | None:
    """Version or format data differ: that explains the symptom, and places explain the skew."""
    if not facts.skewed:
        return None
    cell = facts.skewed[0]
    skew = _finding_of(facts, cell)
    told = f"{facts.server} {cell.server} does not read what {facts.client} {cell.client} sends:"
    first = Why(
        told=f"{told} {cell.compatibility.sentence}",
        code=cell.compatibility.code,
        evidence=skew.evidence if skew else (),
    )
    stale = facts.finding(Code.STALE_EDGE, subject=facts.client)
    if stale is not None and cell.client.build in facts.stale:
        told = f"users still get {cell.client}, though something newer runs behind the edge"
        return (first, Why(told=told, evidence=stale.evidence[:1])), (_from(stale, "a place"),)
    place = _out_of_step(facts)
    if place is not None:
        return (first, Why(told=f"both are live: {cell.client.why}")), (_from(place, "a place"),)
    told = "were deployed out of step"
    cause = Cause(
        kind="skew",
        told=f"{facts.client} {cell.client} and {facts.server} {cell.server} {told}",
        code=cell.compatibility.code,
        owner=skew.owner if skew else "",
        fix=skew.fix if skew else "",
    )
    return (first,), (cause,)


def _finding_of(facts: Facts, cell: Cell) -> Finding | None:
    """The judge's word on that very pair."""
    pair = (cell.client.build, cell.server.build)
    return next((each for each in facts.findings if each.pair == pair), None)


def _out_of_step(facts: Facts) -> Finding | None:
    for subject in (facts.client, facts.server):
        for code in _OUT_OF_STEP:
            if finding := facts.finding(code, subject=subject):
                return finding
    return None


def _revision(facts: Facts) -> Chain | None:
    """Past the edge one revision fails in the same way, and another one holds."""
    broken = facts.broken
    if broken is None:
        return None
    directs = directs_of(facts, broken)
    bad = next((each for each in directs if same_kind(each, broken)), None)
    good = next((each for each in directs if each.state == "holds"), None)
    if bad is None or bad.failed is None or good is None:
        return None
    why = Why(told=f"{bad.target} fails in the same way, and {good.target} holds")
    told = f"{bad.target} is broken: {bad.failed.told}"
    fix = log_command(facts, bad)
    return (why,), (Cause(kind="a revision", told=told, code=bad.failed.code, fix=fix),)


def _dependency(facts: Facts) -> Chain | None:
    finding = facts.finding(Code.DEPENDENCY_UNAVAILABLE, subject=facts.link)
    if finding is None:
        return None
    why = Why(told=f"{facts.server} was not ready while we were connected")
    return (why,), (_from(finding, "a dependency"),)


def _named(facts: Facts) -> Chain | None:
    """Failures of the handshake that are a cause by themselves."""
    finding = facts.finding(*_NAMED, subject=facts.link) if facts.broken else None
    return None if finding is None else ((), (_from(finding, _NAMED[finding.code]),))


def _broken_contract(facts: Facts) -> Chain | None:
    """Git says that they fit, or nobody knows: it is not called skew, and what remains is."""
    if facts.failed is None or facts.broken is None:
        return None
    whys = []
    if facts.fitting and not facts.unsure:
        cell = facts.fitting[0]
        told = f"contract broken, not skew: {facts.client} {cell.client} and {facts.server}"
        told += f" {cell.server} fit by git ({cell.compatibility.sentence})"
        whys.append(Why(told=told, code=facts.failed.code))
    return tuple(whys), tuple(remaining_causes(facts, facts.broken, facts.failed))


def _other(facts: Facts) -> Chain | None:
    """No probe fails, and still something blocks: the gravest finding is the cause."""
    finding = next((f for f in facts.findings if f.severity is Severity.BLOCK), None)
    return None if finding is None else ((), (_from(finding, "the world"),))


def _from(finding: Finding, kind: str) -> Cause:
    return Cause(
        kind=kind,
        told=finding.sentence,
        code=finding.code,
        owner=finding.owner,
        fix=finding.fix,
    )
