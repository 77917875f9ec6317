"""Going back: which rollout is to be undone, what served before it, and by which revisions."""

from dataclasses import replace

from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.errors import UsageError
from skewcheck.core.live import named_build, readable_planes
from skewcheck.core.question import CandidateWanted
from skewcheck.core.rollout.as_json import order_from_json
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import Order, RolloutKind, ServiceOrder
from skewcheck.core.survey import Survey
from skewcheck.flows.plan import Planned
from skewcheck.flows.redeploy import find_run, outcome_of
from skewcheck.ports.rollout import Engine


def to_undo(engine: Engine, environment: str, rollout: str | None) -> Order:
    """The one named, else the last redeploy that succeeded. UsageError where there is none."""
    if rollout is not None:
        return order_from_json(find_run(engine, environment, rollout).order)
    for run in engine.runs():
        order = order_from_json(run.order)
        if order.kind is RolloutKind.REDEPLOY and outcome_of(run.result) is Outcome.SUCCEEDED:
            return order
    raise UsageError(
        f"no redeploy of {environment} that succeeded is known here, so none can be undone",
        hint=f"name what to go back to: skewcheck redeploy {environment} --candidate SERVICE=SHA",
    )


def what_served(order: Order) -> tuple[CandidateWanted, ...]:
    """What to promise instead, to undo that rollout. UsageError where it had moved nothing, or
    several builds served before."""
    moved = {move.service for wave in order.plan.waves for move in wave.moves if move.away}
    back = {name: order.world.parties[name].serving for name in moved}
    if not back:
        raise UsageError(
            f"rollout {order.rollout} moved no traffic, so there is nothing to go back to",
            hint=f"skewcheck rollouts list {order.environment}",
        )
    for name, serving in back.items():
        if len(serving) != 1 or serving[0].startswith("?"):
            raise UsageError(
                f"{name} did not serve one known build before rollout {order.rollout}",
                hint=f"name one: skewcheck redeploy {order.environment} --candidate {name}=SHA",
            )
    stay = {
        name: party.serving[0]
        for name, party in order.world.parties.items()
        if name not in moved and len(party.serving) == 1
    }
    return tuple(
        CandidateWanted(service=name, named=build)
        for name, build in {**stay, **{name: serving[0] for name, serving in back.items()}}.items()
    )


def with_revisions_that_are_there(planned: Planned) -> Planned:
    """A way back uses the revisions that are there: what served once need not be made again."""
    services = tuple(_with_revisions(planned.survey, each) for each in planned.services)
    return replace(planned, services=services)


def _with_revisions(survey: Survey, service: ServiceOrder) -> ServiceOrder:
    planes = readable_planes(survey.services[service.name])
    known = tuple(
        (*_ready(survey, service.name, plane), *serving)
        for plane, serving in zip(planes, service.serving, strict=True)
    )
    return replace(service, serving=known) if service.serving else service


def _ready(survey: Survey, name: str, plane: ControlPlane) -> tuple[tuple[str, str], ...]:
    """The newest last, so that it is the one that counts."""
    return tuple(
        (build.value, revision.name)
        for revision in reversed(plane.revisions)
        if revision.ready and isinstance(build := named_build(survey, name, revision), BuildSha)
    )
