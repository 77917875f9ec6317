"""What a survey must still ask git: names to identify, builds to relate, contracts to read.

Pure: each function looks at what the survey holds so far and says what is missing.
"""

from collections.abc import Iterator

from skewcheck.core.build import Build, BuildSha, OpaqueId
from skewcheck.core.compatibility import Terms
from skewcheck.core.judge.drift import running
from skewcheck.core.live import live_clients, live_servers, named_build, readable_planes
from skewcheck.core.matrix import clients_after, servers_after
from skewcheck.core.reading import Page, VersionDocument
from skewcheck.core.survey import Candidate, ContractKnown, Promise, ServiceSurvey, Side, Survey


def names_to_identify(
    service: ServiceSurvey, candidate: Candidate | None = None
) -> frozenset[Build]:
    """Every commit name that a witness or the candidate brought; opaque ids are not git's."""
    names = set(_names(service))
    if candidate is not None and isinstance(candidate.reading, VersionDocument):
        names.add(candidate.reading.build.build)
    return frozenset(name for name in names if not isinstance(name, OpaqueId))


def _names(service: ServiceSurvey) -> Iterator[Build]:
    for plane in readable_planes(service):
        for revision in plane.revisions:
            if revision.build is not None:
                yield revision.build.build
    readings = [origin.reading for origin in service.origins]
    for reading in [*readings, service.edge, service.beyond, service.page]:
        if isinstance(reading, VersionDocument | Page) and reading.build is not None:
            yield reading.build.build


def builds_to_relate(survey: Survey) -> frozenset[tuple[str, BuildSha]]:
    """Builds that run, or are about to, and differ from their service's promise."""
    return frozenset(
        (name, build)
        for name, service in survey.services.items()
        if isinstance(service.promise, Promise)
        for build in _running(survey, service)
        if build != service.promise.build
    )


def _running(survey: Survey, service: ServiceSurvey) -> Iterator[BuildSha]:
    for live in (*running(survey, service), *live_clients(survey, service.name)):
        if isinstance(live.build, BuildSha) and not live.only_may_linger:
            yield live.build
    candidate = survey.candidates.get(service.name)
    if candidate is not None and isinstance(candidate.build, BuildSha):
        yield candidate.build


def contracts_to_read(survey: Survey) -> frozenset[tuple[str, Side, BuildSha]]:
    """Every build that either world, before or after, puts at one end of a link."""
    return frozenset(
        (name, side, build)
        for name, link in survey.manifest.links.items()
        for side, build in _parties(survey, link.client, link.server)
    )


def _parties(survey: Survey, client: str, server: str) -> Iterator[tuple[Side, BuildSha]]:
    for live in (*live_clients(survey, client), *clients_after(survey, client)):
        if isinstance(live.build, BuildSha):
            yield "client", live.build
    for live in (*live_servers(survey, server), *servers_after(survey, server)):
        if isinstance(live.build, BuildSha):
            yield "server", live.build
    for side, service in (("client", client), ("server", server)):
        for build in _tagged(survey, service):
            yield ("client" if side == "client" else "server"), build


def _tagged(survey: Survey, service: str) -> Iterator[BuildSha]:
    for plane in readable_planes(survey.services[service]):
        for target in plane.targets:
            build = named_build(survey, service, plane.revision(target.revision))
            if target.tag and isinstance(build, BuildSha):
                yield build


def changes_to_blame(survey: Survey) -> frozenset[tuple[str, Side, BuildSha]]:
    """Contracts of links on which not everybody speaks and accepts the same."""
    known = {
        key: reading.terms
        for key, reading in survey.contracts.items()
        if isinstance(reading, ContractKnown) and isinstance(key[2], BuildSha)
    }
    terms_of_link: dict[str, list[Terms]] = {}
    for (link, _, _), terms in known.items():
        terms_of_link.setdefault(link, []).append(terms)
    differing = {
        link for link, terms in terms_of_link.items() if any(each != terms[0] for each in terms)
    }
    return frozenset(
        (link, side, build)
        for link, side, build in known
        if link in differing and isinstance(build, BuildSha)
    )
