"""From a wish to a proposal: the plan as it is told, the order, and all that stands against it.

The command line, Slack and the service itself ask the same way. It changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from skewcheck.core.plan.plan import Answer, Waiver
from skewcheck.core.plan.view import Means, PlanView
from skewcheck.core.question import CandidateWanted
from skewcheck.core.reading import Unreadable
from skewcheck.core.rollout.order import Order, RolloutKind, ServiceOrder
from skewcheck.core.rollout.permission import Refusal
from skewcheck.flows.plan import Planned, plan_from, survey_for_plan
from skewcheck.flows.redeploy import Asker, order_from, past_rollouts, refusals
from skewcheck.flows.rollback import with_revisions_that_are_there
from skewcheck.flows.rollout.building import trigger_of
from skewcheck.flows.rooms import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`order` is None where nothing is to be moved, or cannot be; `refusals` are the reasons
    against starting it now."""

    planned: Planned
    view: PlanView
    order: Order | None
    refusals: tuple[Refusal, ...] = ()

    @property
    def moves(self) -> bool:
        return self.planned.plan.answer is Answer.SAFE and bool(self.planned.plan.waves)


def propose(
    room: Room,
    asker: Asker,
    wanted: tuple[CandidateWanted, ...] = (),
    waivers: Mapping[str, Waiver] | None = None,
) -> Proposal:
    """Raises UsageError for what people wrote, the manifest included. Where the platform could not
    be asked what serves, that refuses it: unknown is never green."""
    survey = survey_for_plan(room.doors, room.loaded, wanted)
    planned = plan_from(survey, waivers or {})
    if asker.kind is RolloutKind.ROLLBACK:
        planned = with_revisions_that_are_there(planned)
    view = view_of_plan(room, planned, going_back=asker.kind is RolloutKind.ROLLBACK)
    unknown = unread(planned)
    proposal = Proposal(planned=planned, view=view, order=None, refusals=unknown)
    if unknown or not proposal.moves:
        return proposal
    order = order_from(room.loaded, planned, asker)
    past = past_rollouts(room.engine) if asker.triggered else ()
    against = refusals(order, room.loaded, room.notes, room.doors.clock.now(), past)
    return Proposal(planned=planned, view=view, order=order, refusals=against)


def unread(planned: Planned) -> tuple[Refusal, ...]:
    """Each cause for which nobody knows what serves, once."""
    causes: dict[tuple[str, str], list[str]] = {}
    for name, service in planned.survey.services.items():
        for plane in service.planes:
            if isinstance(plane, Unreadable):
                causes.setdefault((plane.detail, plane.fix), []).append(name)
    return tuple(
        Refusal(
            why=f"what serves {' and '.join(dict.fromkeys(names))} is not known: {detail}", fix=fix
        )
        for (detail, fix), names in causes.items()
    )


def view_of_plan(room: Room, planned: Planned, *, going_back: bool = False) -> PlanView:
    survey, loaded = planned.survey, room.loaded
    fits = planned.fits
    return PlanView(
        environment=survey.environment,
        at=survey.at,
        plan=planned.plan,
        world=planned.world,
        digest=planned.digest,
        links={n: (link.client, link.server) for n, link in survey.manifest.links.items()},
        sentence=lambda pair: fits.compare(pair.link, pair.client, pair.server).sentence,
        services=dict(_means(room, planned)),
        going_back=going_back,
        expires=survey.at + loaded.manifest.policy.approvals.expire,
    )


def _means(room: Room, planned: Planned) -> Iterator[tuple[str, Means]]:
    for service in planned.services:
        if service.trigger:
            took = room.builds.last_took_s(trigger_of(service))
            told = f"trigger {service.trigger}"
            yield (
                service.name,
                Means(told=told, by_trigger=True, last_took_s=took, previous=service.previous),
            )
        elif planned.world.parties[service.name].moves:
            there = "a revision that is there"
            yield service.name, Means(told=there if _is_there(service) else _image(service))
        else:
            yield service.name, Means(told="edge only")


def _image(service: ServiceOrder) -> str:
    return f"image {service.image}"


def _is_there(service: ServiceOrder) -> bool:
    return all(service.target in dict(serving) for serving in service.serving)
