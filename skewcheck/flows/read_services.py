"""Reads what each service exposes: edge and page as a user gets them, the origin directly.

One rule: a read that cannot be made is an answer like any other, never a gap.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from urllib.parse import urlsplit

from skewcheck.core.answer import HttpRead
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.exposed.html_page import PAGE_ACCEPT, PageHtml, assemble_page, read_page
from skewcheck.core.exposed.version_document import KNOWN_PATHS, most_telling, read_version_document
from skewcheck.core.findings import Code
from skewcheck.core.live import serving
from skewcheck.core.manifest import Manifest, Service, Witness
from skewcheck.core.reading import DocumentReading, PageReading, Unreadable, VersionDocument
from skewcheck.core.survey import OriginReading
from skewcheck.ports import HttpReader

_MOST_ASSETS = 60


def witnesses_of(manifest: Manifest, name: str) -> tuple[frozenset[Witness], tuple[Witness, ...]]:
    """The witnesses to hear, and those that could exist and are left out on purpose."""
    service = manifest.services[name]
    possible: list[Witness] = ["edge"]
    if service.cloud_run is not None:
        possible = ["control-plane", "origin", "edge"]
    if service.page is not None or _is_browser_client(manifest, name):
        possible.append("page")
    if service.witnesses is None:
        return frozenset(possible), ()
    declared = frozenset(service.witnesses)
    return declared, tuple(each for each in possible if each not in declared)


def _is_browser_client(manifest: Manifest, name: str) -> bool:
    return any(
        link.client == name and link.transport == "websocket" for link in manifest.links.values()
    )


def read_document(
    http: HttpReader, base: str, path: str | None, *, as_browser: bool
) -> DocumentReading:
    """The version document at `path`, else at the first known path that answers with one."""
    if path is not None:
        return _read_one(http, base + path, as_browser=as_browser)
    readings: list[DocumentReading] = []
    for each in KNOWN_PATHS:
        reading = _read_one(http, base + each, as_browser=as_browser)
        readings.append(reading)
        if isinstance(reading, VersionDocument) or reading.cause is Code.UNREACHABLE:
            return reading
    return most_telling(readings) or readings[0]


def _read_one(http: HttpReader, url: str, *, as_browser: bool) -> DocumentReading:
    read = http.read(url, as_browser=as_browser, accept="application/json, */*;q=0.5")
    return read_version_document(read)


def read_beyond(http: HttpReader, document: VersionDocument, at: datetime) -> DocumentReading:
    """The same document with a query that no cache has seen: a hint at what lies behind."""
    url = f"{document.url.split('?')[0]}?skewcheck={int(at.timestamp())}"
    return _read_one(http, url, as_browser=True)


def read_origins(
    http: HttpReader, service: Service, plane: ControlPlane, path: str | None
) -> Iterator[OriginReading]:
    """The direct URL, then each serving revision that has a tag URL of its own."""
    if plane.internal:
        yield OriginReading(revision="", reading=_closed(plane))
        return
    wanted = service.version_path or path
    reading = read_document(http, plane.url, wanted, as_browser=False)
    yield OriginReading(revision="", reading=reading)
    serves = {target.revision for target, _ in serving(plane)}
    for target in plane.targets:
        if target.tag and target.url and target.revision in serves:
            reading = read_document(http, target.url.rstrip("/"), wanted, as_browser=False)
            yield OriginReading(revision=target.revision, reading=reading)


def _closed(plane: ControlPlane) -> Unreadable:
    return Unreadable(
        url=plane.url,
        cause=Code.UNREACHABLE,
        detail=f"ingress of {plane.service} is internal, so there is no direct read from here",
        fix="declare it: witnesses: [control-plane, edge]",
        read_at=plane.read_at,
    )


def read_html(http: HttpReader, service: Service) -> PageHtml | Unreadable:
    path = service.page.path if service.page else "/"
    return read_page(http.read(service.url + path, as_browser=True, accept=PAGE_ACCEPT))


def read_pages(
    http: HttpReader,
    pool: Executor,
    pages: Mapping[str, PageHtml | Unreadable],
    manifest: Manifest,
) -> dict[str, PageReading]:
    """Loads the assets of all pages at once; hosts that the manifest does not name are left out."""
    hosts = manifest.hosts()
    wanted = {
        name: assets_within(page, hosts)
        for name, page in pages.items()
        if isinstance(page, PageHtml)
    }
    urls = sorted({url for each in wanted.values() for url in each})
    answers = pool.map(lambda url: http.read(url, as_browser=True), urls)
    reads = dict(zip(urls, answers, strict=True))
    return {
        name: _page(page, wanted.get(name, ()), reads, manifest.services[name])
        for name, page in pages.items()
    }


def assets_within(page: PageHtml, hosts: frozenset[str]) -> tuple[str, ...]:
    """Scripts and styles of the page on those hosts, up to a bound that no honest page meets."""
    assets = (*page.scripts, *page.styles)
    return tuple(url for url in assets if urlsplit(url).hostname in hosts)[:_MOST_ASSETS]


def _page(
    page: PageHtml | Unreadable,
    assets: Iterable[str],
    reads: Mapping[str, HttpRead],
    service: Service,
) -> PageReading:
    if isinstance(page, Unreadable):
        return page
    required = service.page.must_contain if service.page else ()
    return assemble_page(page, {url: reads[url] for url in assets}, required)
