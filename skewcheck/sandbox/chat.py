"""The world of the tutorial: two example services of a team that has never heard of skewcheck.

Their sources lie in examples/chat; here they become a git repository, are deployed by the team's
own Cloud Build triggers, and users reach them through edges, of which the web's caches the page.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.repository import Repository
from skewcheck.sandbox.sources import Source

PROJECT, URL_MAP = "acme-chat", "chat"
WEB, API = "chat-web", "chat-api"
WEB_HOST, API_HOST = "chat.acme.example", "api.chat.acme.example"
_IMAGES = "us-docker.pkg.dev/acme-chat/services"
_EXAMPLE = Path(__file__).parent / "examples" / "chat"
_TOKEN = "chat-token-of-the-tutorial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """What the team has: a repository, two services, and what stands in front of them."""

    cloud: Sandbox
    repository: Path
    web_edge: Edge
    api_edge: Edge

    def exports(self) -> dict[str, str]:
        """The environment for skewcheck, gcloud and the team's own ./deploy in this world."""
        return self.cloud.exports() | {
            "CLOUD_BUILD_API": self.cloud.endpoint,
            "GOOGLE_CLOUD_PROJECT": self.cloud.project,
            "CHAT_TOKEN": _TOKEN,
            "WEB_URL": self.web_edge.url,
            "API_URL": self.api_edge.url,
        }


def build_chat(cloud: Sandbox, repository: Path, *, now: datetime) -> Chat:
    """Commit the example three days ago, deploy it a day later, and let first visitors come."""
    shutil.copytree(
        _EXAMPLE, repository, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
    )
    history = Repository(repository, cloud.inherit)
    history.commit({}, "A chat: a page and a socket", author="Ada", at=now - timedelta(days=3))
    web, api = cloud.edge(WEB_HOST, WEB, URL_MAP), cloud.edge(API_HOST, API, URL_MAP)
    cloud.url_maps.backend(API_HOST).cdn = False
    socket = f"{api.url.replace('http:', 'ws:')}/ws"
    env = {WEB: {"CHAT_SOCKET": socket, "CHAT_TOKEN": _TOKEN}, API: {"CHAT_TOKEN": _TOKEN}}
    cloud.behind = timedelta(days=2)
    for service, folder in ((WEB, "web"), (API, "api")):
        source = Source(repository, folder, cloud.directory / "images", cloud.inherit)
        cloud.images.add_source(f"{_IMAGES}/{folder}", source)
        deploy = _deployer(cloud, service, folder, source, env[service])
        cloud.builds.add_trigger(f"deploy-{folder}", deploy)
        deploy("HEAD")
    cloud.behind = timedelta(0)
    web.prime("/")
    return Chat(cloud=cloud, repository=repository, web_edge=web, api_edge=api)


def _deployer(
    cloud: Sandbox, service: str, folder: str, source: Source, env: Mapping[str, str]
) -> Callable[[str], object]:
    """What the team's cloudbuild.yaml does: build the commit, push the image, deploy it."""

    def deploy(ref: str) -> str:
        commit = source.resolve(ref)
        source.image(commit)
        labels = {"managed-by": "gcp-cloud-build-deploy-cloud-run", "commit-sha": commit}
        return cloud.deploy(service, f"{_IMAGES}/{folder}:{commit}", env=env, labels=labels)

    return deploy
