"""Boring defaults for sandbox tests: a contract, images, and a Cloud Run without processes."""

import base64
import socket
from datetime import UTC, datetime
from typing import Any

from skewcheck.sandbox.documents import Json, last
from skewcheck.sandbox.images import Image
from skewcheck.sandbox.run.cloud_run import Change, CloudRun

OLD, NEW = "a" * 40, "b" * 40
WEB_IMAGE = "us-docker.pkg.dev/acme/web/frontend"
API_IMAGE = "us-docker.pkg.dev/acme/api/backend"
LOCATION = "projects/acme/locations/us-central1"
API = f"{LOCATION}/services/acme-api"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TOKEN = "header.payload.signature"
ENCODED = base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("=")


def contract(**handshake: Any) -> Json:
    spoken = {
        "subprotocols": ["jwt-auth", "jwt.{token:base64url}"],
        "selected": "jwt-auth",
        "token_in": "subprotocol",
    }
    return {
        "protocol": "chat",
        "version": "2.1",
        "accepts": ">=2.0,<3",
        "handshake": spoken | handshake,
        "messages": {"welcome": {"type": "connection_established"}},
        "probe": {
            "exercise": {
                "send": {"type": "user_message"},
                "expects": ["agent_started", "agent_completed"],
            }
        },
    }


def frontend(build: str = OLD, **changes: Any) -> Image:
    return Image(program="frontend", build=build, **{"contract": contract()} | changes)


def backend(build: str = OLD, **changes: Any) -> Image:
    return Image(program="backend", build=build, **{"contract": contract()} | changes)


class FakeRuntime:
    """Starts everything but what it was told to fail."""

    def __init__(self) -> None:
        self.fails: dict[str, str] = {}
        self.running: set[str] = set()

    def pin(self, image: str) -> str:
        return image.replace(":", "@sha256:")

    def start(self, revision: Json) -> str | None:
        failure = self.fails.get(revision["containers"][0]["image"])
        if failure is None:
            self.running.add(last(revision["name"]))
        return failure

    def stop(self, revision: str) -> None:
        self.running.discard(last(revision))


class FakeAddresses:
    """Addresses that nobody listens on."""

    def service_uri(self, service: str) -> str:
        return f"http://{last(service)}.test"

    def tag_uri(self, service: str, tag: str) -> str:
        return f"http://{tag}---{last(service)}.test"


def cloud_run(runtime: FakeRuntime | None = None, *, takes: float = 0.0) -> CloudRun:
    return CloudRun(runtime or FakeRuntime(), FakeAddresses(), now=lambda: NOW, takes=takes)


def template(image: str = "repo:1", **fields: Any) -> Json:
    return {"containers": [{"image": image}], **fields}


def created(run: CloudRun, service_id: str = "acme-api", image: str = "repo:1") -> Json:
    finished(run, run.create(LOCATION, service_id, {"template": template(image)}, Change()))
    return run.store.service(f"{LOCATION}/services/{service_id}")


def changed(run: CloudRun, body: Json, mask: str) -> Json:
    """Update acme-api and wait; the finished operation."""
    return finished(run, run.update(API, body, Change(mask=mask)))


def finished(run: CloudRun, operation: Json) -> Json:
    return run.operations.wait(operation["name"], 5)


def read_to_end(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
        return b"".join(chunks)
