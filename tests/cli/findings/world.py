"""A small world per test: a repository of its own, and two static services on one server.

Everything is promised and running at one commit, and nothing is wrong; no cloud is asked.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.builders import YESTERDAY
from tests.programs import Ended, environment, run_here
from tests.repositories import Repository
from tests.servers import Reply, Server, serve

MANIFEST, CONTRACT = "manifests/staging.yaml", "contracts/chat.yaml"


def contract(version: str = "2.1", accepts: str = ">=2.0,<3", **changed: Any) -> str:
    """JSON is YAML too."""
    said = {
        "schema": "1",
        "protocol": "chat",
        "version": version,
        "accepts": accepts,
        "handshake": {"subprotocols": ["jwt-auth"], "selected": "jwt-auth"},
        "messages": {"welcome": {"type": "connection_established"}},
    }
    return json.dumps(said | changed)


def document(build: str, **said: Any) -> Reply:
    """A version document that no cache may keep."""
    body = {"source": "s", "version": "1", "commit": build, "build": "b"} | said
    return Reply(body=json.dumps(body).encode(), headers={"Cache-Control": "no-store"})


def page(head: str = "", body: str = "<p>chat") -> Reply:
    html = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return Reply(body=html.encode(), headers={"Content-Type": "text/html"})


def meta(build: str) -> str:
    return f'<meta name="build-sha" content="{build}">'


@dataclass
class World:
    """`head` is what runs; `web` and `api` add to the services, `chat` to the link, `more` to
    the manifest."""

    repository: Repository
    server: Server
    home: Path
    web: dict[str, Any] = field(default_factory=dict)
    api: dict[str, Any] = field(default_factory=dict)
    chat: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    head: str = ""

    def manifest(self) -> dict[str, Any]:
        return {
            "schema": "1",
            "environment": "staging",
            "policy": self.policy,
            "services": {"web": self.service("web"), "api": self.service("api")},
            "links": {"chat": self._link()},
        } | self.more

    def promise(
        self, files: Mapping[str, str | None] | None = None, *, at: datetime = YESTERDAY
    ) -> str:
        """Commits the manifest and these files, and lets both services run the commit."""
        written = {MANIFEST: json.dumps(self.manifest()), **(files or {})}
        self.head = self.repository.commit(written, "Promise", at=at).value
        self.run(web=self.head, api=self.head)
        return self.head

    def run(self, **builds: str) -> None:
        for service, build in builds.items():
            self.answer(service, document(build))

    def answer(self, service: str, reply: Reply, *, path: str = "/version.json") -> None:
        self.server.replies[f"/{service}{path}"] = reply

    def ask(self, command: str, *words: str, **env: str) -> Ended:
        where = ("--repo", str(self.repository.path))
        return self.bare(command, "staging", *where, *words, **env)

    def bare(self, *words: str, **env: str) -> Ended:
        """A command that asks no environment."""
        return run_here(*words, "--format", "json", env=environment(self.home, **env))

    def gate(self, service: str, candidate: str, *words: str) -> Ended:
        return self.ask("gate", "--candidate", f"{service}={candidate}", *words)

    def service(self, name: str) -> Mapping[str, Any]:
        said = {"url": self.server.url(f"/{name}"), "version_path": "/version.json"}
        own: dict[str, Any] = getattr(self, name, {})
        what = {} if "build" in own else {"ref": "main"}
        static: dict[str, Any] = {} if "cloud_run" in own else {"static": {}}
        return said | what | static | own

    def _link(self) -> Mapping[str, Any]:
        said = {"client": "web", "server": "api", "transport": "http", "contract": CONTRACT}
        return said | self.chat


@contextmanager
def new_world(folder: Path) -> Iterator[World]:
    """At a first commit that has nothing but the contract."""
    with serve({}) as server:
        world = World(Repository(folder / "acme"), server, folder)
        world.promise({CONTRACT: contract()})
        yield world
