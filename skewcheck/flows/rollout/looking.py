"""The steps that only look: is the world as planned, does the origin serve what it should?"""

from skewcheck.core.build import BuildName, BuildSha, OpaqueId
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.live import serving
from skewcheck.core.plan.facts import BuildId
from skewcheck.core.plan.observed import observe_world
from skewcheck.core.question import CandidateWanted
from skewcheck.core.reading import DocumentReading, Unreadable, VersionDocument
from skewcheck.core.rollout.changes import builds_after, changes
from skewcheck.core.rollout.order import Order, Place, ServiceOrder
from skewcheck.core.rollout.steps import Step
from skewcheck.core.survey import Survey
from skewcheck.flows.plan import survey_for_plan
from skewcheck.flows.read_services import read_origins, witnesses_of
from skewcheck.flows.rollout.hands import Done, Work, until_seen
from skewcheck.ports import CloudRunService


def observe(work: Work, step: Step) -> Done:
    """The world is read anew and compared with what the plan expects before that wave."""
    survey = survey_now(work)
    found = changes(work.order, step.wave, observe_world(survey))
    if found:
        raise ActionFailedError(
            f"the world changed since the plan was made: {'; '.join(found)}",
            hint=f"skewcheck plan {work.order.environment}, and decide anew",
        )
    return Done(told=f"the world is as planned before wave {step.wave}")


def survey_now(work: Work) -> Survey:
    """With the order's targets as candidates, wherever git does not promise them."""
    return survey_for_plan(work.hands.doors, work.hands.loaded, targets_of(work.order))


def targets_of(order: Order) -> tuple[CandidateWanted, ...]:
    return tuple(
        CandidateWanted(service=name, named=party.target)
        for name, party in order.world.parties.items()
    )


def confirm(work: Work, step: Step) -> Done:
    """Control plane and origin agree that it serves the build, several times in a row."""
    service = work.order.service(step.service)
    wanted = builds_after(work.order, step)
    if not service.places:
        if "control-plane" in witnesses_of(work.hands.loaded.manifest, service.name)[0]:
            told = f"Cloud Run did not say what serves {service.name}"
            raise ActionFailedError(told, hint=f"skewcheck status {work.order.environment}")
        return Done(told=f"{service.name} is seen at its edge only")

    def look() -> str:
        return _complaint(work, service, wanted)

    if complaint := until_seen(work, work.hands.patience.confirm, look):
        told = f"{service.name} was not seen to serve {_names(wanted)}: {complaint}"
        raise ActionFailedError(told, hint=f"skewcheck status {work.order.environment}")
    return Done(told=f"the origin of {service.name} serves {_names(wanted)}")


def _complaint(work: Work, service: ServiceOrder, wanted: frozenset[BuildId]) -> str:
    asked = [_address(place) for place in service.places]
    for plane in work.hands.doors.platform.observe(asked).values():
        if isinstance(plane, Unreadable):
            return plane.detail
        if complaint := _of_plane(plane, wanted) or _of_origin(work, service, plane, wanted):
            return complaint
    return ""


def _address(place: Place) -> CloudRunService:
    return CloudRunService(place.project, place.region, place.service)


def _of_plane(plane: ControlPlane, wanted: frozenset[BuildId]) -> str:
    if not plane.settled and not plane.problem:
        return f"Cloud Run is still changing {plane.service}"
    for target, revision in serving(plane):
        if revision is None or not _is_one_of(revision.build, wanted):
            return f"{target.revision} gets {target.percent}% of traffic"
    return ""


def _of_origin(
    work: Work, service: ServiceOrder, plane: ControlPlane, wanted: frozenset[BuildId]
) -> str:
    manifest = work.hands.loaded.manifest
    if "origin" not in witnesses_of(manifest, service.name)[0]:
        return ""
    own = manifest.services[service.name]
    for origin in read_origins(work.hands.doors.http, own, plane, None):
        if not origin.revision and (complaint := _of_reading(origin.reading, wanted)):
            return complaint
    return ""


def _of_reading(reading: DocumentReading, wanted: frozenset[BuildId]) -> str:
    """An opaque id is no contradiction of what the control plane says."""
    if not isinstance(reading, VersionDocument):
        return reading.detail
    if isinstance(reading.build.build, OpaqueId) or _is_one_of(reading.build, wanted):
        return ""
    return f"{reading.url} answers with {reading.build.build.short}"


def _is_one_of(name: BuildName | None, wanted: frozenset[BuildId]) -> bool:
    if name is None or isinstance(name.build, OpaqueId):
        return False
    return any(build.startswith(name.build.value) for build in wanted)


def _names(builds: frozenset[BuildId]) -> str:
    return " and ".join(sorted(BuildSha(build).short if len(build) == 40 else build
                               for build in builds))  # fmt: skip
