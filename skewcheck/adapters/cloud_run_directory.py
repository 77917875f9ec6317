"""Cloud Run's list of services, of all regions in one call.

By the v1 API, because v2 does not take `-` for the region (Admin API v2,
`projects.locations.services.list`, "parent").
"""

from typing import cast

from skewcheck.core.cloud_run.listing import read_services
from skewcheck.core.reading import Unreadable
from skewcheck.core.strict_json import Json
from skewcheck.google_api.api import Api
from skewcheck.google_api.paging import Paging, read_pages
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.google_api.rest import Limits, open_api
from skewcheck.ports import Clock, CloudRunService

CLOUD_RUN_V1 = Api(
    name="Cloud Run",
    host="run.googleapis.com",
    version="v1",
    role="roles/run.viewer",
    look="gcloud run services list --project={project}",
)


def _following(page: dict[str, Json]) -> Json:
    """Knative's lists are Kubernetes': `metadata.continue`."""
    metadata = page.get("metadata")
    return metadata.get("continue") if isinstance(metadata, dict) else None


_PAGING = Paging(size="limit", page="continue", following=_following)


class CloudRunServices:
    """A `ports.adoption.CloudRunDirectory`. Credentials are loaded when needed."""

    def __init__(
        self, *, clock: Clock, endpoint: str | None = None, limits: Limits | None = None
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        limits = limits or Limits()
        self._rest = open_api(CLOUD_RUN_V1, clock=clock, endpoint=endpoint, limits=limits)

    def services(self, project: str) -> tuple[CloudRunService, ...] | Unreadable:
        if refused := self._rest.sign_in(project):
            return self._unreadable(project, refused)
        asked = Asked(api=CLOUD_RUN_V1, project=project, member=self._rest.member)
        with self._rest.session() as session:
            pages = read_pages(self._rest, session, _path(project), asked, _PAGING)
        if isinstance(pages, Refusal):
            return self._unreadable(project, pages)
        url = self._rest.url(_path(project))
        found = read_services(cast("list[object]", pages), url=url, read_at=self._clock.now())
        if isinstance(found, Unreadable):
            return found
        return tuple(CloudRunService(project, region, service) for region, service in found)

    def _unreadable(self, project: str, refused: Refusal) -> Unreadable:
        url = self._rest.url(_path(project))
        return refused.as_unreadable(url, self._clock.now())


def _path(project: str) -> str:
    return f"projects/{project}/locations/-/services"
