"""200 commands in Slack and 200 page views at once, while a rollout runs: all are acknowledged,
none is lost, and memory stays where it was. How long it takes is measured in benchmarks/.
"""

from pathlib import Path
from typing import Any

from conformance.burst import burst, resident_mib
from conformance.moments import promise
from conformance.replicas import promise_bridge, replica
from conformance.rolling import rolling
from tests.people import Workspace
from tests.processes import waited_for
from tests.slack_server import slack_server

AT_ONCE, BURSTS = 200, 4
MAY = "U0MAY"
# One burst's worth of threads, connections and answers stays; what grows with each burst does not.
_MAY_GROW = 1.15


def test_a_crowd_in_slack_and_on_the_page_during_a_rollout(
    tmp_path: Path, record_property: Any
) -> None:
    with rolling(tmp_path) as scene, slack_server() as slack:
        promise(scene, approvals={"count": "1", "by": [MAY], "not_requester": "false"})
        promise_bridge(scene)
        with replica(scene, "one", slack, {}) as one:
            people = Workspace(slack, one)
            assert one.sees(lambda _: True)
            people.say("redeploy staging", MAY)
            people.press("approve", people.proposal(), MAY)
            assert waited_for(lambda: people.outcomes() == [None])
            answered = len(slack.told("response_url"))
            assert burst(people, AT_ONCE).failed == 0
            after_one = resident_mib(one.process.pid)
            for _ in range(BURSTS - 1):
                assert burst(people, AT_ONCE).failed == 0
            assert waited_for(
                lambda: len(slack.told("response_url")) >= answered + BURSTS * AT_ONCE, 60
            )
            assert people.ended()
            assert people.outcomes() == ["succeeded"]
            assert resident_mib(one.process.pid) < _MAY_GROW * after_one
    record_property("burst", f"{AT_ONCE} commands and {AT_ONCE} pages at once, all answered")
