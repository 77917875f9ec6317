"""For each finding code a small world in which it is found, and the words to ask for it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from skewcheck.core.build import Build, BuildSha
from skewcheck.core.findings import Code, Finding
from skewcheck.core.gate import judge_gate
from skewcheck.core.history import NotInHistory, Relation, RelationKind
from skewcheck.core.judge import Judgement, judge
from skewcheck.core.judge.invalidation import without_effect
from skewcheck.core.reading import ProtocolClaim
from skewcheck.core.rollout.lease import Lease
from skewcheck.core.rollout.order import Share, TrafficBefore
from skewcheck.core.survey import (
    ContractAbsent,
    ContractBroken,
    ContractReading,
    PromiseUnreadable,
    ServiceSurvey,
    Side,
    Survey,
)
from tests.builders import (
    API,
    LONG_AGO,
    NEW,
    NEXT,
    NOW,
    OLD,
    OLD_FORMAT,
    ahead,
    backend,
    behind,
    candidate,
    contract,
    document,
    frontend,
    lingering,
    manifest,
    origin,
    page,
    plane,
    promise,
    revision,
    survey,
    target,
    unreadable,
)
from tests.core.probed_worlds import PROBED_WORLDS

V1 = contract("1.0", ">=1.0,<2")
ABSENT = ContractAbsent(why="there is no contracts/chat.yaml", fix="name a stand-in")
BROKEN = ContractBroken(why="contracts/chat.yaml:3:1: unknown key", fix="mend the contract")
UNKNOWN_TO_GIT = NotInHistory("no such commit here", "git fetch --unshallow")
NO_PROMISE = PromiseUnreadable(why="ref main: shallow clone", fix="git fetch --unshallow")
DIVERGED = Relation(RelationKind.DIVERGED, behind=2, ahead=1)
UNRELATED = Relation(RelationKind.UNKNOWN, why="shallow clone", fix="git fetch --unshallow")


def speaks(
    side: Side, build: BuildSha, reading: ContractReading = V1
) -> dict[tuple[str, Side, Build], ContractReading]:
    return {("chat", side, build): reading}


def claims(version: str = "2.1", *, role: str = "client", **said: str) -> ProtocolClaim:
    return ProtocolClaim(name="chat", role=role, version=version, **said)


def codes(judgement: Judgement) -> set[Code]:
    return {finding.code for finding in judgement.findings}


def the(code: Code, judgement: Judgement) -> Finding:
    """The one finding of that code; fails where there are none or several."""
    [finding] = [each for each in judgement.findings if each.code is code]
    return finding


def split(*builds: tuple[BuildSha | None, int], **changed: Any) -> ServiceSurvey:
    """A backend whose traffic is split over those builds, given from newest to oldest."""
    revisions = [
        revision(f"acme-api-{9 - number:05}", build, created=LONG_AGO - timedelta(days=number))
        for number, (build, _) in enumerate(builds)
    ]
    targets = [
        target(each.name, percent) for each, (_, percent) in zip(revisions, builds, strict=True)
    ]
    said: dict[str, Any] = {"planes": (plane(*revisions, targets=targets),)} | changed
    return backend(**said)


def runs(build: BuildSha, **changed: Any) -> ServiceSurvey:
    """A backend of which all, edge included, is of one build."""
    return split((build, 100), edge=document(build, url=f"{API}/__version__"), **changed)


def loads(build: BuildSha, **changed: Any) -> ServiceSurvey:
    """A frontend of which all is of one build."""
    return frontend(edge=document(build), page=page(build), **changed)


def idle_world() -> Survey:
    """NEW is deployed and gets nothing; what serves is older and pinned."""
    targets = [target("acme-api-00001", follows_latest=False)]
    revisions = revision(), revision("acme-api-00001", OLD, created=LONG_AGO)
    service = backend(
        planes=(plane(*revisions, targets=targets),), edge=document(OLD, url=f"{API}/__version__")
    )
    return survey(service, relations={("backend", OLD): behind(2)})


def tagged_world() -> Survey:
    """The backend has a revision under a tag that the candidate frontend cannot talk to."""
    targets = [target(), target("acme-api-00003", 0, tag="c-1", follows_latest=False)]
    revisions = revision("acme-api-00003", OLD), revision()
    return survey(
        backend(planes=(plane(*revisions, targets=targets),)),
        candidates=[candidate("frontend")],
        contracts=speaks("server", OLD),
    )


def _edge(cause: Code) -> Callable[[], Judgement]:
    return lambda: judge(survey(backend(edge=unreadable(cause))))


def _running(build: BuildSha, relation: Relation, **changed: Any) -> Judgement:
    return judge(survey(runs(build, **changed), relations={("backend", build): relation}))


def _behind() -> Judgement:
    both = split((NEW, 90), (OLD, 10))
    return judge(survey(both, relations={("backend", OLD): behind(2)}))


def _plane(**changed: Any) -> Judgement:
    return judge(survey(backend(planes=(plane(**changed),))))


def _promised_just_now() -> Judgement:
    return _running(OLD, behind(1), promise=promise(since=NOW - timedelta(minutes=5)))


def _lost_names() -> Judgement:
    names: Sequence[str] = ("frontend", "backend")
    return judge(survey(builds={(name, NEW): UNKNOWN_TO_GIT for name in names}))


def _client(**changed: Any) -> Judgement:
    return judge(survey(frontend(**changed)))


def lease(*, until: datetime) -> Lease:
    return Lease(
        rollout="20261123-2200-7f3a1b",
        environment="staging",
        holder="ada@acme.example on a laptop",
        taken=NOW - timedelta(minutes=10),
        until=until,
        before=TrafficBefore(shares=(Share(revision="acme-api-00001", percent=100),)),
    )


def _still_stale() -> Judgement:
    found = without_effect(manifest(), "frontend", after_s=600, seen="it names 01d01d0 still")
    return Judgement(findings=(found,), matrix=())


WORLDS: dict[Code, Callable[[], Judgement]] = PROBED_WORLDS | {
    Code.PROTOCOL_SKEW: lambda: judge(survey(contracts=speaks("client", NEW))),
    Code.FORMAT_SKEW: lambda: judge(
        survey(contracts=speaks("client", NEW, contract(fingerprint=OLD_FORMAT)))
    ),
    Code.LINGERING_CLIENT_SKEW: lambda: judge(
        survey(frontend(lingering=(lingering(),)), contracts=speaks("client", OLD))
    ),
    Code.MISREPORTED_CONTRACT: lambda: _client(edge=document(protocols=(claims("2.0"),))),
    Code.STALE_EDGE: lambda: _client(page=page(OLD)),
    Code.STALE_ORIGIN: lambda: judge(survey(backend(origins=(origin(document(OLD)),)))),
    Code.WRONG_ENVIRONMENT: lambda: _client(edge=document(environment="production")),
    Code.NOT_DEPLOYED: lambda: _running(OLD, behind(2)),
    Code.PAGE_MISMATCH: lambda: _client(page=page(required=("jwt",), missing=("jwt",))),
    Code.ASSETS_GONE: lambda: _client(page=page(gone=("https://app/a.js",))),
    Code.UNREACHABLE: _edge(Code.UNREACHABLE),
    Code.UNAUTHORIZED: _edge(Code.UNAUTHORIZED),
    Code.NOT_JSON: _edge(Code.NOT_JSON),
    Code.HTML_INSTEAD_OF_JSON: _edge(Code.HTML_INSTEAD_OF_JSON),
    Code.PLACEHOLDER_BUILD: _edge(Code.PLACEHOLDER_BUILD),
    Code.NO_VERSION_DOCUMENT: _edge(Code.NO_VERSION_DOCUMENT),
    Code.PAGE_UNPROVEN: lambda: _client(page=page(None)),
    Code.BUILD_NOT_IN_REPOSITORY: _lost_names,
    Code.CONTRACT_MISSING: lambda: judge(survey(contracts=speaks("server", NEW, ABSENT))),
    Code.CONTRACT_INVALID: lambda: judge(survey(contracts=speaks("server", NEW, BROKEN))),
    Code.PROMISE_UNREADABLE: lambda: judge(survey(backend(promise=NO_PROMISE))),
    Code.EVIDENCE_STALE: lambda: judge(survey(doubts={"staging": (UNKNOWN_TO_GIT,)})),
    Code.RECONCILING: lambda: _plane(settled=False),
    Code.MASKED: lambda: _client(edge=unreadable(), page=unreadable()),
    Code.NOTHING_TO_CHECK: lambda: judge(survey(manifest=manifest(services={}, links={}))),
    Code.BEHIND_MANIFEST: _behind,
    Code.AHEAD_OF_MANIFEST: lambda: _running(NEXT, ahead(1)),
    Code.DIVERGED_FROM_MANIFEST: lambda: _running(NEXT, DIVERGED),
    Code.SETTLING: _promised_just_now,
    Code.SPLIT_TRAFFIC: _behind,
    Code.DEPLOYED_WITHOUT_TRAFFIC: lambda: judge(idle_world()),
    Code.DEPLOY_FAILED: lambda: _plane(problem="image not found"),
    Code.TRAFFIC_PINNED: lambda: _plane(targets=[target(follows_latest=False)]),
    Code.ROLLOUT_IN_PROGRESS: lambda: _plane(lease=lease(until=NOW + timedelta(minutes=5))),
    Code.ROLLOUT_UNFINISHED: lambda: _plane(lease=lease(until=NOW)),
    Code.INVALIDATION_WITHOUT_EFFECT: _still_stale,
    Code.DIRTY_BUILD: lambda: _client(edge=document(dirty=True)),
    Code.VERSION_DOCUMENT_CACHEABLE: lambda: _client(edge=document(cacheable="max-age=9")),
    Code.CANDIDATE_NOT_PROBED: lambda: judge_gate(survey(candidates=[candidate()])),
    Code.WITNESS_NOT_DECLARED: lambda: judge(survey(backend(undeclared=("origin",)))),
    Code.TAGGED_REVISION_SKEW: lambda: judge_gate(tagged_world()),
    Code.PRE_EXISTING: lambda: judge_gate(
        survey(contracts=speaks("client", NEW), candidates=[candidate()])
    ),
}
