"""The steps at the edge: told to forget, then read as a user until it shows the new build.

Rule of this file: what the platform says of its caches proves nothing; only what a user gets does.
"""

from collections.abc import Iterator

from skewcheck.core.build import BuildName, OpaqueId
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.exposed.html_page import PageHtml
from skewcheck.core.judge.invalidation import without_effect
from skewcheck.core.plan.facts import BuildId
from skewcheck.core.reading import Page, PageReading, Unreadable, VersionDocument
from skewcheck.core.rollout.changes import builds_after
from skewcheck.core.rollout.order import ServiceOrder
from skewcheck.core.rollout.steps import Step
from skewcheck.flows.pool import reading
from skewcheck.flows.read_services import read_document, read_html, read_pages, witnesses_of
from skewcheck.flows.rollout.hands import Done, Work, until_seen
from skewcheck.render.words import lasting


def invalidate(work: Work, step: Step) -> Done:
    """Waits until the platform says that it is done, which proves nothing yet."""
    service = work.order.service(step.service)
    if service.edge is None:
        return Done(told=f"{service.name} has no edge that can be told to forget")
    # Not the root's: whoever resumes a stuck rollout asks anew, and gets no failed answer again.
    key = f"{work.order.rollout} {step.key}"
    changed = work.hands.invalidations.invalidate(service.edge, key=key)
    what = ", ".join(service.edge.tags or service.edge.paths)
    told = f"{service.edge.url_map} was told to forget {what} of {service.edge.host}"
    return Done(told=told, evidence=changed.evidence)


def see_edge(work: Work, step: Step) -> Done:
    """Document and page, several times in a row; with the time that it took to flip."""
    service = work.order.service(step.service)
    wanted = builds_after(work.order, step)
    began = work.clock.now()
    if not witnesses_of(work.hands.loaded.manifest, service.name)[0] & {"edge", "page"}:
        return Done(told=f"{service.name} has no edge that could be read, as the manifest says")

    def look() -> str:
        return "; ".join(_complaints(work, service.name, wanted))

    if complaint := until_seen(work, work.hands.patience.edge, look):
        raise _refusal(work, service, complaint)
    took = (work.clock.now() - began).total_seconds()
    shown = " or ".join(sorted(build[:7] for build in wanted))
    return Done(told=f"users of {service.name} get {shown}, after {took:.1f} s; {_beyond(service)}")


def _complaints(work: Work, name: str, wanted: frozenset[BuildId]) -> Iterator[str]:
    manifest, http = work.hands.loaded.manifest, work.hands.doors.http
    heard, service = witnesses_of(manifest, name)[0], manifest.services[name]
    if "edge" in heard:
        document = read_document(http, service.url, service.version_path, as_browser=True)
        if isinstance(document, VersionDocument):
            yield from _differs(f"{document.url} names", document.build, wanted)
        else:
            yield document.detail
    if "page" in heard:
        yield from _page_complaints(_page(work, name), wanted)


def _page(work: Work, name: str) -> PageReading:
    manifest, doors = work.hands.loaded.manifest, work.hands.doors
    html: PageHtml | Unreadable = read_html(doors.http, manifest.services[name])
    with reading(doors.at_once) as pool:
        return read_pages(doors.http, pool, {name: html}, manifest)[name]


def _page_complaints(page: PageReading, wanted: frozenset[BuildId]) -> Iterator[str]:
    if isinstance(page, Unreadable):
        yield page.detail
        return
    if page.gone:
        yield f"{page.url} loads what is gone: {', '.join(page.gone[:3])}"
    if page.build is not None:
        yield from _differs(f"the page {page.url} is of", page.build, wanted)
    elif page.missing or not page.required:
        yield from _unproven(page)


def _unproven(page: Page) -> Iterator[str]:
    told = f"without {', '.join(page.missing)}" if page.missing else "and names no build"
    yield f"{page.url} is served {told}"


def _differs(where: str, name: BuildName, wanted: frozenset[BuildId]) -> Iterator[str]:
    """A short SHA agrees with the full one; an opaque id agrees with nothing for certain."""
    if isinstance(name.build, OpaqueId):
        yield f"{where} {name.build.short}, which git does not know"
    elif not any(build.startswith(name.build.value) for build in wanted):
        yield f"{where} {name.build.short} still"


def _refusal(work: Work, service: ServiceOrder, seen: str) -> ActionFailedError:
    after_s = work.hands.patience.edge
    if service.edge is None:
        told = f"users of {service.name} do not get it after {after_s:.0f} s: {seen}"
        return ActionFailedError(told, hint=f"skewcheck status {work.order.environment}")
    manifest = work.hands.loaded.manifest
    found = without_effect(manifest, service.name, after_s=after_s, seen=seen)
    return ActionFailedError(f"{found.code}: {found.sentence}", hint=found.fix)


def _beyond(service: ServiceOrder) -> str:
    if not service.lingers_s:
        return "nobody else holds the old one"
    most = lasting(service.lingers_s)
    return f"open tabs and browser caches may hold the old one for up to {most}"
