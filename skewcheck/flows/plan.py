"""From a question to a plan: who is live, where each service is to go, and in which order.

It changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.live import build_of_revision, readable_planes, serving
from skewcheck.core.manifest import Manifest
from skewcheck.core.plan.facts import PlanWorld
from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.observed import SurveyFits, observe_world, target_of
from skewcheck.core.plan.plan import Plan, Waiver
from skewcheck.core.question import CandidateWanted
from skewcheck.core.rollout.digest import plan_digest, world_digest
from skewcheck.core.rollout.order import (
    EdgeOrder,
    Place,
    ServiceOrder,
    Share,
    TrafficBefore,
)
from skewcheck.core.rollout.triggers import trigger_place
from skewcheck.core.survey import ServiceSurvey, Survey
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.read_contracts import with_contracts_of
from skewcheck.flows.survey import take_survey

_PAGES = ("/", "/index.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan with all that it rests on."""

    survey: Survey
    world: PlanWorld
    fits: SurveyFits
    plan: Plan
    services: tuple[ServiceOrder, ...]
    digest: str
    world_digest: str


def survey_for_plan(
    doors: Doors, loaded: Loaded, wanted: tuple[CandidateWanted, ...] = ()
) -> Survey:
    """A survey that also knows the contracts of what each service is to become. UsageError where
    that is not known of some service."""
    survey = take_survey(doors, loaded, wanted)
    targets = {name: target_of(survey, name) for name in survey.services}
    return with_contracts_of(doors, survey, loaded.sources, targets)


def plan_from(survey: Survey, waivers: Mapping[str, Waiver]) -> Planned:
    """The plan for that survey; `waivers` by the service whose old clients are not waited for."""
    world, fits = observe_world(survey), SurveyFits(survey)
    plan = make_plan(world, fits, waivers=waivers)
    involved = {move.service for wave in plan.waves for move in wave.moves} | _leased(survey)
    services = tuple(
        order_service(survey, world, name) for name in survey.services if name in involved
    )
    return Planned(
        survey=survey,
        world=world,
        fits=fits,
        plan=plan,
        services=services,
        digest=plan_digest(survey.environment, world, plan, services),
        world_digest=world_digest(survey.environment, world),
    )


def _leased(survey: Survey) -> set[str]:
    """Where a rollout holds, or has left behind, a lease: it is respected, or taken over, also
    where nothing is to be moved, else who resumes that rollout would undo beneath this one."""
    return {
        name
        for name, service in survey.services.items()
        if any(plane.lease is not None for plane in readable_planes(service))
    }


def order_service(survey: Survey, world: PlanWorld, name: str) -> ServiceOrder:
    """How that service is moved, and what it goes back to."""
    manifest, service, party = survey.manifest, survey.services[name], world.parties[name]
    deploy = manifest.services[name].deploy
    planes = readable_planes(service)
    places = _places(manifest, name, planes)
    image = deploy.image if deploy and deploy.image and party.moves else ""
    project, region, trigger = trigger_place(manifest, name) if party.moves else ("", "global", "")
    return ServiceOrder(
        name=name,
        target=party.target,
        places=places,
        before=tuple(traffic_of(plane) for plane in planes) if places else (),
        serving=tuple(_serving(survey, service, plane) for plane in planes) if places else (),
        image=image.replace("{build}", party.target),
        trigger=trigger,
        trigger_project=project,
        trigger_region=region,
        previous=party.serving[0] if len(party.serving) == 1 else "",
        edge=edge_order(manifest, name),
        lingers_s=party.client_linger_s or 0.0,
    )


def _places(manifest: Manifest, name: str, planes: tuple[ControlPlane, ...]) -> tuple[Place, ...]:
    """In the order of `planes`; empty where any of them could not be read."""
    addresses = manifest.cloud_run_of(name)
    if len(addresses) != len(planes):
        return ()
    return tuple(Place(project=p, region=r, service=s) for p, r, s in addresses)


def traffic_of(plane: ControlPlane) -> TrafficBefore:
    """The split as the control plane tells it, tags without traffic left out."""
    split = [target for target in plane.targets if target.percent > 0]
    return TrafficBefore(
        shares=tuple(
            Share(revision=each.revision, percent=each.percent, tag=each.tag) for each in split
        ),
        followed_latest=any(each.follows_latest for each in split),
    )


def _serving(
    survey: Survey, service: ServiceSurvey, plane: ControlPlane
) -> tuple[tuple[str, str], ...]:
    return tuple(_builds_of(survey, service, plane))


def _builds_of(
    survey: Survey, service: ServiceSurvey, plane: ControlPlane
) -> Iterator[tuple[str, str]]:
    for target, revision in serving(plane):
        build = build_of_revision(survey, service, target.revision, revision)
        if isinstance(build, BuildSha):
            yield build.value, target.revision


def edge_order(manifest: Manifest, name: str) -> EdgeOrder | None:
    """What to invalidate: what the manifest says, and always both names of a client's page."""
    cdn = manifest.cloud_cdn_of(name)
    if cdn is None:
        return None
    pages = _PAGES if name in manifest.clients() else ()
    paths = tuple(dict.fromkeys((*pages, *cdn.invalidate))) or ("/*",)
    return EdgeOrder(
        project=cdn.project,
        url_map=cdn.url_map,
        host=cdn.host,
        paths=paths,
        tags=cdn.invalidate_tags,
    )
