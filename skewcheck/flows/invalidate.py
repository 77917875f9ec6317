"""Tells an edge to forget, by itself, outside of any rollout: only over an origin that was seen to
serve, and read afterwards until users get what serves."""

from collections.abc import Callable, Iterator

from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.errors import UsageError
from skewcheck.core.manifest import Manifest
from skewcheck.core.plan.observed import observe_world
from skewcheck.core.plan.plan import Answer, Plan
from skewcheck.core.rollout.order import Order, RolloutKind
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.flows.plan import order_service
from skewcheck.flows.rollout.edges import invalidate, see_edge
from skewcheck.flows.rollout.hands import Done, Hands, Work
from skewcheck.flows.rollout.looking import confirm
from skewcheck.flows.survey import take_survey

_STEPS: tuple[tuple[StepKind, Callable[[Work, Step], Done]], ...] = (
    (StepKind.CONFIRM, confirm),
    (StepKind.INVALIDATE, invalidate),
    (StepKind.SEE_EDGE, see_edge),
)


def invalidate_edges(
    hands: Hands, services: tuple[str, ...], *, rollout: str, who: str
) -> Iterator[Done]:
    """What was done, step by step. ActionFailedError where an origin cannot be confirmed, or where
    the edge does not flip."""
    survey = take_survey(hands.doors, hands.loaded)
    world = observe_world(survey, stays=True)
    order = Order(
        rollout=rollout,
        environment=survey.environment,
        kind=RolloutKind.REDEPLOY,
        who=who,
        why="invalidation by hand",
        at=survey.at,
        digest="",
        manifest_commit="",
        policy_commit="",
        world=world,
        plan=Plan(answer=Answer.SAFE),
        services=tuple(order_service(survey, world, name) for name in services),
    )
    work = Work(hands=hands, order=order, journal=())
    for name in services:
        for kind, act in _STEPS:
            yield act(work, Step(kind=kind, service=name, wave=1))


def services_with_edge(manifest: Manifest, service: str | None, file: str) -> tuple[str, ...]:
    """The one asked for, or all. UsageError where there is none."""
    known = [name for name in manifest.services if manifest.cloud_cdn_of(name) is not None]
    if service is None and known:
        return tuple(known)
    if service in known:
        return (service,)
    meant = did_you_mean(service or "", known)
    told = f"no service {service!r} with an edge" if service else "no service with an edge"
    raise UsageError(
        f"{file}: {told}; it has {', '.join(known) or 'none'}{meant}",
        hint="write services.….edge: {cloud_cdn: {host: …}}",
    )
