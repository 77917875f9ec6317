"""The demo world tells the incident: each act changes what its name says, and nothing else."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from skewcheck.sandbox.clock import system_now
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.world import Terms, World, build_world
from tests.sandbox.builders import TOKEN


def fingerprint(contract: Mapping[str, Any]) -> str:
    return "sha256:" + str(len(json.dumps(contract["handshake"])))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Sandbox() as cloud:
        terms = Terms(lingers="5s", token=TOKEN)
        directory = tmp_path / "acme-chat"
        yield build_world(cloud, directory, fingerprint=fingerprint, now=system_now(), terms=terms)


def git(world: World, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=world.repository, check=True, capture_output=True, text=True
    )
    return done.stdout


def commit_at(url: str) -> Any:
    return requests.get(f"{url}/version.json", timeout=10).json()["commit"]


def page_build(url: str, world: World) -> str:
    page = requests.get(url, timeout=10).text
    history = world.history
    return next(build for build in (history.old, history.new_frontend) if build in page)


def close_of(world: World, *offers: str) -> str:
    url = world.backend_edge.url.replace("http:", "ws:") + "/ws"
    with connect(url, subprotocols=[Subprotocol(offer) for offer in offers]) as socket:
        try:
            return str(json.loads(socket.recv(timeout=5))["type"])
        except ConnectionClosed as closed:
            return str(closed.rcvd)


def test_the_repository_tells_who_forgot_the_version_number(world: World) -> None:
    history = world.history
    change = git(world, "show", "--format=%an: %s", history.format_change)

    assert change.startswith("Grace: Send the token base64url-encoded")
    assert "version" not in [line[1:8] for line in change.splitlines() if line[:1] in "+-"]
    assert git(world, "rev-parse", "main").strip() == history.promise
    assert git(world, "rev-parse", "protocol-3").strip() == history.next_protocol
    youngest = datetime.fromisoformat(git(world, "log", "-1", "--all", "--format=%cI").strip())
    assert datetime.now(UTC) - youngest > timedelta(minutes=20)  # noqa: TID251  real dates


def test_the_manifest_promises_the_new_builds_at_the_sandboxs_addresses(world: World) -> None:
    manifest = yaml.safe_load(world.manifest.read_text())

    assert manifest["services"]["frontend"]["build"] == world.history.new_frontend
    assert manifest["services"]["backend"]["build"] == world.history.new_backend
    assert manifest["services"]["frontend"]["url"] == world.frontend_edge.url
    assert manifest["policy"]["lingers"] == "5s"
    assert yaml.safe_load(world.contract.read_text())["version"] == "2.1"


def test_the_acts_lead_into_the_incident_and_out_of_it(world: World) -> None:
    history, web = world.history, world.cloud.url("acme-web")
    world.deploy_old_everything()
    assert close_of(world, "jwt", TOKEN) == "connection_established"

    world.prime_edge()
    world.deploy_new_frontend()
    assert page_build(web, world) == history.new_frontend
    assert commit_at(world.frontend_edge.url) == history.new_frontend
    assert page_build(world.frontend_edge.url, world) == history.old

    world.deploy_new_backend()
    assert "1000 (OK) main cleanup" in close_of(world, "jwt", TOKEN)

    world.heal()
    assert page_build(world.frontend_edge.url, world) == history.new_frontend


def test_version_documents_carry_the_callers_fingerprint(world: World) -> None:
    world.deploy_backend(world.history.next_protocol)
    document = requests.get(f"{world.backend_edge.url}/__version__", timeout=10).json()

    [spoken] = document["protocols"]
    assert (spoken["version"], spoken["accepts"]) == ("3.0", ">=3.0,<4")
    assert spoken["fingerprint"].startswith("sha256:")
    assert world.exports()["SKEWCHECK_CHAT_TOKEN"] == TOKEN
