"""Replicas of the service, each as on a machine of its own, and a world in which they have work."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from conformance.rolling import Rolling
from skewcheck.adapters.clock import SystemClock
from skewcheck.sandbox.repository import Repository
from tests.people import slack_variables
from tests.serving import Served
from tests.slack_server import Slack


@contextmanager
def replica(
    scene: Rolling, name: str, slack: Slack, database: Mapping[str, str]
) -> Iterator[Served]:
    """With a state folder of its own, as on another machine; it leads a process group."""
    process = scene.start(
        "serve", "--port", "0", "--interval", "2s", state=name, **slack_variables(slack), **database
    )
    with process:
        try:
            yield Served(process)
        finally:
            kill(process.pid)


def kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def promise_bridge(scene: Rolling) -> None:
    """What runs is no longer what is promised: the bridge is."""
    history = scene.world.history
    text = scene.world.manifest.read_text()
    for build in (history.new_frontend, history.new_backend):
        text = text.replace(build, history.bridge)
    Repository(scene.world.repository, scene.world.cloud.inherit).commit(
        {"manifests/staging.yaml": text}, "Promise the bridge", author="Ada", at=SystemClock().now()
    )
