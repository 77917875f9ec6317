"""Deploys by a service's own Cloud Build trigger: what is not on Cloud Run, or must be built."""

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import ServiceOrder
from skewcheck.core.rollout.steps import Step
from skewcheck.flows.rollout.hands import Done, Work, until_true
from skewcheck.ports.rollout import BuildRun, Trigger


def build_by_trigger(work: Work, step: Step) -> Done:
    """Runs it at the commit, or finds the run that an earlier attempt started, and follows it."""
    service = work.order.service(step.service)
    if not step.build:
        raise ActionFailedError(
            f"{service.name}: which build served before is not known, so none can be built again",
            hint=f"gcloud builds triggers run {service.trigger} --sha=COMMIT",
        )
    trigger = trigger_of(service)
    # Not the root's: whoever resumes a stuck rollout asks anew, and gets no failed answer again.
    key = f"{work.order.rollout} {step.key}"
    run = _followed(work, trigger, work.hands.builds.start(trigger, step.build, key=key))
    if not run.succeeded:
        told = f"the build {run.id} of {trigger.name} ended with {run.status}"
        raise ActionFailedError(f"{told}: {run.detail}" if run.detail else told, hint=run.log_url)
    took = f" in {run.took_s:.0f} s" if run.took_s is not None else ""
    told = f"{trigger.name} deployed {step.build[:7]}{took}"
    return Done(told=told, evidence=(f"build {run.id}", run.log_url))


def trigger_of(service: ServiceOrder) -> Trigger:
    return Trigger(
        project=service.trigger_project, region=service.trigger_region, name=service.trigger
    )


def _followed(work: Work, trigger: Trigger, run: BuildRun) -> BuildRun:
    seen = [run]

    def look() -> str:
        if not seen[-1].is_over:
            seen.append(work.hands.builds.read(trigger, seen[-1]))
        return "" if seen[-1].is_over else f"the build {run.id} goes on ({seen[-1].status})"

    if complaint := until_true(work, work.hands.patience.build, look):
        raise ActionFailedError(f"{trigger.name}: {complaint}", hint=run.log_url)
    return seen[-1]
