"""Several replicas of the service on one PostgreSQL are one: one surveys, one carries out, and when
that one is killed, the other goes on.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.moments import Held, is_shift, promise
from conformance.replicas import kill, promise_bridge, replica
from conformance.rolling import Rolling, rolling
from conformance.test_kills import assert_new
from tests.people import Workspace
from tests.postgres import one_of
from tests.processes import waited_for
from tests.serving import Served
from tests.slack_server import Slack, slack_server

MAY = "U0MAY"


@pytest.fixture
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"SKEWCHECK_STATE_URL": one_of(request.config).database()}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Rolling]:
    """Git promises the bridge, and nothing lingers long."""
    with rolling(tmp_path) as scene:
        promise(scene, approvals={"count": "1", "by": [MAY], "not_requester": "false"})
        promise_bridge(scene)
        yield scene


def test_when_one_is_killed_in_the_middle_of_a_rollout_the_other_finishes_it(
    scene: Rolling, database: dict[str, str], record_property: Any
) -> None:
    with slack_server() as slack, replica(scene, "one", slack, database) as one:
        people = Workspace(slack, one)
        assert one.sees(lambda _: True)
        held = Held(scene, matches=is_shift)
        people.say("redeploy staging", MAY)
        rollout = people.proposal()
        people.press("approve", rollout, MAY)
        held.wait_until_reached()
        with replica(scene, "two", slack, database) as two:
            assert two.sees(lambda _: True)
            assert waited_for(lambda: _under_way(two) == [rollout])
            kill(one.process.pid)
            one.process.wait()
            held.let_go()
            assert waited_for(lambda: outcomes(two) == ["succeeded"], within_s=60)
            assert Workspace(slack, two).shown("SUCCEEDED")
            assert _proposals(slack) == 1
    assert_new(scene)
    record_property("replicas", "one killed with SIGKILL in a rollout -> the other finishes it")


def test_two_replicas_survey_in_turns_and_tell_everything_once(
    scene: Rolling, database: dict[str, str], record_property: Any
) -> None:
    with slack_server() as slack:
        scene.world.cloud.faults.clear()
        scene.world.deploy_frontend(scene.world.history.old)
        scene.world.heal()
        with (
            replica(scene, "one", slack, database) as one,
            replica(scene, "two", slack, database) as two,
        ):
            assert one.sees(lambda report: bool(report["verdict"] == "block"))
            assert two.sees(lambda report: bool(report["verdict"] == "block"))
            surveyed = [two.report()["at"]]

            def is_surveyed_on() -> bool:
                surveyed.append(two.report()["at"])
                return len(set(surveyed)) > 4

            assert waited_for(is_surveyed_on)
            assert waited_for(lambda: one.report()["at"] == two.report()["at"])
            told = [json.dumps(each["text"]) for each in slack.told("chat.postMessage")]
    assert told
    assert len(told) == len(set(told)), told
    record_property("replicas", "two survey one environment -> each cause is told once")


def outcomes(served: Served) -> list[str | None]:
    return [each["outcome"] for each in served.rollouts()]


def _under_way(served: Served) -> list[str]:
    return [each["rollout"] for each in served.rollouts() if each["outcome"] is None]


def _proposals(slack: Slack) -> int:
    return sum("approve" in json.dumps(each) for each in slack.told("chat.postMessage"))
