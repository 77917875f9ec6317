"""The sandbox as a whole: it starts, exports how to reach it, and leaves nothing behind."""

import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.errors import SandboxError
from tests.sandbox.builders import NEW, OLD, WEB_IMAGE, frontend

ORPHAN_MAKER = """
import sys
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.images import Image
cloud = Sandbox()
reference = cloud.images.add("repo", "tag", Image(program=sys.argv[1], build="a" * 40))
revision = cloud.deploy("acme", reference)
print(cloud.process("acme", revision).port, flush=True)
sys.stdin.read()
"""


def refuses(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) != 0


def test_deploying_moves_traffic_to_the_newest_unless_told_not_to(cloud: Sandbox) -> None:
    old = cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}", env={"COLOUR": "blue"})
    new = cloud.deploy("acme-web", f"{WEB_IMAGE}:{NEW}", traffic="none", tag="next")
    assert cloud.serving("acme-web") == {old: 100}

    cloud.set_traffic("acme-web", {old: 90, new: 10})
    assert cloud.serving("acme-web") == {old: 90, new: 10}
    assert cloud.service("acme-web")["trafficStatuses"][2]["tag"] == "next"

    cloud.set_traffic("acme-web", "latest")
    assert cloud.serving("acme-web") == {new: 100}


def test_a_program_that_does_not_come_up_fails_the_deploy(cloud: Sandbox) -> None:
    image = cloud.images.add(WEB_IMAGE, "bad", frontend(start_failure="missing secret"))

    with pytest.raises(SandboxError, match=r"failed to start and listen.*missing secret"):
        cloud.deploy("acme-bad", image)

    assert requests.get(cloud.url("acme-bad"), timeout=10).status_code == 404
    assert "missing secret" in [e.get("textPayload") for e in cloud.log.entries()]


def test_what_is_deployed_behind_the_clock_is_older(cloud: Sandbox) -> None:
    cloud.behind = timedelta(days=2)
    cloud.deploy("acme-aged", f"{WEB_IMAGE}:{OLD}")
    cloud.behind = timedelta(0)
    aged = cloud.service("acme-aged")["createTime"]
    cloud.deploy("acme-fresh", f"{WEB_IMAGE}:{OLD}")

    assert aged < cloud.service("acme-fresh")["createTime"]


def test_the_exports_point_at_this_sandbox_only(cloud: Sandbox) -> None:
    exported = cloud.exports()

    assert exported["SKEWCHECK_GCP_ENDPOINT"] == cloud.endpoint
    assert exported["CLOUDSDK_PROXY_PORT"] in cloud.endpoint
    assert exported["CLOUDSDK_CONFIG"].startswith(str(cloud.directory))
    assert exported["CLOUDSDK_AUTH_DISABLE_CREDENTIALS"] == "true"


def test_closing_ends_processes_threads_and_files() -> None:
    before = threading.active_count()
    with Sandbox() as cloud:
        cloud.images.add(WEB_IMAGE, OLD, frontend())
        name = cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}")
        process = cloud.process("acme-web", name)
        edge = cloud.edge("app.acme.example", "acme-web")
        idle = socket.create_connection(("127.0.0.1", edge.port))
        directory = cloud.directory
    idle.close()

    assert process
    assert refuses(process.port)
    assert refuses(cloud.control_plane.port)
    assert threading.active_count() == before
    assert not directory.exists()


@pytest.mark.parametrize("program", ["frontend", "backend"])
def test_processes_die_with_a_sandbox_that_is_killed(program: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN_MAKER, program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as parent:
        assert parent.stdout
        port = int(parent.stdout.readline())
        assert not refuses(port)
        parent.kill()

    patience = threading.Event()
    assert any(refuses(port) or patience.wait(0.05) for _ in range(100))
