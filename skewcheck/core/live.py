"""Who is live: every build that the other side of a link may meet right now.

Rule of this file: what is live but cannot be named stands here with `build=None`; it is never
left out, because a pair that nobody looked at must not count as fitting.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from skewcheck.core.build import Build, BuildName, OpaqueId
from skewcheck.core.cloud_run.reading import may_have_served
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.history import NotInHistory
from skewcheck.core.reading import Page, Unreadable, VersionDocument
from skewcheck.core.survey import ServiceSurvey, Survey


class Presence(StrEnum):
    CANDIDATE = "candidate"
    TRAFFIC = "traffic"
    ORIGIN = "origin"
    EDGE = "edge"
    PAGE = "page"
    AFFINITY = "session affinity"
    LINGERING = "may linger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One build that is live in one role. `percent` is its share of new requests, where known.

    `until` is set for a build that only may linger: after it, nobody is expected to run it.
    """

    build: Build | None
    presences: tuple[Presence, ...]
    why: str
    percent: int | None = None
    revisions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def only_may_linger(self) -> bool:
        return self.presences == (Presence.LINGERING,)

    def __str__(self) -> str:
        return self.build.short if self.build else "unknown build"


def live_servers(survey: Survey, name: str) -> tuple[Live, ...]:
    """Revisions with traffic and what the origin answers; the edge where it is all there is."""
    service = survey.services[name]
    found = [*_with_traffic(survey, service), *_at_origin(survey, service)]
    found += _held_by_affinity(survey, service)
    if not service.planes and not service.origins:
        found += _at_edge(survey, service)
    return _merged(found)


def live_clients(survey: Survey, name: str) -> tuple[Live, ...]:
    """Builds with traffic, what edge and page serve, and those that may linger."""
    service = survey.services[name]
    found = [*_with_traffic(survey, service), *_at_origin(survey, service)]
    found += [*_at_edge(survey, service), *_at_page(survey, service)]
    found += [
        Live(build=old.build, presences=(Presence.LINGERING,), why=old.why, until=old.until)
        for old in service.lingering
    ]
    return _merged(found)


def identify_reading(survey: Survey, service: ServiceSurvey, name: BuildName) -> Build | None:
    """The commit that a version document or page names; None where git does not know it.

    An opaque id takes the identity of the one build whose origin answers with the same id:
    equality is all that such an id can prove, and where two builds share it, it proves nothing.
    """
    if isinstance(name.build, OpaqueId) and (service.name, name.build) not in survey.builds:
        return _by_equality(survey, service, name.build)
    known = survey.identify(service.name, name.build)
    return None if isinstance(known, NotInHistory) else known


def serving(plane: ControlPlane) -> Iterator[tuple[Target, Revision | None]]:
    """Targets that get requests without a tag, with their revisions."""
    for target in plane.targets:
        if target.percent > 0:
            yield target, plane.revision(target.revision)


def readable_planes(service: ServiceSurvey) -> tuple[ControlPlane, ...]:
    return tuple(plane for plane in service.planes if isinstance(plane, ControlPlane))


def named_build(survey: Survey, service: str, revision: Revision | None) -> Build | None:
    """The commit that the control plane names for a revision, None where it names none."""
    if revision is None or revision.build is None:
        return None
    known = survey.identify(service, revision.build.build)
    return None if isinstance(known, NotInHistory) else known


def build_of_revision(
    survey: Survey, service: ServiceSurvey, name: str, revision: Revision | None
) -> Build | None:
    """By the control plane, else what a read that surely reached that revision brought."""
    named = named_build(survey, service.name, revision)
    if named is not None:
        return named
    answers = answers_of(service, name)
    said = {identify_reading(survey, service, answer.build) for answer in answers}
    return said.pop() if len(said) == 1 else None


def answers_of(service: ServiceSurvey, revision: str) -> tuple[VersionDocument, ...]:
    """What that revision says of itself: at its own URL, or at the origin if it serves alone."""
    serves = {target.revision for plane in readable_planes(service) for target, _ in serving(plane)}
    reached = {revision, ""} if serves == {revision} else {revision}
    return tuple(
        origin.reading
        for origin in service.origins
        if origin.revision in reached and isinstance(origin.reading, VersionDocument)
    )


def reached(service: ServiceSurvey, revision: str) -> list[Revision | None]:
    """The revisions that a read of the origin may meet; None for one that is not listed."""
    planes = readable_planes(service)
    if revision:
        return [found for plane in planes if (found := plane.revision(revision))]
    return [each for plane in planes for _, each in serving(plane)]


def _with_traffic(survey: Survey, service: ServiceSurvey) -> Iterator[Live]:
    for plane in service.planes:
        if isinstance(plane, Unreadable):
            yield Live(build=None, presences=(Presence.TRAFFIC,), why=plane.detail)
            continue
        for target, revision in serving(plane):
            yield _from_target(survey, service, target, revision)


def _from_target(
    survey: Survey, service: ServiceSurvey, target: Target, revision: Revision | None
) -> Live:
    return Live(
        build=build_of_revision(survey, service, target.revision, revision),
        presences=(Presence.TRAFFIC,),
        why=f"{target.percent}% of traffic",
        percent=target.percent,
        revisions=(target.revision,),
        since=revision.created if revision else None,
    )


def _at_origin(survey: Survey, service: ServiceSurvey) -> Iterator[Live]:
    for origin in service.origins:
        if isinstance(origin.reading, VersionDocument):
            build = identify_reading(survey, service, origin.reading.build)
            yield Live(build=build, presences=(Presence.ORIGIN,), why="the origin answers with it")


def _at_edge(survey: Survey, service: ServiceSurvey) -> Iterator[Live]:
    match service.edge:
        case VersionDocument(build=name):
            build = identify_reading(survey, service, name)
            yield Live(build=build, presences=(Presence.EDGE,), why="the edge serves it")
        case Unreadable(detail=detail):
            yield Live(build=None, presences=(Presence.EDGE,), why=detail)
        case None:
            return
        case _:
            assert_never(service.edge)


def _at_page(survey: Survey, service: ServiceSurvey) -> Iterator[Live]:
    match service.page:
        case Page(build=BuildName() as name):
            build = identify_reading(survey, service, name)
            yield Live(build=build, presences=(Presence.PAGE,), why="the edge serves its page")
        case Page(required=required, missing=missing) if required and not missing:
            return
        case Page():
            yield Live(build=None, presences=(Presence.PAGE,), why="the page names no build")
        case Unreadable(detail=detail):
            yield Live(build=None, presences=(Presence.PAGE,), why=detail)
        case None:
            return
        case _:
            assert_never(service.page)


def _held_by_affinity(survey: Survey, service: ServiceSurvey) -> Iterator[Live]:
    """Session affinity beats the traffic split: cookies lead back to revisions from before."""
    since = survey.at - survey.manifest.lingers_of(service.name)
    for plane in readable_planes(service):
        if plane.session_affinity:
            for revision in may_have_served(plane, since):
                yield Live(
                    build=build_of_revision(survey, service, revision.name, revision),
                    presences=(Presence.AFFINITY,),
                    why=f"session affinity may still lead to {revision.name}",
                    revisions=(revision.name,),
                )


def _by_equality(survey: Survey, service: ServiceSurvey, opaque: OpaqueId) -> Build | None:
    builds = {
        named_build(survey, service.name, revision)
        for origin in service.origins
        if isinstance(origin.reading, VersionDocument) and origin.reading.build.build == opaque
        for revision in reached(service, origin.revision)
    }
    return builds.pop() if len(builds) == 1 else None


def _merged(found: Iterable[Live]) -> tuple[Live, ...]:
    """One entry for each build; what has no name stays apart, each with its reason."""
    by_build: dict[Build, Live] = {}
    unnamed: list[Live] = []
    for live in found:
        if live.build is None:
            unnamed.append(live)
        elif live.build in by_build:
            by_build[live.build] = _joined(by_build[live.build], live)
        else:
            by_build[live.build] = live
    return (*by_build.values(), *unnamed)


def _joined(one: Live, other: Live) -> Live:
    if Presence.LINGERING in other.presences:
        return one if not one.only_may_linger else replace(one, until=_later(one, other))
    percents = [each.percent for each in (one, other) if each.percent is not None]
    return replace(
        one,
        presences=tuple(dict.fromkeys((*one.presences, *other.presences))),
        why=f"{one.why}; {other.why}",
        percent=sum(percents) if percents else None,
        revisions=tuple(dict.fromkeys((*one.revisions, *other.revisions))),
        since=one.since or other.since,
    )


def _later(one: Live, other: Live) -> datetime | None:
    return max((each.until for each in (one, other) if each.until), default=None)
