"""Deploys by a service's own Cloud Build trigger."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.flows.rollout.building import build_by_trigger, trigger_of
from skewcheck.ports.rollout import Trigger
from tests.flows.rollout.world import ROLLOUT, Rollouts


def building(rollouts: Rollouts, **changed: Any) -> Step:
    said: dict[str, Any] = {"service": "web", "wave": 2, "build": rollouts.new.value}
    return Step(kind=StepKind.BUILD, **(said | changed))


def test_the_trigger_is_run_at_the_commit_and_followed_to_its_end() -> None:
    rollouts = Rollouts()
    rollouts.builds.reads = 3
    done = build_by_trigger(rollouts.work(), building(rollouts))
    assert done.told == f"deploy-web deployed {rollouts.new.short} in 1 s"
    assert done.evidence == ("build build-1", "https://log/1")
    [(trigger, commit, run)] = rollouts.builds.started.values()
    assert trigger == Trigger(project="acme", region="global", name="deploy-web")
    assert (commit, run.succeeded) == (rollouts.new.value, True)


def test_a_build_of_which_nobody_says_how_long_it_took_is_told_without() -> None:
    rollouts = Rollouts()
    done = rollouts.builds.start(trigger_of(rollouts.order().service("web")), "c", key="k")
    assert done.took_s is None
    rollouts.builds.started[f"{ROLLOUT} build web in wave 2"] = (
        trigger_of(rollouts.order().service("web")),
        rollouts.new.value,
        replace(done, status="SUCCESS"),
    )
    told = build_by_trigger(rollouts.work(), building(rollouts)).told
    assert told == f"deploy-web deployed {rollouts.new.short}"


def test_a_build_that_fails_is_told_with_its_own_words_and_log() -> None:
    rollouts = Rollouts()
    rollouts.builds.deploys = lambda _trigger, _commit: "step 2 exited with 1"
    with pytest.raises(ActionFailedError) as caught:
        build_by_trigger(rollouts.work(), building(rollouts))
    told = "the build build-1 of deploy-web ended with FAILURE: step 2 exited with 1"
    assert (str(caught.value), caught.value.hint) == (told, "https://log/1")


def test_a_build_that_never_ends_is_not_waited_for_for_ever() -> None:
    rollouts = Rollouts()
    rollouts.builds.reads = 10_000
    with pytest.raises(ActionFailedError, match=r"deploy-web: the build build-1 goes on \(QUEUED"):
        build_by_trigger(rollouts.work(), building(rollouts))
    assert sum(rollouts.world.clock.waits) <= rollouts.patience.build


def test_the_same_step_follows_the_same_run_and_another_attempt_starts_another() -> None:
    rollouts = Rollouts()
    work = rollouts.work()
    for attempt in (1, 1, 2):
        build_by_trigger(work, building(rollouts, attempt=attempt))
    assert list(rollouts.builds.started) == [
        f"{ROLLOUT} build web in wave 2",
        f"{ROLLOUT} build web in wave 2, attempt 2",
    ]


def test_who_resumes_starts_a_run_of_their_own() -> None:
    """The one before may be the very one that failed."""
    rollouts = Rollouts()
    resumed = replace(rollouts.order(), rollout="r2", resumes=ROLLOUT)
    build_by_trigger(rollouts.work(resumed), building(rollouts))
    assert list(rollouts.builds.started) == ["r2 build web in wave 2"]


def test_what_nobody_knows_cannot_be_built_again() -> None:
    rollouts = Rollouts()
    with pytest.raises(ActionFailedError, match="which build served before is not known") as caught:
        build_by_trigger(rollouts.work(), building(rollouts, build="", back=True))
    assert caught.value.hint == "gcloud builds triggers run deploy-web --sha=COMMIT"
    assert rollouts.builds.started == {}
