"""Cloud Run as the Admin API v2 tells it, in as few calls as one question allows.

Reads go over REST with google-auth and requests: the typed client library costs a quarter of a
second to import, which every gate would pay.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import requests

from skewcheck.core.cloud_run.reading import parent_service, read_control_plane, service_name
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.reading import Unreadable
from skewcheck.core.strict_json import Json
from skewcheck.google_api.api import Api
from skewcheck.google_api.api_errors import no_such_service
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.google_api.rest import Limits, open_api
from skewcheck.ports import Clock, CloudRunService

__all__ = ["CLOUD_RUN", "CloudRunPlatform", "Limits"]

CLOUD_RUN = Api(
    name="Cloud Run",
    host="run.googleapis.com",
    version="v2",
    role="roles/run.viewer",
    look="gcloud run services list --project={project} --region={region}",
)

_AT_ONCE = 8
_ALL = "-"


@dataclass(frozen=True, slots=True)
class _Region:
    """The services asked for in one region, as found, and how many the region has in all."""

    found: Mapping[CloudRunService, Json | Refusal]
    listed: int


@dataclass(frozen=True, slots=True)
class _Listing:
    """One call for revisions: of one service, or of all that were asked for in the region."""

    service: str
    wanted: tuple[CloudRunService, ...]


class CloudRunPlatform:
    """A `ports.Platform`. Safe to call from many threads; credentials are loaded when needed."""

    def __init__(
        self, *, clock: Clock, endpoint: str | None = None, limits: Limits | None = None
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        limits = limits or Limits()
        self._rest = open_api(CLOUD_RUN, clock=clock, endpoint=endpoint, limits=limits)

    def observe(
        self, wanted: Sequence[CloudRunService]
    ) -> Mapping[CloudRunService, ControlPlane | Unreadable]:
        """One answer for each: what serves, or why that could not be read."""
        asked = tuple(dict.fromkeys(wanted))
        if not asked:
            return {}
        if refused := self._rest.sign_in(asked[0].project):
            return {each: self._unreadable(each, refused) for each in asked}
        # Fan-out is the flows' business everywhere else; here the calls are parts of one question
        # whose number depends on the answers, so nobody outside could bound them better.
        with self._rest.session() as session, ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            regions = list(pool.map(partial(self._services, session), _by_region(asked)))
            found = {each: read for region in regions for each, read in region.found.items()}
            listings = [listing for region in regions for listing in _listings(region)]
            revisions = {
                each: read
                for part in pool.map(partial(self._revisions, session), listings)
                for each, read in part.items()
            }
        return {each: self._read(each, found[each], revisions.get(each, [])) for each in asked}

    def identity(self) -> str:
        """Who acts, as IAM writes it; empty where the credentials are absent or do not say."""
        return "" if self._rest.sign_in("") else self._rest.member

    def _services(self, session: requests.Session, wanted: tuple[CloudRunService, ...]) -> _Region:
        if len(wanted) == 1:
            sole = wanted[0]
            got = self._rest.get(session, _path(sole), self._asked(sole))
            return _Region({sole: got}, listed=1)
        asked = self._asked(wanted[0], service="")
        got_all = self._rest.pages(session, _parent(wanted[0]), "services", asked)
        if isinstance(got_all, Refusal):
            return _Region(dict.fromkeys(wanted, got_all), listed=0)
        named = {service_name(each): each for each in got_all}
        found = {each: named.get(each.service) or self._missing(each, named) for each in wanted}
        return _Region(found, listed=len(got_all))

    def _missing(self, wanted: CloudRunService, named: Mapping[str, Json]) -> Refusal:
        """A list with a nameless entry does not prove that the service is not there."""
        if "" in named:
            place = self._rest.url(_parent(wanted))
            return self._rest.nonsense("a list of services in which one has no name", place)
        return no_such_service(self._asked(wanted))

    def _revisions(
        self, session: requests.Session, listing: _Listing
    ) -> dict[CloudRunService, list[Json] | Refusal]:
        first = listing.wanted[0]
        path = f"{_parent(first)}/{listing.service}/revisions"
        service = "" if listing.service == _ALL else listing.service
        got = self._rest.pages(session, path, "revisions", self._asked(first, service=service))
        if isinstance(got, Refusal) or service:
            return dict.fromkeys(listing.wanted, got)
        return {
            # One that names no parent is handed to all, whose reader refuses it.
            each: [one for one in got if parent_service(one) in {each.service, ""}]
            for each in listing.wanted
        }

    def _read(
        self, asked: CloudRunService, service: Json | Refusal, revisions: list[Json] | Refusal
    ) -> ControlPlane | Unreadable:
        if isinstance(service, Refusal):
            return self._unreadable(asked, service)
        if isinstance(revisions, Refusal):
            return self._unreadable(asked, revisions)
        url, read_at = self._rest.url(_path(asked)), self._clock.now()
        return read_control_plane(service, revisions, url=url, read_at=read_at)

    def _asked(self, about: CloudRunService, *, service: str | None = None) -> Asked:
        named = about.service if service is None else service
        return Asked(
            api=CLOUD_RUN,
            project=about.project,
            region=about.region,
            service=named,
            member=self._rest.member,
        )

    def _unreadable(self, asked: CloudRunService, refused: Refusal) -> Unreadable:
        url = self._rest.url(_path(asked))
        return refused.as_unreadable(url, self._clock.now())


def _by_region(wanted: Iterable[CloudRunService]) -> list[tuple[CloudRunService, ...]]:
    def place(each: CloudRunService) -> tuple[str, str]:
        return each.project, each.region

    return [tuple(group) for _, group in groupby(sorted(wanted, key=place), key=place)]


def _listings(region: _Region) -> Iterator[_Listing]:
    """One call for all where half of the region or more is wanted, else one for each."""
    present = tuple(each for each, read in region.found.items() if not isinstance(read, Refusal))
    if len(present) > 1 and 2 * len(present) >= region.listed:
        yield _Listing(_ALL, present)
    else:
        yield from (_Listing(each.service, (each,)) for each in present)


def _parent(asked: CloudRunService) -> str:
    return f"projects/{asked.project}/locations/{asked.region}/services"


def _path(asked: CloudRunService) -> str:
    return f"{_parent(asked)}/{asked.service}"
