"""The story of a rollout, from the question to its outcome: plan, ask, start, follow.

One rollout of an environment at a time: who asks while one is unfinished follows that one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.plan.plan import Waiver
from skewcheck.core.rollout.as_json import entry_from_json, order_from_json, order_to_json
from skewcheck.core.rollout.by_hand import commands_by_hand
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.lease import Lease
from skewcheck.core.rollout.next_move import next_move
from skewcheck.core.rollout.order import Order, RolloutKind, ServiceOrder
from skewcheck.core.rollout.permission import Past, Refusal, may_roll_out, may_trigger
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.core.rollout.view import RolloutView
from skewcheck.core.rollout.waiting import wait_until
from skewcheck.core.strict_json import Json
from skewcheck.flows.load import Loaded
from skewcheck.flows.plan import Planned
from skewcheck.ports import CloudRunService, Platform
from skewcheck.ports.rollout import Body, Engine, Notes, Run

_UNFINISHED = {"waiting", "running"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who wants it, why, and under which new name; `triggered`: no person asked."""

    rollout: str
    who: str
    why: str
    kind: RolloutKind = RolloutKind.REDEPLOY
    triggered: bool = False


def order_from(loaded: Loaded, planned: Planned, asker: Asker) -> Order:
    """UsageError where git cannot be named, or nobody knows how a service is to be deployed."""
    sources = loaded.sources
    if sources.commit is None:
        raise UsageError(
            f"{sources.file}: a rollout needs a manifest in git, so that any machine can resume it",
            hint="commit it, and leave --manifest out",
        )
    for service in planned.services:
        _check_means(loaded, planned, service)
    return Order(
        rollout=asker.rollout,
        environment=planned.survey.environment,
        kind=asker.kind,
        who=asker.who,
        why=asker.why,
        at=planned.survey.at,
        digest=planned.digest,
        manifest_commit=sources.commit.value,
        policy_commit=(sources.policy_commit or sources.commit).value,
        world=planned.world,
        plan=planned.plan,
        services=planned.services,
        world_digest=planned.world_digest,
        keep_candidates=loaded.manifest.policy.keep_candidates,
        triggered=asker.triggered,
    )


def _check_means(loaded: Loaded, planned: Planned, service: ServiceOrder) -> None:
    moves = planned.world.parties[service.name].moves
    where = f"{loaded.sources.file}: services.{service.name}"
    if "control-plane" in planned.survey.services[service.name].witnesses and not service.places:
        raise UsageError(
            f"{where}: its control plane could not be read, so it cannot be changed",
            hint=f"skewcheck status {planned.survey.environment}",
        )
    if moves and not service.image and not service.trigger and not _runs_already(service):
        raise UsageError(
            f"{where}: nobody says how it is deployed",
            hint="write deploy: {image: …:{build}} or deploy: {cloud_build_trigger: …}",
        )
    if moves and not service.trigger and not service.places:
        raise UsageError(
            f"{where}: it is changed on Cloud Run, and its witnesses name no control plane",
            hint="write witnesses: [control-plane, …], or leave them out",
        )


def _runs_already(service: ServiceOrder) -> bool:
    serving = service.serving
    return bool(serving) and all(service.target in dict(each) for each in serving)


def refusals(
    order: Order, loaded: Loaded, notes: Notes, now: datetime, past: tuple[Past, ...] = ()
) -> tuple[Refusal, ...]:
    """Every reason against starting it now; with `triggered`, the cascade guard's too."""
    policy = loaded.manifest.policy
    found = may_roll_out(
        order, policy, hold=notes.hold(), approvals=notes.approvals(order.digest), now=now
    )
    return (*found, *may_trigger(order, policy, past, now)) if order.triggered else found


def find_run(engine: Engine, environment: str, rollout: str | None) -> Run:
    """The run of that name, the newest where none is named. UsageError where there is none."""
    runs = engine.runs()
    for run in runs:
        if rollout in {None, run.rollout}:
            return run
    told = f"{environment} has no rollout {rollout}" if rollout else "nothing was rolled out yet"
    raise UsageError(told if rollout else f"{told} in {environment} that is known here",
                     hint=f"skewcheck rollouts list {environment}")  # fmt: skip


def unfinished(engine: Engine) -> Run | None:
    return next((run for run in engine.runs() if run.status in _UNFINISHED), None)


def start(engine: Engine, order: Order) -> str:
    """The rollout that goes on. ActionFailedError where another plan's is under way."""
    going_on = engine.submit(order.rollout, order_to_json(order))
    if going_on == order.rollout:
        return going_on
    other = next(run for run in engine.runs() if run.rollout == going_on)
    if order_from_json(other.order).digest != order.digest:
        raise ActionFailedError(
            f"rollout {going_on} of another plan is under way in {order.environment}",
            hint=f"skewcheck rollouts show {order.environment} {going_on}",
        )
    return going_on


def follow(
    engine: Engine, rollout: str, body: Body, watch: Callable[[tuple[Entry, ...]], None]
) -> Outcome:
    """Until it is over; carries it out where nobody else does."""

    def seen(recorded: tuple[Json, ...]) -> None:
        watch(tuple(map(entry_from_json, recorded)))

    return outcome_of(engine.drive(rollout, body, watch=seen)) or Outcome.STUCK


def outcome_of(result: Json) -> Outcome | None:
    said = result.get("outcome") if isinstance(result, dict) else None
    return next((each for each in Outcome if each == said), None)


def past_rollouts(engine: Engine) -> tuple[Past, ...]:
    return tuple(
        Past(order=order_from_json(run.order), outcome=outcome_of(run.result))
        for run in engine.runs()
    )


def view_of(engine: Engine, run: Run, platform: Platform | None = None) -> RolloutView:
    """All about one rollout; with the platform at hand, also what it left behind there."""
    order = order_from_json(run.order)
    entries = (*order.past, *map(entry_from_json, engine.recorded(run.rollout)))
    outcome = outcome_of(run.result)
    stuck = outcome is Outcome.STUCK
    names = {entry.key.partition(", attempt ")[0] for entry in entries}
    planes = tuple(_planes(order, platform)) if platform else ()
    lost = {name for name, plane in planes if stuck and not _is_ours(order, plane)}
    return RolloutView(
        order=order,
        entries=entries,
        outcome=outcome,
        status=(waiting(order, entries) or run.status) if outcome is None else str(outcome),
        by_hand=commands_by_hand(order, names, lost=lost) if stuck else (),
        remains=(*_pins(order, planes), *map(_lost, sorted(lost))),
    )


def _planes(order: Order, platform: Platform) -> Iterator[tuple[str, ControlPlane]]:
    """What could be read of the services of the order."""
    for service in order.services:
        asked = [CloudRunService(each.project, each.region, each.service)
                 for each in service.places]  # fmt: skip
        for plane in platform.observe(asked).values():
            if isinstance(plane, ControlPlane):
                yield service.name, plane


def _is_ours(order: Order, plane: ControlPlane) -> bool:
    return isinstance(plane.lease, Lease) and plane.lease.rollout == order.root


def _lost(service: str) -> str:
    return (
        f"{service} is no longer held by this rollout: somebody else has taken it over, and its "
        "traffic is not for this one to move"
    )


def _pins(order: Order, planes: tuple[tuple[str, ControlPlane], ...]) -> Iterator[str]:
    for name, plane in planes:
        if plane.pin is not None and plane.pin.rollout == order.root:
            yield (
                f"traffic of {plane.service} stays pinned, so the next deploy gets none: "
                f"skewcheck unpin {order.environment} {name}, or the next redeploy"
            )


def waiting(order: Order, journal: tuple[Entry, ...]) -> str:
    """Until when it waits, and for whom; empty where it does not."""
    step = next_move(order, journal)
    if not isinstance(step, Step) or step.kind is not StepKind.WAIT:
        return ""
    until = wait_until(order, journal, step)
    age = "new" if step.back else "old"
    return f"waits until {until:%Y-%m-%d %H:%M} UTC for the last {age} clients of {step.service}"


def waivers_of(given: Mapping[str, str], loaded: Loaded, who: str) -> dict[str, Waiver]:
    """UsageError for a service that the manifest does not know."""
    for name in given:
        if name not in loaded.manifest.services:
            raise UsageError(
                f"{loaded.sources.file}: no service {name!r} to waive the wait for"
                + did_you_mean(name, loaded.manifest.services),
                hint=f"it has {', '.join(loaded.manifest.services)}",
            )
    return {name: Waiver(service=name, who=who, reason=reason) for name, reason in given.items()}
