"""Every Cloud Build example, run step by step against the local Google Cloud in a shallow clone."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skewcheck.sandbox import story
from tests.examples.build_file import read_build
from tests.examples.build_runner import BuildEnded, BuildMachine
from tests.postgres import one_of
from tests.system.stage import Stage, staged

pytestmark = pytest.mark.xdist_group("build runs")  # one world for all
EXAMPLES = Path(__file__).parents[1] / "examples" / "cloud-build"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("builds")) as stage:
        yield stage


class Trigger:
    """Starts builds on fresh machines, as a push would; the world is healthy before the first."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._world, self._folder = stage.world, folder
        self._count = 0
        self.commits = stage.world.history

    def machine(self, commit: str) -> BuildMachine:
        self._count += 1
        cloud = self._world.exports()
        machine = BuildMachine(
            folder=self._folder / f"machine-{self._count}",
            secrets={"SKEWCHECK_CHAT_TOKEN": cloud.pop("SKEWCHECK_CHAT_TOKEN")},
            cloud=cloud,
            without=lambda program: pytest.skip(f"the {program} CLI is not on PATH"),
        )
        machine.check_out(self._world.repository.as_uri(), commit)
        return machine

    def push(self, example: str, commit: str, **substitutions: str) -> BuildEnded:
        return push(self.machine(commit), example, commit, **substitutions)

    def known(self, service: str = story.API) -> dict[str, Any]:
        """All that the platform knows of it: what no build may touch that is stopped."""
        return dict(self._world.cloud.service(service))

    def serves(self, service: str = story.API, document: str = "__version__") -> str:
        """The commit that users of it get, where no edge is in between."""
        with urllib.request.urlopen(f"{self._world.cloud.url(service)}/{document}") as answer:
            return str(json.load(answer)["commit"])


def push(machine: BuildMachine, example: str, commit: str, **substitutions: str) -> BuildEnded:
    values = {"COMMIT_SHA": commit, "SHORT_SHA": commit[:7]} | substitutions
    return machine.run(read_build(EXAMPLES / f"{example}.yaml"), **values)


@pytest.fixture
def trigger(stage: Stage, tmp_path: Path) -> Trigger:
    stage.healthy()
    return Trigger(stage, tmp_path)


def test_gate_deploys_what_fits_and_verifies_it(trigger: Trigger) -> None:
    commit = trigger.commits.promise

    ended = trigger.push("gate", commit)

    assert not ended.failed, ended.told()
    assert ended.ran == ["history", "drill", "gate", "image", "push", "deploy", "verify"]
    assert trigger.serves() == commit


def test_gate_stops_what_does_not_fit_before_anything_is_deployed(trigger: Trigger) -> None:
    before = trigger.known()

    ended = trigger.push("gate", trigger.commits.next_protocol)

    assert (ended.failed, ended.code) == ("gate", 10), ended.told()
    assert "cannot talk to backend" in ended.steps["gate"].out
    assert "policy and overrides from origin/main" in ended.steps["gate"].out
    assert not {"push", "deploy"} & set(ended.ran)
    assert trigger.known() == before


@pytest.mark.parametrize("example", ["gate", "candidate", "advisory"])
@pytest.mark.parametrize("empty", ["COMMIT_SHA", "_ENVIRONMENT"])
def test_a_substitution_that_arrives_empty_is_an_error_of_usage(
    trigger: Trigger, example: str, empty: str
) -> None:
    before = trigger.known()

    ended = trigger.push(example, trigger.commits.promise, **{empty: ""})

    assert (ended.failed, ended.code) == ("gate", 2), ended.told()
    assert trigger.known() == before


def test_candidate_is_probed_promoted_and_verified(trigger: Trigger) -> None:
    commit = trigger.commits.promise

    ended = trigger.push("candidate", commit)

    assert not ended.failed, ended.told()
    assert ended.ran[-4:] == ["address", "probe", "promote", "verify"]
    assert "candidate-not-probed" in ended.steps["gate"].out
    assert "candidate-not-probed" not in ended.steps["probe"].out
    assert trigger.serves() == commit


def test_candidate_that_promises_well_and_fails_its_probe_is_never_promoted(
    trigger: Trigger,
) -> None:
    before = trigger.serves()

    ended = trigger.push("candidate", trigger.commits.unfit)

    assert (ended.failed, ended.code) == ("probe", 10), ended.told()
    assert ended.steps["gate"].code == 0
    assert "closed-before-welcome" in ended.steps["probe"].out
    assert trigger.serves() == before


def test_candidate_without_an_address_is_an_error_of_usage(trigger: Trigger) -> None:
    machine = trigger.machine(trigger.commits.promise)
    (machine.workspace / "candidate-url").touch()

    build = read_build(EXAMPLES / "candidate.yaml")
    ended = machine.run(build, only=["probe"], COMMIT_SHA=trigger.commits.promise)

    assert (ended.failed, ended.code) == ("probe", 2), ended.told()
    assert "after @ is not a URL" in ended.steps["probe"].err


def test_advisory_lets_the_unknown_pass_and_deploys(trigger: Trigger) -> None:
    """No token, so nothing could be probed."""
    commit = trigger.commits.promise

    ended = trigger.push("advisory", commit)

    assert not ended.failed, ended.told()
    assert ended.steps["gate"].code == 11
    assert "not-probed" in ended.steps["gate"].out
    assert trigger.serves(story.WEB, "version.json") == commit


def test_advisory_still_stops_what_does_not_fit(trigger: Trigger) -> None:
    before = trigger.known(story.WEB)

    ended = trigger.push("advisory", trigger.commits.next_protocol)

    assert (ended.failed, ended.code) == ("gate", 10), ended.told()
    assert trigger.known(story.WEB) == before


def test_redeploy_brings_users_what_is_promised_and_keeps_nothing_on_the_machine(
    trigger: Trigger, stage: Stage, request: pytest.FixtureRequest
) -> None:
    """The incident: an edge that still serves the page from before."""
    stage.stale_edge()
    machine = trigger.machine(trigger.commits.promise)
    machine.secrets["SKEWCHECK_STATE_URL"] = one_of(request.config).database()

    ended = push(machine, "redeploy", trigger.commits.promise)

    assert not ended.failed, ended.told()
    assert ended.ran == ["history", "plan", "redeploy", "verify"]
    assert "SUCCEEDED" in ended.steps["redeploy"].out
    with urllib.request.urlopen(f"{stage.world.frontend_edge.url}/version.json") as answer:
        assert json.load(answer)["commit"] == trigger.commits.new_frontend
    # Only the steps without the secret keep notes here: plan's look.
    assert not list(machine.folder.glob("state/rollout*"))


def test_the_history_step_makes_a_complete_clone_whole_as_well(trigger: Trigger) -> None:
    machine = trigger.machine(trigger.commits.promise)
    build = read_build(EXAMPLES / "gate.yaml")
    assert (machine.workspace / ".git" / "shallow").exists()

    for _ in range(2):
        assert not machine.run(build, only=["history"]).failed

    assert not (machine.workspace / ".git" / "shallow").exists()
