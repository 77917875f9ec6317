"""The backend as a process of its own: told things while it runs, cold at first."""

import requests

from skewcheck.sandbox.cloud import Sandbox
from tests.sandbox.builders import API_IMAGE, backend
from tests.sandbox.clients import NEW_FORMAT, heard, socket_url


def test_only_the_first_request_of_a_cold_backend_waits(cloud: Sandbox) -> None:
    cloud.deploy("chat-cold", cloud.images.add(API_IMAGE, "cold", backend(cold_start=0.3)))
    url = f"{cloud.url('chat-cold')}/__version__"
    first, second = (requests.get(url, timeout=10).elapsed.total_seconds() for _ in range(2))

    assert first >= 0.3 > second


def test_a_missing_dependency_is_named_by_heartbeat_and_close(cloud: Sandbox) -> None:
    image = backend(dependencies={"supervisor": "ok", "threads": "ok"})
    cloud.deploy("chat-needs", cloud.images.add(API_IMAGE, "needs", image))
    url = cloud.url("chat-needs")
    assert requests.get(f"{url}/__heartbeat__", timeout=10).status_code == 200

    cloud.tell("chat-needs", {"dependencies": {"supervisor": "ok", "threads": "down"}})
    while requests.get(f"{url}/__heartbeat__", timeout=10).status_code == 200:
        pass  # told through a pipe: the next answers may still be old

    closed = heard(socket_url(url), NEW_FORMAT)
    assert closed == "jwt-auth 1011 Service not ready: threads"
