"""Findings, pairs, probes and a diagnosis, with two texts wherever an outside text stands."""

from skewcheck.core.build import OpaqueId
from skewcheck.core.compatibility import Compatibility, Fit
from skewcheck.core.diagnosis.values import Cause, Diagnosis, Why
from skewcheck.core.exposed.health_document import Dependency, Health
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.live import Presence
from skewcheck.core.logs.query import LogLine
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.core.probed.probes import Doubt, Format, LinkProbe, Probed, Probes, Rated
from skewcheck.core.probed.rate import Rate
from skewcheck.core.wire.script import AS_A_BROWSER, Target, Variant
from skewcheck.core.wire.transcript import Received, Transcript
from tests.builders import NOW, live
from tests.transcripts import (
    PLAIN,
    closed,
    connecting,
    opening,
    rejected,
    transcript,
    welcomed,
)


def hostile_findings(word: str, other: str) -> list[Finding]:
    def told(code: Code, severity: Severity) -> Finding:
        return Finding(
            code=code,
            subject=word,
            severity=severity,
            sentence=other,
            evidence=(word, other),
            since=NOW,
            owner=word,
            fix=other,
        )

    return [
        told(Code.STALE_EDGE, Severity.BLOCK),
        told(Code.FORMAT_SKEW, Severity.BLOCK),
        told(Code.UNREACHABLE, Severity.UNKNOWN),
        told(Code.DIRTY_BUILD, Severity.NOTICE),
        told(Code.PRE_EXISTING, Severity.NOTICE),
    ]


def hostile_matrix(word: str, other: str) -> LinkMatrix:
    client = live(OpaqueId(word), Presence.EDGE, why=other, revisions=(word,))
    cells = tuple(
        Cell(
            client=client,
            server=live(None, why=word),
            compatibility=Compatibility(fit, other),
            assumed=(word,),
        )
        for fit in Fit
    )
    return LinkMatrix(link=word, client=other, server=word, cells=cells)


def hostile_probes(word: str, other: str) -> Probes:
    link = LinkProbe(
        link=word,
        client=other,
        server=word,
        owner=other,
        probed=tuple(_probed(word, other)),
        rated=(_rated(word, other),),
        doubts=(Doubt(what="not-probed", why=word, fix=other),),
        no_origin=other,
        health=Health(
            url=word, status=503, states=(Dependency(word, "unavailable", other),), read_at=NOW
        ),
        said_environment=word,
        logs=(LogLine(at=NOW, by=word, severity=other, text=word, probe_id=other),),
        no_logs=other,
    )
    return Probes(environment=word, at=NOW, success_target=0.9, links=(link,))


def hostile_diagnosis(word: str, other: str, *findings: Finding) -> Diagnosis:
    why = Why(told=word, code=Code.FORMAT_SKEW, evidence=(other, word))
    cause = Cause(kind=word, told=other, code=Code.STALE_EDGE, owner=word, fix=other)
    return Diagnosis(
        link=word,
        client=other,
        server=word,
        findings=findings,
        symptom=why if findings else None,
        whys=(why,),
        causes=(cause,) if other else (cause, cause),
        excluded=(word, other),
        masked=(other, word),
        logs=(word, other),
        next=(other, word),
    )


def _probed(word: str, other: str) -> list[Probed]:
    heard = transcript(*opening(), _heard(word), _heard(other), probe=word)
    seen: list[tuple[Transcript, Variant]] = [
        (closed(1000, word, {"type": other}), AS_A_BROWSER),
        (rejected(403, word, (other, word)), AS_A_BROWSER),
        (heard, Variant(auth="header")),
        (transcript(*connecting()), Variant(control=True)),
        (welcomed(), AS_A_BROWSER),
    ]
    return [
        Probed(format=_format(word, other), target=_target(word, other), variant=how,
               transcripts=(each,))
        for each, how in seen
    ]  # fmt: skip


def _heard(text: str) -> Received:
    return Received(at_s=0.1, text=text, size=len(text))


def _format(word: str, other: str) -> Format:
    return Format(
        fingerprint=word,
        version=other,
        script=PLAIN,
        builds=(word, other) if word else (),
        why=word,
    )


def _target(word: str, other: str) -> Target:
    return Target(place="direct", url=word, revision=other, build=word)


def _rated(word: str, other: str) -> Rated:
    rate = Rate(target=0.9, successes=30, tried=35, failures=((word, 5),))
    return Rated(format=_format(word, other), target=_target(word, other), rate=rate)
