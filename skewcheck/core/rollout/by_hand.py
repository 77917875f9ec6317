"""The commands that finish a stuck rollout by hand, spelled out so that they can be pasted.

They bring everything back to how it was before; who looks at the outcome may choose otherwise.
"""

import shlex
from collections.abc import Collection, Iterator

from skewcheck.core.rollout.lease import ANNOTATION
from skewcheck.core.rollout.names import tag_name
from skewcheck.core.rollout.order import Order, Place, ServiceOrder, TrafficBefore
from skewcheck.core.rollout.steps import StepKind, forward_steps


def commands_by_hand(
    order: Order, taken: Collection[str], *, lost: Collection[str] = ()
) -> tuple[str, ...]:
    """For what was touched, in reverse; `taken` are the names of the steps that were tried, `lost`
    services that somebody else has taken over: to move them would undo what others did."""
    steps = forward_steps(order)
    tried = [step for step in steps if step.name in taken and step.service not in lost]
    return tuple(
        command
        for step in reversed(tried)
        for command in _undoing(
            order, order.service(step.service) if step.service else None, step.kind, step.place
        )
    )


def _undoing(
    order: Order, service: ServiceOrder | None, kind: StepKind, number: int
) -> Iterator[str]:
    if service is None:
        return
    match kind:
        case StepKind.SHIFT:
            yield _traffic(service.places[number], service.before[number])
        case StepKind.BUILD if service.previous:
            yield _shell(
                "gcloud", "builds", "triggers", "run", service.trigger,
                f"--project={service.trigger_project}", f"--region={service.trigger_region}",
                f"--sha={service.previous}",
            )  # fmt: skip
        case StepKind.INVALIDATE if service.edge:
            edge = service.edge
            yield _shell(
                "gcloud", "compute", "url-maps", "invalidate-cdn-cache", edge.url_map,
                f"--project={edge.project}", f"--host={edge.host}", "--path=/*",
            )  # fmt: skip
        case StepKind.CLAIM:
            yield from _giving_back(order, service.places[number])
        case _:
            return


def _traffic(place: Place, before: TrafficBefore) -> str:
    split = ",".join(f"{each.revision}={each.percent}" for each in before.shares)
    return _shell(*_run("update-traffic", place), f"--to-revisions={split}")


def _giving_back(order: Order, place: Place) -> Iterator[str]:
    """gcloud changes no annotation of a service alone, so the whole of it is written back."""
    yield _shell(*_run("update-traffic", place), f"--remove-tags={tag_name(order)}")
    file = f"{place.service}.yaml"
    described = _shell(*_run("describe", place), "--format=export")
    where = _shell(f"--project={place.project}", f"--region={place.region}")
    yield f"{described} | grep -v {ANNOTATION} > {file} && " + (
        f"gcloud run services replace {file} {where}"
    )


def _run(verb: str, place: Place) -> tuple[str, ...]:
    return (
        "gcloud", "run", "services", verb, place.service,
        f"--project={place.project}", f"--region={place.region}",
    )  # fmt: skip


def _shell(*words: str) -> str:
    return shlex.join(words)
