"""What could not be learnt, each with its own cause: an unknown is never a pass and never vague."""

from collections.abc import Iterator

from skewcheck.core.build import BuildName
from skewcheck.core.control_plane import Revision
from skewcheck.core.exposed.no_reading import look
from skewcheck.core.findings import Code, Finding
from skewcheck.core.history import NotInHistory
from skewcheck.core.judge.found import found, unread
from skewcheck.core.live import (
    answers_of,
    build_of_revision,
    identify_reading,
    named_build,
    readable_planes,
    serving,
)
from skewcheck.core.promise import Witness
from skewcheck.core.reading import Page, Unreadable, VersionDocument
from skewcheck.core.survey import ServiceSurvey, Survey


def judge_unknowns(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """Unread witnesses, names that git does not know, and pages that prove nothing."""
    yield from _unread(survey, service)
    yield from _unheard(survey, service)
    yield from _unnamed(survey, service)
    yield from _unidentified(survey, service)
    yield from _unproven(survey, service)
    yield from _undeclared(survey, service)


def _unread(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    for plane in service.planes:
        if isinstance(plane, Unreadable):
            yield unread(survey, service.name, "control plane", plane)
    for origin in service.origins:
        if isinstance(origin.reading, Unreadable):
            where = f"origin of {origin.revision}" if origin.revision else "origin"
            yield unread(survey, service.name, where, origin.reading)
    if isinstance(service.edge, Unreadable):
        yield unread(survey, service.name, "edge", service.edge)
    if isinstance(service.page, Unreadable):
        yield _unread_page(survey, service, service.page)


def _unread_page(survey: Survey, service: ServiceSurvey, page: Unreadable) -> Finding:
    """A page at an edge that does not answer at all is masked: one cause, one finding."""
    hidden = isinstance(service.edge, Unreadable) and service.edge.cause is page.cause
    if hidden and page.cause in {Code.UNREACHABLE, Code.UNAUTHORIZED}:
        told = f"the page could not be looked at: masked by {page.cause} at the edge"
        return found(survey, Code.MASKED, service.name, told, fix="mend that first")
    return unread(survey, service.name, "page", page)


def _unheard(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """A witness that nobody asked in the end; an origin's address comes from the control plane."""
    lost = any(isinstance(plane, Unreadable) for plane in service.planes)
    heard: dict[Witness, bool] = {
        "control-plane": bool(service.planes),
        "origin": bool(service.origins) or lost,
        "edge": service.edge is not None,
        "page": service.page is not None,
    }
    for witness, answered in heard.items():
        if witness in service.witnesses and not answered:
            told = f"{witness}: it was to be read, and nothing tells what it says"
            fix = f"list every witness that it needs in services.{service.name}.witnesses"
            yield found(survey, Code.UNREACHABLE, service.name, told, fix=fix)


def _unnamed(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """Serving revisions whose build neither the platform nor the revision itself names."""
    for plane in readable_planes(service):
        for target, revision in serving(plane):
            if _is_nameless(survey, service, target.revision, revision):
                yield found(
                    survey,
                    Code.NO_VERSION_DOCUMENT,
                    service.name,
                    f"nothing names the build of {target.revision}, which gets"
                    f" {target.percent}% of traffic",
                    fix=f"deploy with --labels=commit-sha=SHA or env BUILD_SHA ({plane.service})",
                )


def _is_nameless(
    survey: Survey, service: ServiceSurvey, name: str, revision: Revision | None
) -> bool:
    """A name that git does not know is no gap here: it is a finding of its own."""
    if build_of_revision(survey, service, name, revision) is not None:
        return False
    names = [answer.build for answer in answers_of(service, name)]
    if revision is not None and revision.build is not None:
        names.append(revision.build)
    return all(identify_reading(survey, service, each) is not None for each in names)


def _unidentified(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    told: set[str] = set()
    for where, name in _names(survey, service):
        if str(name.build) not in told:
            told.add(str(name.build))
            yield unknown_build(survey, service.name, where, name)


def _names(survey: Survey, service: ServiceSurvey) -> Iterator[tuple[str, BuildName]]:
    """Names that were read well and that git cannot identify."""
    for plane in readable_planes(service):
        for _, revision in serving(plane):
            if revision is None or revision.build is None:
                continue
            if named_build(survey, service.name, revision) is None:
                yield f"{revision.named_by} of {revision.name}", revision.build
    readings = [("origin", origin.reading) for origin in service.origins]
    for where, reading in [*readings, ("edge", service.edge), ("page", service.page)]:
        if not isinstance(reading, VersionDocument | Page) or reading.build is None:
            continue
        if identify_reading(survey, service, reading.build) is None:
            yield where, reading.build


def unknown_build(survey: Survey, service: str, where: str, name: BuildName) -> Finding:
    """A build that git cannot look up, with what git lacks."""
    known = survey.identify(service, name.build)
    why, fix = (known.why, known.fix) if isinstance(known, NotInHistory) else ("", "")
    return found(
        survey,
        Code.BUILD_NOT_IN_REPOSITORY,
        service,
        f"{where} names {name.build.short}: {why}",
        evidence=(f"full name: {name.build}",) if name.build.short != str(name.build) else (),
        fix=fix,
    )


def _unproven(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    page = service.page
    if not isinstance(page, Page):
        return
    if page.missing and page.unread:
        told = f"{', '.join(page.missing)} was not found, and {page.unread[0]} could not be read"
        fix = f"see why it cannot be read: {look(page.unread[0])}"
        yield found(survey, Code.PAGE_UNPROVEN, service.name, told, evidence=page.unread, fix=fix)
    elif page.build is None and not page.required:
        yield found(
            survey,
            Code.PAGE_UNPROVEN,
            service.name,
            f"the page at {page.url} names no build: it may be older than its version document",
            fix=_name_it(survey, service.name),
        )


def _name_it(survey: Survey, service: str) -> str:
    """A page that a cache holds may be from before the build named itself."""
    tag = '<meta name="build-sha" content="…">'
    fix = f"skewcheck stamp adds {tag}, or services.{service}.page.must_contain"
    if survey.manifest.cloud_cdn_of(service) is None:
        return fix
    return f"{fix}; if it has one by now: skewcheck invalidate {survey.environment} {service}"


def _undeclared(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    if service.undeclared:
        told = f"not looked at, by services.{service.name}.witnesses: "
        told += ", ".join(service.undeclared)
        yield found(survey, Code.WITNESS_NOT_DECLARED, service.name, told)
