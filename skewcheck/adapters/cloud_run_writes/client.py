"""Google's typed client, imported when it is first needed: that costs a quarter of a second.

One method per call; each is bounded in time, tried once, and comes back as a value or a Refusal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from skewcheck.adapters.cloud_run_writes.edit import Edit, NewRevision
from skewcheck.adapters.cloud_run_writes.limits import WriteLimits
from skewcheck.adapters.cloud_run_writes.standing import (
    Made,
    Operation,
    Standing,
    main_container,
    read_revision,
    read_service,
)
from skewcheck.core.control_plane import Target
from skewcheck.core.rollout.order import Place
from skewcheck.deadline import within
from skewcheck.google_api.api import Api
from skewcheck.google_api.credentials import Credentials
from skewcheck.google_api.endpoint import read_endpoint
from skewcheck.google_api.library_errors import explain_library, library_errors
from skewcheck.google_api.network_errors import explain_network
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.ports import Clock

if TYPE_CHECKING:
    from google.cloud import run_v2

T = TypeVar("T")

CLOUD_RUN = Api(
    name="Cloud Run",
    host="run.googleapis.com",
    version="v2",
    role="roles/run.developer",
    look="gcloud run services list --project={project} --region={region}",
    deed="change",
)
_PAGE = 100


_Options: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Clients:
    services: "run_v2.ServicesClient"
    revisions: "run_v2.RevisionsClient"


class Client:
    """Cloud Run's services, revisions and operations; safe to use from many threads."""

    def __init__(self, *, clock: Clock, endpoint: str | None, limits: WriteLimits) -> None:
        self.base = read_endpoint(endpoint) if endpoint else CLOUD_RUN.base
        self._is_local = bool(endpoint)
        self._clock = clock
        self._call_s = limits.call_s
        self._credentials = Credentials(anonymous=self._is_local, timeout_s=limits.call_s)

    def service(self, place: Place) -> Standing | Refusal:
        def call(to: _Clients, once: _Options) -> Standing:
            return read_service(to.services.get_service(name=service_name(place), **once))

        return self._ask(place, call)

    def update(self, place: Place, standing: Standing, edit: Edit) -> Operation | Refusal:
        """Refused with a conflict where the service is no longer as it was read."""

        def call(to: _Clients, once: _Options) -> Operation:
            request = _request(place, standing, edit)
            return _operation(to.services.update_service(request=request, **once).operation)

        return self._ask(place, call)

    def operation(self, place: Place, name: str) -> Operation | Refusal:
        def call(to: _Clients, once: _Options) -> Operation:
            return _operation(to.services.get_operation({"name": name}, **once))

        return self._ask(place, call)

    def revision(self, place: Place, name: str) -> Made | Refusal | None:
        """None where the service has no such revision."""

        def call(to: _Clients, once: _Options) -> Made:
            full = f"{service_name(place)}/revisions/{name}"
            return read_revision(to.revisions.get_revision(name=full, **once))

        found = self._ask(place, call)
        return None if isinstance(found, Refusal) and found.status == 404 else found

    def revisions(self, place: Place) -> tuple[Made, ...] | Refusal:
        def call(to: _Clients, once: _Options) -> tuple[Made, ...]:
            asked = {"parent": service_name(place), "page_size": _PAGE}
            return tuple(map(read_revision, to.revisions.list_revisions(asked, **once)))

        return self._ask(place, call)

    def delete(self, place: Place, name: str) -> Operation | Refusal:
        def call(to: _Clients, once: _Options) -> Operation:
            full = f"{service_name(place)}/revisions/{name}"
            return _operation(to.revisions.delete_revision(name=full, **once).operation)

        return self._ask(place, call)

    def look(self, operation: str) -> str:
        """The command by which a person follows an operation."""
        return (
            'curl -sS -H "Authorization: Bearer $(gcloud auth print-access-token)" '
            f"{self.base}/{CLOUD_RUN.version}/{operation}"
        )

    def _ask(self, place: Place, call: Callable[[_Clients, _Options], T]) -> T | Refusal:
        """`call` gets the options that keep the library from trying again by itself."""
        loaded = self._sign_in()
        if isinstance(loaded, Refusal):
            return loaded
        clients, once = self._clients, {"retry": None, "timeout": self._call_s}
        try:
            return within(self._call_s, lambda: call(clients, once))
        except library_errors() as error:
            asked = self._asked(place)
            return explain_library(error, asked, self.base, now=self._clock.now())

    def _sign_in(self) -> Any:
        try:
            return within(self._call_s, self._credentials.loaded)
        except OSError as error:
            return explain_network(error, self.base)

    def _asked(self, place: Place) -> Asked:
        return Asked(
            api=CLOUD_RUN,
            project=place.project,
            region=place.region,
            service=place.service,
            member=self._credentials.member,
        )

    @cached_property
    def _clients(self) -> _Clients:
        from google.cloud import run_v2

        options = {"api_endpoint": self.base} if self._is_local else {}
        how = {"credentials": self._credentials.loaded(), "client_options": options}
        clients = _Clients(
            run_v2.ServicesClient(transport="rest", **how),
            run_v2.RevisionsClient(transport="rest", **how),
        )
        for each in (clients.services, clients.revisions) if self._is_local else ():
            transport: Any = each.transport
            # A proxy has no business on loopback, and the library has no option for that.
            transport._session.trust_env = False
        return clients


def service_name(place: Place) -> str:
    return f"projects/{place.project}/locations/{place.region}/services/{place.service}"


def _operation(operation: Any) -> Operation:
    problem = str(operation.error.message) if operation.HasField("error") else ""
    return Operation(name=operation.name, done=operation.done, problem=problem)


def _request(place: Place, standing: Standing, edit: Edit) -> "run_v2.UpdateServiceRequest":
    """Only what the mask names is sent. So `template.revision` is not, unless a new one is named:
    repeated with anything else in the template it would be refused as taken."""
    from google.cloud import run_v2

    service, paths = run_v2.Service(name=service_name(place), etag=standing.etag), []
    if edit.template is not None:
        service.template = _template(standing, edit.template)
        # Not `template` as a whole: fields that this library does not know yet would be lost.
        paths += ["template.revision", "template.labels", "template.containers"]
    if edit.traffic is not None:
        service.traffic = [_target(each) for each in edit.traffic]
        paths.append("traffic")
    if edit.annotations is not None:
        service.annotations = dict(edit.annotations)
        paths.append("annotations")
    return run_v2.UpdateServiceRequest(service=service, update_mask={"paths": paths})


def _template(standing: Standing, wanted: NewRevision) -> "run_v2.RevisionTemplate":
    from google.cloud import run_v2

    template = run_v2.RevisionTemplate(standing.template)
    template.revision = wanted.name
    template.labels = {**standing.template.labels, **wanted.labels}
    template.containers[main_container(template.containers)].image = wanted.image
    return template


def _target(target: Target) -> "run_v2.TrafficTarget":
    from google.cloud import run_v2

    kinds = run_v2.TrafficTargetAllocationType
    return run_v2.TrafficTarget(
        type_=(
            kinds.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
            if target.follows_latest
            else kinds.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
        ),
        revision="" if target.follows_latest else target.revision,
        percent=target.percent,
        tag=target.tag,
    )
