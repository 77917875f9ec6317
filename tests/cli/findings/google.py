"""A world whose api runs on Cloud Run, as a stand-in for Google describes it, document by document.

Its edge and its direct URL are two places, so that each can be right or wrong by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from skewcheck.adapters.clock import SystemClock
from tests.cli.findings.sockets import CONTRACTS, GOOD, TOKEN, Place, link
from tests.cli.findings.world import World, document, meta, new_world, page
from tests.cloud_run_documents import Json, revision, service
from tests.google_server import Reply, Server, as_json, refusal, serve
from tests.programs import Ended
from tests.websocket_servers import serving

NEWEST, BEFORE, YOUNGER = "api-00002", "api-00001", "api-00003"


def ago(**units: int) -> str:
    """As Google writes a moment."""
    moment = SystemClock().now() - timedelta(**units)
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


@dataclass
class Google:
    """What it answers of the one service `api`; `refused` takes the place of everything."""

    service: Json = field(default_factory=dict)
    revisions: list[Json] = field(default_factory=list)
    refused: Reply | None = None

    def __call__(self, path: str, query: dict[str, str]) -> Reply:
        del query
        if self.refused is not None:
            return self.refused
        if path.endswith("/revisions"):
            return as_json({"revisions": self.revisions})
        if path.endswith("/services/api"):
            return as_json(self.service)
        return refusal(404, "NOT_FOUND", f"{path} does not exist.")


@dataclass
class CloudWorld:
    """`edge` is what users of the api meet, `direct` the URL of the Cloud Run service, `before`
    the commit before the promised one."""

    world: World
    google: Google
    server: Server
    edge: Place
    direct: Place
    edge_url: str
    direct_url: str
    before: str = ""

    def healthy(self) -> None:
        """One revision at the promised commit, with all traffic, which follows LATEST."""
        self.google.refused = None
        self.says()
        self.google.revisions = [self.revision(NEWEST)]
        for place in (self.edge, self.direct):
            place.shape = GOOD
            place.documents = {"/version.json": document(self.world.head)}

    def says(self, **changed: Any) -> None:
        """The service's document, with these fields changed."""
        self.google.service = service("api", uri=self.direct_url, urls=[self.direct_url], **changed)

    def shares(self, *targets: Json, **changed: Any) -> None:
        self.says(traffic=list(targets), trafficStatuses=list(targets), **changed)

    def revision(self, name: str, build: str = "", *, hours: int = 48) -> Json:
        labels = {"commit-sha": build or self.world.head}
        return revision(name, of="api", labels=labels, createTime=ago(hours=hours))

    def has(self, *revisions: Json) -> None:
        self.google.revisions = list(revisions)

    def ask(self, command: str, *words: str) -> Ended:
        return self.world.ask(command, *words, **self.env)

    @property
    def env(self) -> dict[str, str]:
        return {"SKEWCHECK_GCP_ENDPOINT": self.server.url, "SKEWCHECK_CHAT_TOKEN": TOKEN}


@contextmanager
def clouded(folder: Path) -> Iterator[CloudWorld]:
    edge, direct, google = Place(), Place(), Google()
    with (
        new_world(folder) as world,
        serving(edge) as in_front,
        serving(direct) as behind,
        serve(google) as server,
    ):
        urls = [each.url.removesuffix("/ws") for each in (in_front, behind)]
        cloud = CloudWorld(world, google, server, edge, direct, *urls)
        world.api = {
            "url": cloud.edge_url,
            "cloud_run": {"project": "acme", "region": "us-central1", "service": "api"},
        }
        names = ("chat", "header")
        world.more = {"links": {name: link(name) for name in names}}
        cloud.before = world.promise({f"contracts/{name}.yaml": CONTRACTS[name] for name in names})
        world.promise()
        world.answer("web", page(meta(world.head)), path="/")
        yield cloud
