"""Cloud Logging: what load balancers, Cloud Run and the services themselves logged about probes.

Two questions: request logs, by the probe's id in the User-Agent; then, by the traces of those
requests, what the programs printed. A request is logged when it ends, and seconds later at that:
nothing found is no proof of anything.
"""

from collections.abc import Iterable, Sequence

import requests

from skewcheck.core.logs.filters import printed_filters, projects_of, request_filters
from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.logs.reading import Nonsense, in_order, read_printed, read_requests
from skewcheck.core.reading import Unreadable
from skewcheck.core.strict_json import Json
from skewcheck.google_api.api import Api
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.google_api.rest import Limits, open_api
from skewcheck.ports import Clock

__all__ = ["CLOUD_LOGGING", "CloudLogging", "Limits"]

CLOUD_LOGGING = Api(
    name="Cloud Logging",
    host="logging.googleapis.com",
    version="v2",
    role="roles/logging.viewer",
    look="gcloud logging logs list --project={project} --limit=1",
)
# A project may ask for entries 60 times a minute.
_LIMITS = Limits(deadline_s=15, size=8 * 1024 * 1024, pages=20, page_size=200)
_PATH = "entries:list"


class CloudLogging:
    """A `ports.Logs`. Safe to call from many threads; credentials are loaded when needed."""

    def __init__(
        self, *, clock: Clock, endpoint: str | None = None, limits: Limits = _LIMITS
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        self._rest = open_api(CLOUD_LOGGING, clock=clock, endpoint=endpoint, limits=limits)

    def lines(self, wanted: LogQuery) -> tuple[LogLine, ...] | Unreadable:
        """Nothing is asked where nothing could be found."""
        projects, filters = projects_of(wanted), request_filters(wanted)
        if not filters:
            return ()
        refused = self._rest.sign_in(projects[0])
        if refused is None:
            with self._rest.session() as session:
                found = self._found(session, wanted, filters)
            if not isinstance(found, Refusal):
                return found
            refused = found
        return self._unreadable(refused)

    def _found(
        self, session: requests.Session, wanted: LogQuery, filters: Sequence[str]
    ) -> tuple[LogLine, ...] | Refusal:
        projects = projects_of(wanted)
        entries = self._entries(session, projects, filters)
        if isinstance(entries, Refusal):
            return entries
        served = read_requests(entries, wanted.probe_ids)
        if isinstance(served, Nonsense):
            return self._nonsense(served)
        entries = self._entries(session, projects, printed_filters(wanted.since, served.traces))
        if isinstance(entries, Refusal):
            return entries
        printed = read_printed(entries, served.traces)
        if isinstance(printed, Nonsense):
            return self._nonsense(printed)
        return in_order(served.lines, printed)

    def _entries(
        self, session: requests.Session, projects: Sequence[str], filters: Iterable[str]
    ) -> list[Json] | Refusal:
        asked = Asked(api=CLOUD_LOGGING, project=projects[0], member=self._rest.member)
        names: list[Json] = [f"projects/{project}" for project in projects]
        found: list[Json] = []
        for each in filters:
            body: dict[str, Json] = {
                "resourceNames": names,
                "filter": each,
                "orderBy": "timestamp asc",
            }
            got = self._rest.posted_pages(session, _PATH, "entries", asked, body)
            if isinstance(got, Refusal):
                return got
            found += got
        return found

    def _nonsense(self, told: Nonsense) -> Refusal:
        return self._rest.nonsense(told.what, self._rest.url(_PATH))

    def _unreadable(self, refused: Refusal) -> Unreadable:
        url = self._rest.url(_PATH)
        return refused.as_unreadable(url, self._clock.now())
