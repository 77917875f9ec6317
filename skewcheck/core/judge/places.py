"""Is the same build at every place of one service? Names the stale hop and what mends it.

Only a direct read of the origin may blame the origin; a cache-busting read is a hint at most.
"""

from collections.abc import Iterator
from datetime import datetime

from skewcheck.core.build import Build, BuildName, BuildSha
from skewcheck.core.commands import invalidate_command
from skewcheck.core.findings import Code, Finding
from skewcheck.core.history import RelationKind
from skewcheck.core.judge.found import found
from skewcheck.core.live import (
    identify_reading,
    named_build,
    reached,
    readable_planes,
    serving,
)
from skewcheck.core.reading import Page, VersionDocument
from skewcheck.core.survey import OriginReading, Promise, ServiceSurvey, Survey


def judge_places(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """All findings on where the builds of one service stand."""
    yield from _stale_edge(survey, service)
    yield from _stale_origin(survey, service)
    yield from _documents(survey, service)
    yield from _page(survey, service)


def behind_the_edge(survey: Survey, service: ServiceSurvey) -> dict[Build, str]:
    """Each build that is known to run behind the edge, with the witness that says so."""
    seen: dict[Build, str] = {}
    for plane in readable_planes(service):
        for _, revision in serving(plane):
            build = named_build(survey, service.name, revision)
            if build is not None:
                seen[build] = "control plane"
    for origin in service.origins:
        build = _build_of(survey, service, origin.reading)
        if build is not None:
            seen[build] = "control plane and origin" if build in seen else "origin"
    return seen or _hinted(survey, service) or _split_at_edge(survey, service)


def at_the_edge(survey: Survey, service: ServiceSurvey) -> dict[str, Build]:
    """What users get: the build named by the version document and by the page, where they do."""
    seen = {}
    for what, reading in (("version document", service.edge), ("page", service.page)):
        build = _build_of(survey, service, reading)
        if build is not None:
            seen[what] = build
    return seen


def stale_builds(survey: Survey, service: ServiceSurvey) -> frozenset[Build]:
    """Builds that only the edge still holds."""
    behind = behind_the_edge(survey, service)
    if not behind:
        return frozenset()
    return frozenset(at_the_edge(survey, service).values()) - frozenset(behind)


def _hinted(survey: Survey, service: ServiceSurvey) -> dict[Build, str]:
    """Where nothing behind the edge can be read, a differing cache-busted read proves a copy."""
    build = _build_of(survey, service, service.beyond)
    return {} if build is None else {build: "a cache-busting read, a hint"}


def _split_at_edge(survey: Survey, service: ServiceSurvey) -> dict[Build, str]:
    """Where nothing but the edge can be read, two builds there prove one of them to be a copy."""
    held = at_the_edge(survey, service)
    if len(set(held.values())) < 2:
        return {}
    promised = service.promise.build if isinstance(service.promise, Promise) else None
    fresh = next((what for what, build in held.items() if build == promised), "version document")
    return {held[fresh]: f"by the {fresh}, a hint"}


def _build_of(survey: Survey, service: ServiceSurvey, reading: object) -> Build | None:
    if isinstance(reading, VersionDocument | Page) and reading.build is not None:
        return identify_reading(survey, service, reading.build)
    return None


def _stale_edge(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    behind = behind_the_edge(survey, service)
    held = at_the_edge(survey, service)
    stale = {what: build for what, build in held.items() if behind and build not in behind}
    for build in dict.fromkeys(stale.values()):
        parts = " and ".join(what for what, its in stale.items() if its == build)
        runs = ", ".join(f"{each.short} ({witness})" for each, witness in behind.items())
        yield found(
            survey,
            Code.STALE_EDGE,
            service.name,
            f"the edge serves {build.short} ({parts}), but behind it runs {runs}",
            evidence=(*_edge_evidence(service), *_distance(survey, service, build)),
            since=_newest_behind(survey, service),
            fix=invalidate_command(survey.manifest, service.name),
        )


def _edge_evidence(service: ServiceSurvey) -> Iterator[str]:
    hops = [
        each for each in (service.page, service.edge) if isinstance(each, Page | VersionDocument)
    ]
    age = "no Age header" if hops[0].age_s is None else f"Age {hops[0].age_s} s"
    yield f"stale hop: the edge at {hops[0].url} ({age})"
    if isinstance(service.page, Page) and service.page.missing:
        yield f"the page and its scripts lack {', '.join(service.page.missing)}"
    if isinstance(service.beyond, VersionDocument):
        yield f"a cache-busting query brings {service.beyond.build.build.short} (a hint only)"


def _distance(survey: Survey, service: ServiceSurvey, build: Build) -> Iterator[str]:
    if not isinstance(build, BuildSha) or not isinstance(service.promise, Promise):
        return
    relation = survey.relations.get((service.name, build))
    if relation is not None and relation.kind is RelationKind.BEHIND:
        yield f"{build.short} is {relation.behind} commits behind the promise"
    for commit in survey.between.get((service.name, build), ())[:3]:
        yield f"{commit.sha.short} {commit.subject} ({commit.author}, {commit.at:%Y-%m-%d})"


def _newest_behind(survey: Survey, service: ServiceSurvey) -> datetime | None:
    created = [
        revision.created
        for plane in readable_planes(service)
        for _, revision in serving(plane)
        if revision is not None
    ]
    return max((moment for moment in created if moment <= survey.at), default=None)


def _stale_origin(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    for origin in service.origins:
        answered = _build_of(survey, service, origin.reading)
        expected = _expected_at(survey, service, origin)
        if answered is None or not expected or answered in expected:
            continue
        where = f"revision {origin.revision}" if origin.revision else "the origin"
        named = ", ".join(sorted(build.short for build in expected))
        yield found(
            survey,
            Code.STALE_ORIGIN,
            service.name,
            f"{where} answers with {answered.short}, but the control plane says {named} runs",
            evidence=(f"read directly at {origin.reading.url}",),
            fix=f"compare the image of the serving revision with its label, then redeploy"
            f" {service.name}",
        )


def _expected_at(survey: Survey, service: ServiceSurvey, origin: OriginReading) -> set[Build]:
    """What the control plane says such a read may bring; empty unless it names all of it."""
    named = [named_build(survey, service.name, each) for each in reached(service, origin.revision)]
    return set() if None in named else {build for build in named if build is not None}


def _documents(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    for name in _live_names(service):
        if name.dirty:
            told = f"{name.build.short} was built from uncommitted files"
            yield found(survey, Code.DIRTY_BUILD, service.name, told, fix="build from a commit")
            break
    for document in _read_documents(service):
        if document.cacheable:
            yield found(
                survey,
                Code.VERSION_DOCUMENT_CACHEABLE,
                service.name,
                f"caches may keep the version document ({document.cacheable}): it can lie",
                evidence=(f"read at {document.url}",),
                fix="serve it with Cache-Control: no-store",
            )
            break


def _live_names(service: ServiceSurvey) -> Iterator[BuildName]:
    yield from (document.build for document in _read_documents(service))
    if isinstance(service.page, Page) and service.page.build is not None:
        yield service.page.build
    for plane in readable_planes(service):
        for _, revision in serving(plane):
            if revision is not None and revision.build is not None:
                yield revision.build


def _read_documents(service: ServiceSurvey) -> list[VersionDocument]:
    readings = [service.edge, *(origin.reading for origin in service.origins)]
    return [each for each in readings if isinstance(each, VersionDocument)]


def judge_environment(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """Each service says which environment it is; one that says nothing is not accused."""
    here = survey.environment
    for document in _read_documents(service):
        if document.environment and document.environment.casefold() != here.casefold():
            yield found(
                survey,
                Code.WRONG_ENVIRONMENT,
                service.name,
                f"{document.url} says it is {document.environment}, not {here}",
                fix=f"check services.{service.name}.url and the service's own configuration",
            )


def _page(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    page = service.page
    if not isinstance(page, Page):
        return
    if page.gone:
        yield found(
            survey,
            Code.ASSETS_GONE,
            service.name,
            f"the page loads {len(page.gone)} asset(s) that no longer exist: {page.gone[0]}",
            evidence=page.gone,
            fix=invalidate_command(survey.manifest, service.name),
        )
    stale = _build_of(survey, service, page) in stale_builds(survey, service)
    if page.missing and not page.unread and not stale:
        yield found(
            survey,
            Code.PAGE_MISMATCH,
            service.name,
            f"the page that users get lacks {', '.join(page.missing)}, which the manifest requires",
            evidence=(f"searched {page.url} and the scripts that it loads",),
            fix=invalidate_command(survey.manifest, service.name),
        )
