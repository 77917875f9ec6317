"""What our credentials may do, by each API's own `testIamPermissions`, and whose they are.

It answers with the granted subset and refuses nobody for lacking some; it has four shapes, as old
as the APIs are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.core.strict_json import Json
from skewcheck.google_api.api import Api
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.google_api.rest import Limits, Rest, open_api
from skewcheck.ports import Clock
from skewcheck.ports.adoption import Resource

__all__ = ["IamPermissions", "Limits"]


@dataclass(frozen=True, slots=True)
class _Shape:
    """One kind of resource: which API is asked, at which path."""

    api: Api
    path: str


_DEED = "ask about permissions of"
_SHAPES: Mapping[str, _Shape] = {
    "project": _Shape(
        Api(
            name="Resource Manager",
            host="cloudresourcemanager.googleapis.com",
            version="v1",
            role="roles/browser",
            look="gcloud projects describe {project}",
            deed=_DEED,
        ),
        "projects/{project}:testIamPermissions",
    ),
    "cloud-run-service": _Shape(
        Api(
            name="Cloud Run",
            host="run.googleapis.com",
            version="v2",
            role="roles/run.viewer",
            look="gcloud run services list --project={project} --region={region}",
            deed=_DEED,
        ),
        "projects/{project}/locations/{region}/services/{name}:testIamPermissions",
    ),
    "url-map": _Shape(
        Api(
            name="Compute Engine",
            host="compute.googleapis.com",
            version="compute/v1",
            role="roles/compute.viewer",
            look="gcloud compute url-maps list --project={project}",
            deed=_DEED,
        ),
        "projects/{project}/global/urlMaps/{name}/testIamPermissions",
    ),
    "service-account": _Shape(
        Api(
            name="IAM",
            host="iam.googleapis.com",
            version="v1",
            role="roles/iam.serviceAccountViewer",
            look="gcloud iam service-accounts list --project={project}",
            deed=_DEED,
        ),
        "projects/-/serviceAccounts/{name}:testIamPermissions",
    ),
}


class IamPermissions:
    """A `ports.adoption.Permissions` and `Identity`. Safe to call from many threads; credentials
    are loaded when needed."""

    def __init__(
        self, *, clock: Clock, endpoint: str | None = None, limits: Limits | None = None
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        limits = limits or Limits()
        self._apis = {
            kind: open_api(shape.api, clock=clock, endpoint=endpoint, limits=limits)
            for kind, shape in _SHAPES.items()
        }

    def who(self, project: str) -> str | Unreadable:
        rest = self._apis["project"]
        refused = rest.sign_in(project)
        return rest.member if refused is None else self._unreadable(rest, "", refused)

    def granted(self, on: Resource, wanted: Sequence[str]) -> frozenset[str] | Unreadable:
        rest, shape = self._apis[on.kind], _SHAPES[on.kind]
        path = shape.path.format(project=on.project, region=on.region, name=on.name)
        if refused := rest.sign_in(on.project):
            return self._unreadable(rest, path, refused)
        asked = Asked(
            api=shape.api,
            project=on.project,
            region=on.region,
            service=on.name if on.kind == "cloud-run-service" else "",
            member=rest.member,
        )
        with rest.session() as session:
            answer = rest.post(session, path, asked, {"permissions": list(wanted)})
        if isinstance(answer, Refusal):
            return self._unreadable(rest, path, answer)
        return self._subset(rest, path, answer, wanted)

    def _subset(
        self, rest: Rest, path: str, answer: Mapping[str, Json], wanted: Sequence[str]
    ) -> frozenset[str] | Unreadable:
        """An absent list means that none is granted."""
        told = answer.get("permissions")
        if not isinstance(told, list | None) or not all(
            isinstance(each, str) for each in told or ()
        ):
            nonsense = rest.nonsense("permissions that are no list of names", rest.url(path))
            return self._unreadable(rest, path, nonsense)
        return frozenset(wanted) & frozenset(map(str, told or ()))

    def _unreadable(self, rest: Rest, path: str, refused: Refusal) -> Unreadable:
        """A resource that is not there has no permissions to learn of."""
        if refused.cause is Code.NOT_DEPLOYED:
            refused = replace(refused, cause=Code.UNREACHABLE)
        return refused.as_unreadable(rest.url(path), self._clock.now())
