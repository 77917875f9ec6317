"""Waits until old clients are gone. It is durable: the moment is fixed by the journal, so a process
that dies meanwhile costs nothing, and nobody need stay."""

from datetime import timedelta

from skewcheck.core.rollout.steps import Step
from skewcheck.core.rollout.waiting import wait_until
from skewcheck.flows.rollout.hands import Done, StoppedError, Work
from skewcheck.flows.rollout.platform import hold_leases

_GLANCE_S = 5.0


def wait(work: Work, step: Step) -> Done:
    """StoppedError where a person stops the rollout meanwhile."""
    until = wait_until(work.order, work.journal, step)
    # Nobody may take over meanwhile, though nobody may be there.
    hold_leases(work, until + timedelta(seconds=work.hands.patience.lease))
    while (left := (until - work.clock.now()).total_seconds()) > 0:
        if not step.back and (who := work.stopped_by()):
            raise StoppedError(f"stopped by {who} while waiting for old clients of {step.service}")
        work.clock.wait(min(left, _GLANCE_S))
    old = "new" if step.back else "old"
    return Done(told=f"the {old} clients of {step.service} had until {until:%Y-%m-%d %H:%M} UTC")
