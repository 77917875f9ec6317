"""The gate: would this deploy break anybody? It compares the worlds before and after.

Pairs that the candidate adds or worsens, and everything about the candidate itself, decide. What
was broken before, and stays as it was, is told as pre-existing, so that the deploy that mends an
incident is never blocked by it. What is unknown about a party of the candidate's links decides.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from skewcheck.core.build import BuildSha
from skewcheck.core.compatibility import Fit
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.history import RelationKind
from skewcheck.core.judge import (
    Judgement,
    gravest_first,
    judge,
    judge_doubts,
    judge_emptiness,
    judge_own_state,
    judge_service,
)
from skewcheck.core.judge.drift import describe_relation
from skewcheck.core.judge.evidence import judge_tests
from skewcheck.core.judge.found import found, unread
from skewcheck.core.judge.probes import judge_probes, judge_probes_of_candidates
from skewcheck.core.judge.skew import describe_pair, judge_link, misreported
from skewcheck.core.judge.unknowns import unknown_build
from skewcheck.core.live import Live, Presence, identify_reading, named_build, readable_planes
from skewcheck.core.matrix import LinkMatrix, build_matrix_after, compare_pair
from skewcheck.core.reading import Unreadable, VersionDocument
from skewcheck.core.survey import Candidate, Promise, PromiseUnreadable, Survey


def judge_gate(survey: Survey, *, strict: bool = False) -> Judgement:
    """`strict` lets everything decide, as it does where there is no candidate."""
    if not survey.candidates:
        return judge(survey)
    matrix = build_matrix_after(survey)
    if strict:
        matrix = tuple(_unmarked(link) for link in matrix)
    findings = [*judge_emptiness(survey), *judge_doubts(survey), *judge_candidates(survey)]
    for link in matrix:
        findings += _about_link(survey, link, strict=strict)
        findings += _tagged_peers(survey, link)
    findings += _about_services(survey, strict=strict)
    if survey.probes is not None:
        judge_wire = judge_probes if strict else judge_probes_of_candidates
        findings += judge_wire(survey.probes)
    findings += judge_tests(survey)
    return Judgement(findings=gravest_first(findings), matrix=matrix)


def _unmarked(link: LinkMatrix) -> LinkMatrix:
    return replace(link, cells=tuple(replace(cell, pre_existing=False) for cell in link.cells))


def _about_link(survey: Survey, link: LinkMatrix, *, strict: bool) -> Iterator[Finding]:
    """What stays unknown on a link that no candidate is part of was unknown before."""
    decides = strict or bool({link.client, link.server} & survey.candidates.keys())
    for finding in judge_link(survey, link):
        if decides or finding.severity is Severity.NOTICE:
            yield finding
        else:
            yield finding.as_pre_existing()


def _about_services(survey: Survey, *, strict: bool) -> Iterator[Finding]:
    for name, service in survey.services.items():
        judge_one = judge_own_state if name in survey.candidates and not strict else judge_service
        for finding in judge_one(survey, service):
            if strict or finding.severity is Severity.NOTICE or _matters(survey, name, finding):
                yield finding
            else:
                yield finding.as_pre_existing()


def _matters(survey: Survey, service: str, finding: Finding) -> bool:
    """Unknowns about a party that the candidate will meet; a replaced server is met no more."""
    if finding.severity is not Severity.UNKNOWN:
        return False
    for link in survey.manifest.links.values():
        parties = {link.client, link.server}
        meets = service == link.client or service not in survey.candidates
        if meets and service in parties and parties & survey.candidates.keys():
            return True
    return False


def judge_candidates(survey: Survey) -> Iterator[Finding]:
    """Who they are, whether git promises them, and what they answer where they already run."""
    for candidate in survey.candidates.values():
        yield from _unlinked(survey, candidate)
        yield from _identity(survey, candidate)
        yield from _drift(survey, candidate)
        match candidate.reading:
            case None:
                told = f"{candidate.named[:7]} was judged by git alone: no URL of it was given"
                if _speaks_already(survey, candidate):
                    told = f"{candidate.named[:7]} itself was not read: no URL of it was given;"
                    told += " what it will send was probed at what is live"
                fix = f"--candidate {candidate.service}={candidate.named}@URL"
                yield found(survey, Code.CANDIDATE_NOT_PROBED, candidate.service, told, fix=fix)
            case Unreadable() as reading:
                yield unread(survey, candidate.service, "candidate", reading)
            case VersionDocument() as document:
                yield from _answers(survey, candidate, document)
            case _:
                assert_never(candidate.reading)


def _speaks_already(survey: Survey, candidate: Candidate) -> bool:
    """Whether somebody spoke in its name: its wire format is known before it is deployed."""
    links = survey.probes.links if survey.probes else ()
    return any(
        probed.format.candidate
        for link in links
        if link.client == candidate.service
        for probed in link.probed
    )


def _unlinked(survey: Survey, candidate: Candidate) -> Iterator[Finding]:
    links = survey.manifest.links.values()
    if links and not any(candidate.service in {link.client, link.server} for link in links):
        told = f"no link names {candidate.service}, so no pair of the candidate was compared"
        fix = f"name its links in manifests/{survey.environment}.yaml"
        yield found(survey, Code.NOTHING_TO_CHECK, candidate.service, told, fix=fix)


def _identity(survey: Survey, candidate: Candidate) -> Iterator[Finding]:
    if not isinstance(candidate.build, BuildSha):
        yield found(
            survey,
            Code.BUILD_NOT_IN_REPOSITORY,
            candidate.service,
            f"the candidate {candidate.named} is unknown: {candidate.build.why}",
            fix=candidate.build.fix,
        )


def _answers(survey: Survey, candidate: Candidate, document: VersionDocument) -> Iterator[Finding]:
    """What the candidate's own URL says must be the candidate, here, in its contract."""
    if not isinstance(candidate.build, BuildSha):
        return  # told by _identity: nothing can be compared with it
    service = survey.services[candidate.service]
    known = document.build.build == candidate.build
    answered = candidate.build if known else identify_reading(survey, service, document.build)
    if answered is None:
        yield unknown_build(survey, candidate.service, "the candidate's URL", document.build)
        return
    if answered != candidate.build:
        told = f"{document.url} answers with {document.build.build.short}, not the candidate"
        fix = "give the URL of the candidate's own revision (its tag URL)"
        yield found(survey, Code.NOT_DEPLOYED, candidate.service, told, fix=fix)
        return
    if document.environment and document.environment.casefold() != survey.environment.casefold():
        told = f"the candidate says it is {document.environment}, not {survey.environment}"
        fix = f"check the URL given for {candidate.service} and the candidate's own configuration"
        yield found(survey, Code.WRONG_ENVIRONMENT, candidate.service, told, fix=fix)
    if document.build.dirty:
        told = "the candidate was built from uncommitted files"
        fix = "build from a commit"
        yield found(survey, Code.DIRTY_BUILD, candidate.service, told, fix=fix)
    for claim in document.protocols:
        yield from misreported(survey, candidate.service, candidate.build, claim, document.url)


_DRIFT = {
    RelationKind.BEHIND: Code.BEHIND_MANIFEST,
    RelationKind.AHEAD: Code.AHEAD_OF_MANIFEST,
    RelationKind.DIVERGED: Code.DIVERGED_FROM_MANIFEST,
}


def _drift(survey: Survey, candidate: Candidate) -> Iterator[Finding]:
    """There is no relation to ask for where the candidate is what was promised."""
    name, build = candidate.service, candidate.build
    promise = survey.services[name].promise
    if isinstance(promise, PromiseUnreadable):
        yield found(survey, Code.PROMISE_UNREADABLE, name, promise.why, fix=promise.fix)
    if not isinstance(promise, Promise) or not isinstance(build, BuildSha):
        return
    relation = survey.relations.get((name, build))
    if relation is not None and relation.kind is RelationKind.UNKNOWN:
        told = f"how the candidate {build.short} relates to the promise is unknown: {relation.why}"
        yield found(survey, Code.BUILD_NOT_IN_REPOSITORY, name, told, fix=relation.fix)
    elif relation is not None and relation.kind in _DRIFT:
        told = f"the candidate {build.short} is {describe_relation(relation)}"
        told += f" the promise {promise.build.short}"
        fix = f"promise it in manifests/{survey.environment}.yaml with the same change"
        yield found(survey, _DRIFT[relation.kind], name, told, fix=fix)


def _tagged_peers(survey: Survey, link: LinkMatrix) -> Iterator[Finding]:
    """Two deploys that are each safe alone may meet: peers' tagged revisions without traffic."""
    for side, peer in (("client", link.server), ("server", link.client)):
        mine = link.client if side == "client" else link.server
        candidate = survey.candidates.get(mine)
        if candidate is None or not isinstance(candidate.build, BuildSha):
            continue
        own = Live(build=candidate.build, presences=(Presence.CANDIDATE,), why="the candidate")
        for other in _tagged(survey, peer):
            pair = (own, other) if side == "client" else (other, own)
            cell = compare_pair(survey, link.link, *pair)
            if cell.fit is not Fit.YES:
                told = f"{describe_pair(link, cell)}: {cell.compatibility.sentence}"
                yield found(survey, Code.TAGGED_REVISION_SKEW, link.link, told)


def _tagged(survey: Survey, service: str) -> Iterator[Live]:
    for plane in readable_planes(survey.services[service]):
        for target in plane.targets:
            build = named_build(survey, service, plane.revision(target.revision))
            if target.tag and not target.percent and build is not None:
                why = f"tagged {target.tag}, no traffic yet"
                yield Live(build=build, presences=(Presence.CANDIDATE,), why=why)
