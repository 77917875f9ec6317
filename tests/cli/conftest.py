"""A live world on loopback for the commands, shared by a module: its repository and its server."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import YESTERDAY
from tests.cli.desk import Desk
from tests.programs import Ended, environment, run_here, run_installed
from tests.repositories import Repository
from tests.servers import Reply, Server, serve
from tests.system.stage import Stage, staged

CONTRACT = """\
schema: 1
protocol: chat
version: "2.1"
accepts: ">=2.0,<3"
handshake: {subprotocols: [jwt-auth], selected: jwt-auth, token_in: none}
messages: {welcome: {type: connected}}
"""


def manifest(base: str, **changed: Any) -> dict[str, Any]:
    """Two static services on one server, so that no cloud is asked."""
    return {
        "schema": "1",
        "environment": "staging",
        "services": {
            "web": _service(f"{base}/web"),
            "api": _service(f"{base}/api"),
        },
        "links": {
            "chat": {
                "client": "web",
                "server": "api",
                "transport": "http",
                "contract": "contracts/chat.yaml",
            }
        },
    } | changed


def _service(url: str) -> dict[str, Any]:
    return {"ref": "main", "url": url, "version_path": "/version.json", "static": {}}


@dataclass(frozen=True)
class Live:
    """The world as it passes; a test that changes a reply gets it back by `healthy`."""

    repository: Repository
    server: Server
    env: Mapping[str, str]
    head: str

    def run(self, *words: str, **env: str) -> Ended:
        """In this process; --repo stands for the current directory."""
        return run_here(*words, env={**self.env, **env})

    def ask(self, command: str, *words: str, **env: str) -> Ended:
        """A command about staging in this repository."""
        where = ("--repo", str(self.repository.path))
        return self.run(command, "staging", *where, *words, **env)

    def installed(self, *words: str, **env: str) -> Ended:
        return run_installed(*words, at=self.repository.path, env={**self.env, **env})

    def healthy(self) -> None:
        document = {"source": "s", "version": "1", "commit": self.head, "build": "b"}
        self.answer("web", Reply(body=json.dumps(document).encode()))
        self.answer("api", Reply(body=json.dumps(document).encode()))

    def answer(self, service: str, reply: Reply) -> None:
        self.server.replies[f"/{service}/version.json"] = reply


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("live")
    with serve({}) as server:
        repository = Repository(folder / "acme")
        files: dict[str, str | None] = {
            "contracts/chat.yaml": CONTRACT,
            "manifests/staging.yaml": json.dumps(manifest(server.url(""))),
        }
        head = repository.commit(files, "Promise the chat", at=YESTERDAY)
        yield Live(repository, server, environment(folder), head.value)


@pytest.fixture
def live(shared: Live) -> Live:
    shared.healthy()
    return shared


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One local cloud for a module: starting it is what takes long."""
    with staged(tmp_path_factory.mktemp("cloud")) as stage:
        yield stage


@pytest.fixture
def desk(stage: Stage, tmp_path: Path) -> Desk:
    """Before a world in which everything is new and works."""
    stage.healthy()
    return Desk(stage, tmp_path / "state")


def told(ended: Ended) -> dict[str, Any]:
    """The report of a run with --format json."""
    report: dict[str, Any] = json.loads(ended.out)
    return report


def codes_of(ended: Ended, *severities: str) -> set[str]:
    """The codes of the findings, of all severities or of those named."""
    return {
        each["code"]
        for each in told(ended)["findings"]
        if not severities or each["severity"] in severities
    }
