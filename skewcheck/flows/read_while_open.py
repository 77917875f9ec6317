"""What is read over HTTP while a probe's connection is open: health, and the environment."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

from skewcheck.core.exposed.health_document import Health, read_health
from skewcheck.core.reading import DocumentReading, Unreadable, VersionDocument
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import Target
from skewcheck.flows.doors import Doors
from skewcheck.flows.read_services import read_document


@dataclass(slots=True)
class Aside:
    """Reads under way, or done; empty where no connection was ever open."""

    is_asked: bool = False
    lock: Lock = field(default_factory=Lock)
    health_read: "Future[Health | Unreadable] | None" = None
    document_read: "Future[DocumentReading] | None" = None

    def health(self) -> Health | Unreadable | None:
        return None if self.health_read is None else self.health_read.result()

    def environment(self) -> str:
        """What the service says it is; empty where it does not say."""
        read = None if self.document_read is None else self.document_read.result()
        return read.environment if isinstance(read, VersionDocument) else ""


def read_aside(
    doors: Doors, pool: Executor, survey: Survey, aside: Aside, target: Target, server: str
) -> "Callable[[], Future[object]]":
    """What to call when a connection is open; its future is done when the reads are.

    Only the first connection that opens is looked beside.
    """
    parts = urlsplit(target.url)
    base = f"{parts.scheme}://{parts.netloc}"

    def start() -> "Future[object]":
        with aside.lock:  # several connections may open at once
            if not aside.is_asked:
                aside.is_asked = True
                _ask(doors, pool, survey, aside, base, server)
        waited = (aside.health_read, aside.document_read)
        return pool.submit(lambda: [each.exception() for each in waited if each is not None])

    return start


def _ask(
    doors: Doors, pool: Executor, survey: Survey, aside: Aside, base: str, server: str
) -> None:
    service = survey.manifest.services[server]
    path = _known_path(survey, server) or service.version_path
    aside.document_read = pool.submit(read_document, doors.http, base, path, as_browser=False)
    if service.health is not None:
        url, requires = base + service.health.path, service.health.requires
        aside.health_read = pool.submit(
            lambda: read_health(doors.http.read(url, as_browser=False), requires)
        )


def _known_path(survey: Survey, server: str) -> str | None:
    """Where its version document was found before: no need to search for it again."""
    edge = survey.services[server].edge
    return urlsplit(edge.url).path if isinstance(edge, VersionDocument) else None
