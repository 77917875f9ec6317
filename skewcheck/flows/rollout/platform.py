"""The steps that change Cloud Run: leases, candidate revisions, traffic."""

from datetime import datetime

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.lease import Pin
from skewcheck.core.rollout.names import revision_name, tag_name
from skewcheck.core.rollout.order import Place, ServiceOrder, Share
from skewcheck.core.rollout.steps import Step
from skewcheck.flows.rollout.hands import Done, Work
from skewcheck.ports.rollout import Changed, Revise


def claim(work: Work, step: Step) -> Done:
    """LeaseHeldError where another rollout holds it."""
    service, place = _where(work, step)
    wanted = work.lease(service, step.place)
    stands = work.hands.writes.claim(place, wanted, now=work.clock.now())
    told = f"{place} is held until {stands.until:%H:%M:%S} UTC"
    if stands.before != wanted.before:
        told += "; an expired lease was taken over, of a rollout that left other traffic behind"
    return Done(told=told)


def hold_leases(work: Work, until: datetime) -> None:
    """Nobody may take over what is ours until then. What is not is left to the next write, which
    refuses."""
    for service, number, place in work.places():
        stands = work.hands.writes.lease(place)
        if stands is not None and stands.rollout == work.order.root and stands.until < until:
            longer = work.lease(service, number, until=until)
            work.hands.writes.claim(place, longer, now=work.clock.now())


def create(work: Work, step: Step) -> Done:
    """A revision of the target, without traffic."""
    service, place = _where(work, step)
    wanted = Revise(
        revision=revision_name(work.order, service, step.place),
        tag=tag_name(work.order),
        image=service.image,
        build=service.target,
    )
    made = work.hands.writes.create(place, work.lease(service, step.place), wanted)
    told = f"{made.revision} is ready, without traffic"
    if made.adopted:
        told += " (an earlier attempt had made it)"
    return Done(told=told, evidence=(made.image, *made.evidence), url=made.url)


def shift(work: Work, step: Step) -> Done:
    """All traffic to the revision that serves the step's build; back: the split of before."""
    service, place = _where(work, step)
    lease = work.lease(service, step.place)
    if step.back and not step.build:
        return _restore(work, service, step.place)
    revision = _revision(work, service, step)
    changed = work.hands.writes.shift(place, lease, revision)
    return _done(f"{place} serves {revision} ({step.build[:7]})", changed)


def _restore(work: Work, service: ServiceOrder, number: int) -> Done:
    """What served when this rollout was planned: only that was planned over. A lease that was
    taken over remembers what served before the rollout that left it."""
    place, shares = service.places[number], service.before[number].shares
    split = ", ".join(f"{each.revision} {each.percent}%" for each in shares)
    lease, stands = work.lease(service, number), work.hands.writes.lease(place)
    if stands is None or _split(stands.before.shares) == _split(shares):
        changed = work.hands.writes.restore(place, lease)
    elif len(shares) == 1:
        changed = work.hands.writes.shift(place, lease, shares[0].revision)
    else:
        told = f"{place}: the lease that was taken over does not know the split {split}"
        raise ActionFailedError(told, hint=f"skewcheck status {work.order.environment}")
    return _done(f"{place} serves as before: {split}", changed)


def _split(shares: tuple[Share, ...]) -> set[tuple[str, int]]:
    return {(share.revision, share.percent) for share in shares}


def release(work: Work, step: Step) -> Done:
    """The lease is given back, the tag is gone, and traffic follows LATEST if it did before."""
    service, place = _where(work, step)
    if step.back and not _is_ours(work, place):
        return Done(told=f"{place} is not held by this rollout")
    lease, pin = work.lease(service, step.place), Pin(rollout=work.order.root, at=work.clock.now())
    changed = work.hands.writes.release(place, lease, tag=tag_name(work.order), pin=pin)
    return _done(f"{place} is given back", changed)


def clean(work: Work, step: Step) -> Done:
    """Candidates of earlier rollouts, beyond as many as the policy keeps."""
    _, place = _where(work, step)
    gone = work.hands.writes.clean(place, keep=work.order.keep_candidates)
    told = (
        f"{place}: {len(gone)} old candidate(s) deleted" if gone else f"{place} has none to spare"
    )
    return Done(told=told, evidence=gone)


def _where(work: Work, step: Step) -> tuple[ServiceOrder, Place]:
    service = work.order.service(step.service)
    return service, service.places[step.place]


def _revision(work: Work, service: ServiceOrder, step: Step) -> str:
    """One that served it before, else the candidate."""
    served = dict(service.serving[step.place]) if service.serving else {}
    if step.build in served:
        return served[step.build]
    if step.build != service.target:
        told = f"{service.places[step.place]}: no revision serves {step.build[:7]} any more"
        raise ActionFailedError(told, hint="skewcheck status shows what serves")
    return revision_name(work.order, service, step.place)


def _is_ours(work: Work, place: Place) -> bool:
    stands = work.hands.writes.lease(place)
    return stands is not None and stands.rollout == work.order.root


def _done(told: str, changed: Changed) -> Done:
    suffix = " (it did already)" if changed.adopted else ""
    return Done(told=told + suffix, evidence=changed.evidence)
