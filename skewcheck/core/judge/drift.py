"""Is what runs what git promises? One service at a time; unequal commits are drift, never skew."""

from collections.abc import Iterator
from typing import assert_never

from skewcheck.core.build import BuildSha
from skewcheck.core.commands import traffic_command
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.findings import Code, Finding
from skewcheck.core.history import Commit, Relation, RelationKind
from skewcheck.core.judge.found import found
from skewcheck.core.judge.places import behind_the_edge
from skewcheck.core.live import Live, Presence, live_clients, named_build, readable_planes, serving
from skewcheck.core.rollout.lease import BrokenLease, Lease
from skewcheck.core.survey import Promise, PromiseUnreadable, ServiceSurvey, Survey

_DRIFT = {
    RelationKind.BEHIND: Code.BEHIND_MANIFEST,
    RelationKind.AHEAD: Code.AHEAD_OF_MANIFEST,
    RelationKind.DIVERGED: Code.DIVERGED_FROM_MANIFEST,
}


def judge_traffic(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """The state of the traffic itself, whatever was promised."""
    for plane in readable_planes(service):
        yield from _traffic(survey, service, plane)


def judge_promise(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """The promise against the builds that run."""
    match service.promise:
        case Promise() as promise:
            yield from _kept(survey, service, promise)
        case PromiseUnreadable(why=why, fix=fix):
            yield found(survey, Code.PROMISE_UNREADABLE, service.name, why, fix=fix)
        case None:
            return
        case _:
            assert_never(service.promise)


def running(survey: Survey, service: ServiceSurvey) -> tuple[Live, ...]:
    """What runs now: by traffic where a control plane tells, else by origin, edge or page."""
    lives = live_clients(survey, service.name)
    for presence in (Presence.TRAFFIC, Presence.ORIGIN, Presence.EDGE, Presence.PAGE):
        chosen = tuple(live for live in lives if presence in live.presences and live.build)
        if chosen:
            return chosen
    return ()


def describe_relation(relation: Relation) -> str:
    """`3 commits behind`, `diverged: 1 commit of its own, 2 missing`."""
    match relation.kind:
        case RelationKind.SAME:
            return "the same"
        case RelationKind.BEHIND:
            return f"{_commits(relation.behind)} behind"
        case RelationKind.AHEAD:
            return f"{_commits(relation.ahead)} ahead of"
        case RelationKind.DIVERGED:
            own, missing = _commits(relation.ahead), relation.behind
            return f"diverged ({own} of its own, {missing} missing) from"
        case RelationKind.UNKNOWN:
            return f"in an unknown relation ({relation.why}) to"
        case _:
            assert_never(relation.kind)


def describe_commit(commit: Commit) -> str:
    return f"{commit.sha.short} {commit.subject} ({commit.author}, {commit.at:%Y-%m-%d})"


def _commits(count: int) -> str:
    return f"{count} commit" if count == 1 else f"{count} commits"


def _traffic(survey: Survey, service: ServiceSurvey, plane: ControlPlane) -> Iterator[Finding]:
    name = service.name
    split = list(serving(plane))
    yield from _lease(survey, service, plane)
    if not plane.settled and not plane.problem:
        told = f"Cloud Run is still changing {plane.service} in {plane.region}"
        yield found(survey, Code.RECONCILING, name, told, fix="run it again in a minute")
    if plane.problem:
        told = f"the last deploy of {plane.service} in {plane.region} failed: {plane.problem}"
        fix = f"gcloud run services describe {plane.service} --region={plane.region}"
        yield found(survey, Code.DEPLOY_FAILED, name, told, fix=fix)
    if not split:
        told = f"no revision of {plane.service} in {plane.region} gets traffic"
        fix = traffic_command(survey.manifest, name, plane.region, "--to-latest")
        yield found(survey, Code.NOT_DEPLOYED, name, told, fix=fix)
        return
    yield from _split(survey, service, plane)
    yield from _idle(survey, service, plane)


def _split(survey: Survey, service: ServiceSurvey, plane: ControlPlane) -> Iterator[Finding]:
    split = list(serving(plane))
    if len({target.revision for target, _ in split}) > 1:
        shares = ", ".join(f"{target.revision} {target.percent}%" for target, _ in split)
        yield found(survey, Code.SPLIT_TRAFFIC, service.name, f"traffic is split: {shares}")
    if not any(target.follows_latest for target, _ in split):
        pinned = ", ".join(target.revision for target, _ in split)
        told = f"traffic is pinned to {pinned}: the next deploy will get none"
        # Never a bare --to-latest: LATEST may be a candidate that failed its probes.
        fix = f"skewcheck unpin {survey.environment} {service.name}"
        if plane.pin is not None:
            told += f" (left by rollout {plane.pin.rollout}, {plane.pin.at:%Y-%m-%d %H:%M} UTC)"
        if isinstance(plane.lease, Lease):
            fix = f"skewcheck rollouts show {plane.lease.environment} {plane.lease.rollout}"
        yield found(survey, Code.TRAFFIC_PINNED, service.name, told, fix=fix)


def _lease(survey: Survey, service: ServiceSurvey, plane: ControlPlane) -> Iterator[Finding]:
    """Reading changes nothing: who finds a rollout's remains names the command that ends it."""
    match plane.lease:
        case None:
            return
        case BrokenLease(text=text):
            told = f"{plane.service} carries a lease that cannot be read: {text}"
            fix = "find out who wrote the annotation skewcheck.dev/rollout, and remove it"
            yield found(survey, Code.ROLLOUT_UNFINISHED, service.name, told, fix=fix)
        case Lease(rollout=rollout, holder=holder, until=until) as lease:
            live = lease.is_live(survey.at)
            code = Code.ROLLOUT_IN_PROGRESS if live else Code.ROLLOUT_UNFINISHED
            told = f"rollout {rollout} of {lease.environment}, carried out by {holder},"
            told += f" holds {plane.service} until {until:%Y-%m-%d %H:%M:%S} UTC"
            told += "" if live else ", which is over"
            shown = "show" if live else "resume"
            fix = f"skewcheck rollouts {shown} {lease.environment} {rollout}"
            yield found(survey, code, service.name, told, since=lease.taken, fix=fix)
        case _:
            assert_never(plane.lease)


def _idle(survey: Survey, service: ServiceSurvey, plane: ControlPlane) -> Iterator[Finding]:
    """Ready revisions that are younger than all that serve: deployed, and nobody meets them."""
    serves = {target.revision for target, _ in serving(plane)}
    youngest = max((r.created for _, r in serving(plane) if r is not None), default=None)
    for revision in plane.revisions:
        if revision.name in serves or not revision.ready or youngest is None:
            continue
        if revision.created > youngest:
            named = named_build(survey, service.name, revision)
            what = f"{revision.name} ({named.short})" if named else revision.name
            told, fix = f"{what} is deployed and gets no traffic", ""
            if revision.rollout:  # it may be one that failed its probes: no command for pasting
                told += f" (made by rollout {revision.rollout})"
                fix = f"skewcheck rollouts show {survey.environment} {revision.rollout}"
            option = f"--to-revisions={revision.name}=100"
            fix = fix or traffic_command(survey.manifest, service.name, plane.region, option)
            since = revision.created
            yield found(
                survey, Code.DEPLOYED_WITHOUT_TRAFFIC, service.name, told, since=since, fix=fix
            )


def _kept(survey: Survey, service: ServiceSurvey, promise: Promise) -> Iterator[Finding]:
    runs = running(survey, service)
    kept = any(live.build == promise.build for live in runs)
    for live in runs:
        if isinstance(live.build, BuildSha) and live.build != promise.build:
            yield from _differs(survey, service, promise, live.build, kept=kept)


def _differs(
    survey: Survey, service: ServiceSurvey, promise: Promise, build: BuildSha, *, kept: bool
) -> Iterator[Finding]:
    relation = survey.relations.get((service.name, build), Relation(RelationKind.UNKNOWN))
    if relation.kind is RelationKind.UNKNOWN:
        told = f"how {build.short} relates to the promise is unknown: {relation.why}"
        yield found(survey, Code.BUILD_NOT_IN_REPOSITORY, service.name, told, fix=relation.fix)
        return
    code = _code(survey, service, promise, relation, kept=kept)
    told = f"runs {build.short}, {describe_relation(relation)} the promise {promise.build.short}"
    if code is Code.NOT_DEPLOYED:
        told += ", which was seen nowhere"
    between = survey.between.get((service.name, build), ())
    yield found(
        survey,
        code,
        service.name,
        told,
        evidence=[describe_commit(commit) for commit in between[:5]],
        since=promise.since,
        fix=_cure(survey, service, code),
    )


def _code(
    survey: Survey, service: ServiceSurvey, promise: Promise, relation: Relation, *, kept: bool
) -> Code:
    if relation.kind is not RelationKind.BEHIND or kept:
        return _DRIFT[relation.kind]
    if survey.at - promise.since < survey.manifest.policy.settle:
        return Code.SETTLING
    return Code.BEHIND_MANIFEST if _is_deployed(survey, service, promise) else Code.NOT_DEPLOYED


def _is_deployed(survey: Survey, service: ServiceSurvey, promise: Promise) -> bool:
    if promise.build in behind_the_edge(survey, service):
        return True
    return any(
        named_build(survey, service.name, revision) == promise.build
        for plane in readable_planes(service)
        for revision in plane.revisions
        if revision.ready
    )


def _cure(survey: Survey, service: ServiceSurvey, code: Code) -> str:
    if code is Code.SETTLING:
        return f"wait; it becomes a finding after {survey.manifest.policy.settle}"
    if code in {Code.AHEAD_OF_MANIFEST, Code.DIVERGED_FROM_MANIFEST}:
        return f"promise what runs in manifests/{survey.environment}.yaml, or redeploy the promise"
    deploy = survey.manifest.services[service.name].deploy
    if deploy is not None and deploy.cloud_build_trigger:
        return f"gcloud builds triggers run {deploy.cloud_build_trigger}"
    return f"deploy the promised build of {service.name}"
