"""What the probes prove about one link: findings from transcripts, and from nothing else.

Rule of this file: it reads a `Probes` value only, so that a saved one gives the same verdict again
without git, cloud or network. A finding that a candidate did not bring about says so (`Told.old`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from skewcheck.core.findings import RULES, Code, Finding, Severity
from skewcheck.core.judge.probe_causes import Cause, find_cause
from skewcheck.core.judge.probe_extras import judge_extras
from skewcheck.core.ladder.climb import Rung, State
from skewcheck.core.probed.alike import past_edge_is_closed
from skewcheck.core.probed.probes import LinkProbe, Probed, Probes
from skewcheck.core.wire.script import AS_A_BROWSER


@dataclass(frozen=True, slots=True)
class Told:
    """`old` means that it was so before the candidate, which is no party to it."""

    finding: Finding
    old: bool = False


def judge_probes(probes: Probes) -> tuple[Finding, ...]:
    """Everything decides."""
    return tuple(told.finding for told in tell_probes(probes))


def judge_probes_alone(probes: Probes) -> tuple[Finding, ...]:
    """Where nothing else is judged, nothing probed is nothing proven."""
    if probes.links:
        return judge_probes(probes)
    return (
        Finding(
            code=Code.NOTHING_TO_CHECK,
            subject=probes.environment,
            severity=RULES[Code.NOTHING_TO_CHECK].severity,
            sentence="no link was probed: none is a WebSocket, or none meets the candidate",
            fix=f"give the candidate's URL, or name a link: skewcheck probe {probes.environment}",
        ),
    )


def judge_probes_of_candidates(probes: Probes) -> tuple[Finding, ...]:
    """What was broken before the candidates, and stays as it was, is told as pre-existing."""
    return tuple(
        told.finding.as_pre_existing()
        if told.old and told.finding.severity is Severity.BLOCK
        else told.finding
        for told in tell_probes(probes)
    )


def tell_probes(probes: Probes) -> Iterator[Told]:
    return chain.from_iterable(_link(probes, link) for link in probes.links)


def _link(probes: Probes, link: LinkProbe) -> Iterator[Told]:
    make = _Maker(probes, link)
    for doubt in link.doubts:
        code = Code.NOT_PROBED if doubt.what == "not-probed" else Code.NOT_COMPARABLE
        yield make(Cause(code, doubt.why, fix=doubt.fix))
    if not link.probed and not link.rated and not link.doubts:
        yield make(Cause(Code.NOTHING_TO_CHECK, "nothing of this link was probed"))
    for probed in broken_of(link):
        old = _was_so_before(link, probed)
        yield from (make(cause, old=old) for cause in _about(link, probed))
    targets = [each.target for each in link.probed] + [each.target for each in link.rated]
    met = any(target.place == "candidate" for target in targets)
    for cause in judge_extras(probes, link):
        yield make(cause, old=not met and (cause.format is None or cause.format.live))
    yield from (Told(finding, old=True) for finding in link.page)


@dataclass(frozen=True, slots=True)
class _Maker:
    probes: Probes
    link: LinkProbe

    def __call__(self, cause: Cause, *, old: bool = False) -> Told:
        is_policy = cause.code is Code.NOT_PROBED
        finding = Finding(
            code=cause.code,
            subject=self.link.link,
            severity=Severity(self.probes.unprobed) if is_policy else RULES[cause.code].severity,
            sentence=cause.sentence,
            evidence=cause.evidence,
            owner=self.link.owner,
            fix=cause.fix or f"skewcheck diagnose {self.probes.environment} {self.link.link}",
        )
        return Told(finding, old=old)


def broken_of(link: LinkProbe) -> Iterator[Probed]:
    """What should hold and does not. A failure past the edge is told with the edge's, where both
    fail alike; formats that were probed only to be compared with are no failures of their own."""
    base = tuple(link.of(variant=AS_A_BROWSER))
    candidates = any(each.format.candidate for each in base)
    for probed in base:
        compared = candidates and not probed.format.candidate and probed.target.place != "candidate"
        if probed.state != "holds" and not compared and not _is_told_elsewhere(link, probed):
            yield probed


def _is_told_elsewhere(link: LinkProbe, probed: Probed) -> bool:
    """At the edge it fails just so, and the edge's finding speaks for both; or this way past it
    is closed to us, which its users never notice."""
    if probed.target.place != "direct":
        return False
    edge = at_edge(link, probed)
    if edge is not None and edge.state == "fails" and _fail_alike(probed, edge):
        return True
    return past_edge_is_closed(probed)


def at_edge(link: LinkProbe, probed: Probed) -> Probed | None:
    """The same format at the edge."""
    return next(
        (
            each
            for each in link.of(variant=AS_A_BROWSER)
            if each.target.place == "edge" and each.format.fingerprint == probed.format.fingerprint
        ),
        None,
    )


def _about(link: LinkProbe, probed: Probed) -> Iterator[Cause]:
    yield find_cause(link, probed)
    masked = _masked(probed)
    if masked and probed.state == "fails" and probed.failed is not None:
        told = f"{masked} in {probed.format} at {probed.target}: nobody could ask"
        yield Cause(Code.MASKED, told, evidence=(f"hidden by {probed.failed.code}",))


def _masked(probed: Probed) -> str:
    steps = probed.worst[1].steps
    rungs = [str(step.rung) for step in steps if step.state is State.MASKED]
    asked = probed.format.script.exercise is not None
    return ", ".join(rung for rung in rungs if rung != Rung.EVENTS or asked)


def _was_so_before(link: LinkProbe, probed: Probed) -> bool:
    """The candidate is no party: its format is live already, or every live format fails alike."""
    if probed.target.place == "candidate":
        return False
    if probed.format.live:
        return True
    others = [
        each
        for each in link.of(variant=AS_A_BROWSER)
        if each.target == probed.target and each.format.live
    ]
    return bool(others) and all(_fail_alike(probed, each) for each in others)


def _fail_alike(one: Probed, other: Probed) -> bool:
    mine, yours = one.failed, other.failed
    return mine is not None and yours is not None and mine.code == yours.code
