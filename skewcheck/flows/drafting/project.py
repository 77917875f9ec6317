"""Which services a project has, and how users reach them: a few calls to Google's APIs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.drafting.facts import ServiceFacts
from skewcheck.core.drafting.routes import buckets, routes_to
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.load_balancing import UrlMap
from skewcheck.core.reading import Unreadable
from skewcheck.flows.drafting.doors import DraftDoors
from skewcheck.ports import CloudRunService

MOST_SERVICES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What of the project to look at; empty tuples mean all. `urls` are of services found there,
    `static` names those that Cloud Run does not run."""

    project: str
    regions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    urls: Collection[str] = ()
    static: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """`blind` says why load balancers could not be read."""

    services: tuple[ServiceFacts, ...]
    blind: Unreadable | None


def look_at_project(doors: DraftDoors, wish: Wish) -> Project:
    """SkewcheckError where Cloud Run cannot be read at all, UsageError where the wish fits nothing
    that is there."""
    listed = doors.directory.services(wish.project)
    if isinstance(listed, Unreadable):
        raise SkewcheckError(
            f"cannot list the services of {wish.project}: {listed.detail}", hint=listed.fix
        )
    maps = doors.balancers.url_maps(wish.project)
    readable = () if isinstance(maps, Unreadable) else maps
    static = _static(wish, listed, readable)
    wanted = _wanted(wish, listed, static)
    planes = doors.platform.observe(wanted)
    names = sorted({each.service for each in wanted})
    found = [_service(name, planes, readable) for name in names]
    return Project(services=(*static, *found), blind=maps if isinstance(maps, Unreadable) else None)


def _service(
    name: str,
    planes: Mapping[CloudRunService, ControlPlane | Unreadable],
    maps: Sequence[UrlMap],
) -> ServiceFacts:
    places = sorted((each for each in planes if each.service == name), key=lambda e: e.region)
    regions = tuple(each.region for each in places)
    return ServiceFacts(
        name=name,
        regions=regions,
        planes=tuple(planes[each] for each in places),
        routes=routes_to(name, regions, maps),
    )


def _static(
    wish: Wish, listed: Sequence[CloudRunService], maps: Sequence[UrlMap]
) -> tuple[ServiceFacts, ...]:
    """Buckets behind load balancers, and what the user says is run elsewhere."""
    known = {each.service for each in listed}
    found = {
        name: ServiceFacts(
            name=name, backing=f"the bucket {routes[0].to.backend.bucket}", routes=routes
        )
        for name, routes in buckets(maps).items()
        if name not in known and (not wish.services or name in wish.services)
    }
    for name in wish.urls:
        if name not in {*known, *found}:
            raise UsageError(
                f"--url {name}=…: {wish.project} has no service {name}{did_you_mean(name, known)}",
                hint=f"name one of {', '.join(sorted(known)) or 'none'}; what Cloud Run does not"
                f" run is named by --static {name}=…",
            )
    for name in wish.static:
        if name in known:
            raise UsageError(
                f"--static {name}=…: Cloud Run runs {name}", hint=f"use --url {name}=…"
            )
        found[name] = ServiceFacts(name=name)
    return tuple(found.values())


def _wanted(
    wish: Wish, listed: Sequence[CloudRunService], static: Sequence[ServiceFacts]
) -> tuple[CloudRunService, ...]:
    look = f"gcloud run services list --project={wish.project}"
    here = [each for each in listed if not wish.regions or each.region in wish.regions]
    names = sorted({each.service for each in here})
    for name in wish.services:
        if name not in names and name not in {each.name for each in static}:
            near = did_you_mean(name, names)
            raise UsageError(f"{wish.project} has no service {name}{near}", hint=look)
    kept = tuple(each for each in here if not wish.services or each.service in wish.services)
    if not kept and not static:
        where = f" in {', '.join(wish.regions)}" if wish.regions else ""
        raise UsageError(f"{wish.project} has no Cloud Run services{where}", hint=look)
    if len(names) > MOST_SERVICES and not wish.services:
        raise UsageError(
            f"{wish.project} has {len(names)} services: {', '.join(names)}",
            hint=f"name those that belong together: --service {names[0]} --service {names[1]}",
        )
    return kept
