"""Whether the services answer what skewcheck asks them, and whether caches may answer for them."""

from collections.abc import Iterator

from skewcheck.core.checkup.check import Check, Name, bad, not_asked, ok, unread
from skewcheck.core.checkup.facts import EnvironmentFacts
from skewcheck.core.exposed.health_document import Health
from skewcheck.core.findings import Code, Finding
from skewcheck.core.judge import judge
from skewcheck.core.reading import DocumentReading, Page, Unreadable, VersionDocument
from skewcheck.core.survey import ServiceSurvey


def check_endpoints(facts: EnvironmentFacts) -> Iterator[Check]:
    """Service by service, in the order of the manifest."""
    findings = judge(facts.survey).findings
    for name, service in facts.survey.services.items():
        yield from _control_plane(facts, service)
        yield from _documents(service)
        yield from _page(service, findings)
        if name in facts.health:
            yield _health(name, facts.health[name])


def _control_plane(facts: EnvironmentFacts, service: ServiceSurvey) -> Iterator[Check]:
    name, subject = Name.CONTROL_PLANE, service.name
    if not service.planes:
        return
    if facts.no_sign_in is not None:
        yield not_asked(name, subject, facts.no_sign_in)
        return
    for plane in service.planes:
        if isinstance(plane, Unreadable):
            yield unread(name, subject, plane)
            return
    places = facts.survey.manifest.cloud_run_of(subject)
    yield ok(name, subject, ", ".join(f"{place[2]} in {place[1]}" for place in places))


def _documents(service: ServiceSurvey) -> Iterator[Check]:
    """At every place: one that can be read at the edge only cannot tell a stale copy."""
    readings: list[tuple[str, DocumentReading]] = []
    readings += [("edge", service.edge)] if service.edge is not None else []
    readings += [(f"origin {each.revision}".rstrip(), each.reading) for each in service.origins]
    if not readings:
        return
    yield _version_document(service.name, readings)
    documents = [each for _, each in readings if isinstance(each, VersionDocument)]
    if documents:
        yield _caching(service.name, documents)


def _version_document(subject: str, readings: list[tuple[str, DocumentReading]]) -> Check:
    builds: set[str] = set()
    for where, reading in readings:
        if isinstance(reading, Unreadable):
            return unread(Name.VERSION_DOCUMENT, subject, reading, where=where)
        builds.add(reading.build.build.short)
    places = " and ".join(dict.fromkeys(where for where, _ in readings))
    return ok(Name.VERSION_DOCUMENT, subject, f"{', '.join(sorted(builds))} at {places}")


def _caching(subject: str, documents: list[VersionDocument]) -> Check:
    for each in documents:
        if each.cacheable:
            told = f"caches may keep {each.url} ({each.cacheable}), and then it lies"
            fix = "serve it with Cache-Control: no-store"
            return bad(Name.VERSION_CACHING, subject, told, fix)
    return ok(Name.VERSION_CACHING, subject, "no cache may keep the version document")


def _page(service: ServiceSurvey, findings: tuple[Finding, ...]) -> Iterator[Check]:
    name, subject, page = Name.PAGE, service.name, service.page
    if page is None:
        return
    if isinstance(page, Unreadable):
        yield unread(name, subject, page)
        return
    unproven = (each for each in findings if each.code is Code.PAGE_UNPROVEN)
    for each in unproven:
        if each.subject == subject:
            yield bad(name, subject, each.sentence, each.fix)
            return
    yield ok(name, subject, _proof(page))


def _proof(page: Page) -> str:
    if page.build is not None:
        return f"names {page.build.build.short}"
    return f"looked through for {', '.join(page.required)}"


def _health(subject: str, read: Health | Unreadable) -> Check:
    if isinstance(read, Unreadable):
        return unread(Name.HEALTH, subject, read)
    for each in read.states:
        if each.state != "available":
            said = each.said or "nothing"
            told = f"{read.url} says {said} of {each.name}, which must be available"
            fix = f"mend {each.name}, or correct services.{subject}.health.requires"
            return bad(Name.HEALTH, subject, told, fix)
    named = ", ".join(each.name for each in read.states)
    return ok(Name.HEALTH, subject, f"{named} available" if named else f"{read.url} answers")
