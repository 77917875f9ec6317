"""Global load balancers by Compute Engine's REST API: four lists, of which the core makes one.

By REST because the typed library costs 1.8 seconds to import.
"""

from concurrent.futures import ThreadPoolExecutor

import requests

from skewcheck.core.load_balancers.backends import Listed
from skewcheck.core.load_balancers.reading import read_url_maps
from skewcheck.core.load_balancing import UrlMap
from skewcheck.core.reading import Unreadable
from skewcheck.core.strict_json import Json
from skewcheck.google_api.api import Api
from skewcheck.google_api.paging import Paging, read_pages
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.google_api.rest import Limits, open_api
from skewcheck.ports import Clock

COMPUTE = Api(
    name="Compute Engine",
    host="compute.googleapis.com",
    version="compute/v1",
    role="roles/compute.viewer",
    look="gcloud compute url-maps list --project={project}",
)
_LISTS = (
    "global/urlMaps",
    "global/backendServices",
    "global/backendBuckets",
    "aggregated/networkEndpointGroups",
)


def _following(page: dict[str, Json]) -> Json:
    return page.get("nextPageToken")


_PAGING = Paging(size="maxResults", page="pageToken", following=_following)


class ComputeLoadBalancers:
    """A `ports.adoption.LoadBalancers`. Credentials are loaded when needed."""

    def __init__(
        self, *, clock: Clock, endpoint: str | None = None, limits: Limits | None = None
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        limits = limits or Limits()
        self._rest = open_api(COMPUTE, clock=clock, endpoint=endpoint, limits=limits)

    def url_maps(self, project: str) -> tuple[UrlMap, ...] | Unreadable:
        if refused := self._rest.sign_in(project):
            return self._unreadable(project, refused)
        # The four lists are parts of one question, as in adapters/cloud_run.py.
        with self._rest.session() as session, ThreadPoolExecutor(len(_LISTS)) as pool:
            lists = list(pool.map(lambda name: self._list(session, project, name), _LISTS))
        for each in lists:
            if isinstance(each, Refusal):
                return self._unreadable(project, each)
        url_maps, services, buckets, groups = (
            each for each in lists if not isinstance(each, Refusal)
        )
        listed = Listed(url_maps=url_maps, services=services, buckets=buckets, groups=groups)
        url = self._rest.url(f"projects/{project}/global/urlMaps")
        return read_url_maps(listed, project=project, url=url, read_at=self._clock.now())

    def _list(
        self, session: requests.Session, project: str, name: str
    ) -> list[dict[str, Json]] | Refusal:
        asked = Asked(api=COMPUTE, project=project, member=self._rest.member)
        return read_pages(self._rest, session, f"projects/{project}/{name}", asked, _PAGING)

    def _unreadable(self, project: str, refused: Refusal) -> Unreadable:
        url = self._rest.url(f"projects/{project}/global/urlMaps")
        return refused.as_unreadable(url, self._clock.now())
