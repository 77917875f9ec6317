"""Which permissions a manifest needs, and on what each of them would suffice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from skewcheck.core.checkup.facts import Wanted
from skewcheck.core.checkup.permissions import PERMISSIONS, Deed, held_on
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.findings import Code
from skewcheck.core.live import serving
from skewcheck.core.manifest import Manifest
from skewcheck.core.reading import Unreadable
from skewcheck.core.rollout.triggers import trigger_place
from skewcheck.core.survey import ServiceSurvey, Survey

_OF_SERVICES: tuple[Deed, ...] = ("read", "redeploy", "trigger", "invalidate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One permission for one deed; `narrower` is the least that it may be held on, None where that
    is the project."""

    deed: Deed
    subject: str
    permission: str
    project: str
    narrower: Resource | None = None


def needs_of(survey: Survey, wanted: Wanted) -> tuple[Need, ...]:
    """In the order of the manifest."""
    return tuple(
        need
        for name in survey.manifest.services
        for deed in _OF_SERVICES
        if is_needed(survey.manifest, name, deed, wanted)
        for need in _of_service(survey, name, deed)
    ) + tuple(_of_links(survey))


def redeploys(manifest: Manifest, wanted: Wanted) -> bool:
    """Whether anything is to be changed."""
    return any(
        is_needed(manifest, name, deed, wanted)
        for name in manifest.services
        for deed in ("redeploy", "trigger")
    )


def is_needed(manifest: Manifest, name: str, deed: Deed, wanted: Wanted) -> bool:
    """Whether that service is to have that done to it."""
    service = manifest.services[name]
    if deed == "read":
        return service.cloud_run is not None
    if wanted is Wanted.READ:
        return False
    if deed == "invalidate":
        return manifest.cloud_cdn_of(name) is not None
    if deed == "trigger":
        return service.deploy is not None and service.deploy.cloud_build_trigger is not None
    deployed = wanted is not Wanted.NEEDED or service.deploy is not None
    return service.cloud_run is not None and deployed


def _of_service(survey: Survey, name: str, deed: Deed) -> Iterator[Need]:
    cdn = survey.manifest.cloud_cdn_of(name)
    if deed == "invalidate" and cdn is not None:
        url_map = Resource(kind="url-map", project=cdn.project, name=cdn.url_map)
        yield from _needs(deed, name, cdn.project, (url_map,))
        return
    if deed == "trigger":
        yield from _needs(deed, name, trigger_place(survey.manifest, name)[0], ())
        return
    service = survey.services[name]
    for project, region, cloud_run in survey.manifest.cloud_run_of(name):
        held: list[Resource] = []
        if not _is_absent(service, region, cloud_run):
            kind = "cloud-run-service"
            held.append(Resource(kind=kind, project=project, region=region, name=cloud_run))
        held += [
            Resource(kind="service-account", project=project, name=account)
            for account in sorted(_accounts(service, region))
        ]
        yield from _needs(deed, name, project, held)


def _of_links(survey: Survey) -> Iterator[Need]:
    """The services' own logs corroborate; a private service must let probes in."""
    for name, link in survey.manifest.links.items():
        places = survey.manifest.cloud_run_of(link.server)
        if link.transport != "websocket":
            continue
        cdn = survey.manifest.cloud_cdn_of(link.server)
        projects = {place[0] for place in places} | ({cdn.project} if cdn and places else set())
        for project in sorted(projects):
            yield from _needs("logs", name, project, ())
        if link.token is not None and link.token.google_id_token:
            for project, region, service in places:
                kind = "cloud-run-service"
                held = Resource(kind=kind, project=project, region=region, name=service)
                yield from _needs("probe", name, project, (held,))


def _needs(deed: Deed, subject: str, project: str, held: Iterable[Resource]) -> Iterator[Need]:
    """One that can be held on several narrower resources is needed on each of them."""
    by_kind: dict[str, list[Resource]] = {}
    for resource in held:
        by_kind.setdefault(resource.kind, []).append(resource)
    for permission in PERMISSIONS[deed]:
        places: Sequence[Resource | None] = by_kind.get(held_on(permission)) or (None,)
        for narrower in places:
            yield Need(
                deed=deed,
                subject=subject,
                permission=permission,
                project=project,
                narrower=narrower,
            )


def _planes(service: ServiceSurvey, region: str) -> Iterator[ControlPlane]:
    for plane in service.planes:
        if isinstance(plane, ControlPlane) and plane.region == region:
            yield plane


def _is_absent(service: ServiceSurvey, region: str, cloud_run: str) -> bool:
    """An absent resource may answer that nothing is granted on it."""
    return any(
        isinstance(plane, Unreadable)
        and plane.cause is Code.NOT_DEPLOYED
        and plane.url.endswith(f"/locations/{region}/services/{cloud_run}")
        for plane in service.planes
    )


def _accounts(service: ServiceSurvey, region: str) -> set[str]:
    """What the serving revisions run as."""
    return {
        revision.service_account
        for plane in _planes(service, region)
        for _, revision in serving(plane)
        if revision is not None and revision.service_account
    }
