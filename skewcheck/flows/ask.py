"""The fan-out of a survey: every read of every service through one bounded pool.

First everything that needs nothing but the manifest; then what the first answers lead to.
"""

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.exposed.html_page import PageHtml
from skewcheck.core.live import serving
from skewcheck.core.manifest import Manifest
from skewcheck.core.question import CandidateWanted
from skewcheck.core.reading import DocumentReading, PageReading, Unreadable, VersionDocument
from skewcheck.core.survey import OriginReading, Promise, PromiseUnreadable
from skewcheck.flows.doors import Doors
from skewcheck.flows.read_services import (
    read_beyond,
    read_document,
    read_html,
    read_origins,
    read_pages,
    witnesses_of,
)
from skewcheck.ports import CloudRunService

_T = TypeVar("_T")
_Planes = Mapping[str, tuple[ControlPlane | Unreadable, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Reads under way, by the service's name."""

    planes: Future[Mapping[CloudRunService, ControlPlane | Unreadable]]
    edges: Mapping[str, Future[DocumentReading]]
    pages: Mapping[str, Future[PageHtml | Unreadable]]
    candidates: Mapping[str, Future[DocumentReading]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came back, by the service's name; absent where nothing was asked."""

    planes: _Planes
    edges: Mapping[str, DocumentReading]
    beyond: Mapping[str, DocumentReading]
    pages: Mapping[str, PageReading]
    origins: Mapping[str, tuple[OriginReading, ...]]
    candidates: Mapping[str, DocumentReading]


def ask(
    doors: Doors, pool: Executor, manifest: Manifest, wanted: tuple[CandidateWanted, ...]
) -> Asked:
    """Starts every read that the manifest alone names."""
    heard = {name: witnesses_of(manifest, name)[0] for name in manifest.services}
    return Asked(
        planes=pool.submit(doors.platform.observe, _addresses(manifest)),
        edges={
            name: pool.submit(_edge, doors, manifest, name)
            for name, witnesses in heard.items()
            if "edge" in witnesses
        },
        pages={
            name: pool.submit(read_html, doors.http, manifest.services[name])
            for name, witnesses in heard.items()
            if "page" in witnesses
        },
        candidates={
            each.service: pool.submit(_candidate, doors, manifest, each)
            for each in wanted
            if each.url
        },
    )


def hear(
    doors: Doors,
    pool: Executor,
    manifest: Manifest,
    asked: Asked,
    promises: Mapping[str, Promise | PromiseUnreadable],
) -> Answers:
    """Waits for the first answers and reads what they lead to: origins, assets, doubtful edges."""
    at = doors.clock.now()
    edges = {name: future.result() for name, future in asked.edges.items()}
    planes = _by_service(manifest, asked.planes.result())
    origins = _ask_origins(doors, pool, manifest, planes, edges)
    beyond = {
        name: pool.submit(read_beyond, doors.http, edge, at)
        for name, edge in edges.items()
        if isinstance(edge, VersionDocument) and _is_doubtful(edge, planes[name], promises[name])
    }
    html = {name: future.result() for name, future in asked.pages.items()}
    return Answers(
        planes={name: each for name, each in planes.items() if _is_heard(manifest, name)},
        edges=edges,
        pages=read_pages(doors.http, pool, html, manifest),
        beyond=_results(beyond),
        origins=_results(origins),
        candidates=_results(asked.candidates),
    )


def _results(futures: Mapping[str, Future[_T]]) -> dict[str, _T]:
    return {name: future.result() for name, future in futures.items()}


def _addresses(manifest: Manifest) -> list[CloudRunService]:
    return [
        CloudRunService(*address)
        for name, service in manifest.services.items()
        if service.cloud_run is not None
        and witnesses_of(manifest, name)[0] & {"control-plane", "origin"}
        for address in manifest.cloud_run_of(name)
    ]


def _edge(doors: Doors, manifest: Manifest, name: str) -> DocumentReading:
    service = manifest.services[name]
    return read_document(doors.http, service.url, service.version_path, as_browser=True)


def _candidate(doors: Doors, manifest: Manifest, wanted: CandidateWanted) -> DocumentReading:
    path = manifest.services[wanted.service].version_path
    return read_document(doors.http, wanted.url.rstrip("/"), path, as_browser=False)


def _by_service(
    manifest: Manifest, observed: Mapping[CloudRunService, ControlPlane | Unreadable]
) -> dict[str, tuple[ControlPlane | Unreadable, ...]]:
    return {
        name: tuple(
            observed[CloudRunService(*address)]
            for address in (manifest.cloud_run_of(name) if service.cloud_run else ())
            if CloudRunService(*address) in observed
        )
        for name, service in manifest.services.items()
    }


def _is_heard(manifest: Manifest, name: str) -> bool:
    return "control-plane" in witnesses_of(manifest, name)[0]


def _ask_origins(
    doors: Doors,
    pool: Executor,
    manifest: Manifest,
    planes: _Planes,
    edges: Mapping[str, DocumentReading],
) -> dict[str, Future[tuple[OriginReading, ...]]]:
    return {
        name: pool.submit(_origins, doors, manifest, name, planes[name], edges.get(name))
        for name in manifest.services
        if "origin" in witnesses_of(manifest, name)[0]
    }


def _origins(
    doors: Doors,
    manifest: Manifest,
    name: str,
    planes: tuple[ControlPlane | Unreadable, ...],
    edge: DocumentReading | None,
) -> tuple[OriginReading, ...]:
    """The path that answered at the edge answers at the origin too: no need to search again.

    A control plane that nobody listens to still must say where the origin is; one that does not
    answer leaves the origin unread, which must be told.
    """
    path = urlsplit(edge.url).path if isinstance(edge, VersionDocument) else None
    service = manifest.services[name]
    found: list[OriginReading] = []
    for plane in planes:
        if isinstance(plane, ControlPlane):
            found += read_origins(doors.http, service, plane, path)
        elif not _is_heard(manifest, name):
            found.append(OriginReading(revision="", reading=plane))
    return tuple(found)


def _is_doubtful(
    edge: VersionDocument,
    planes: tuple[ControlPlane | Unreadable, ...],
    promise: Promise | PromiseUnreadable,
) -> bool:
    """Worth a second, cache-busting read: the edge names neither what serves nor the promise."""
    expected = {
        str(revision.build.build)
        for plane in planes
        if isinstance(plane, ControlPlane)
        for _, revision in serving(plane)
        if revision is not None and revision.build is not None
    }
    if not expected and isinstance(promise, Promise):
        expected = {promise.build.value}
    name = str(edge.build.build)
    return not any(each.startswith(name) or name.startswith(each) for each in expected)
