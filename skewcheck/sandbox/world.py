"""The demo world: the incident, re-enacted with a real repository, real processes, a real edge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from skewcheck.sandbox import story
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.images import Image
from skewcheck.sandbox.programs.frontend import script_path
from skewcheck.sandbox.repository import Repository

Fingerprint: TypeAlias = Callable[[Mapping[str, Any]], str]
_DEPENDENCIES = {"supervisor": "ok", "threads": "ok"}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The commits that matter. `old` is both sides' build before Grace's change of the format;
    `new_*` come after it; `next_protocol` is on the branch `protocol-3`, `bridge`, whose backend
    still accepts what is live, on `bridge`; the backend of `unfit`, on `tidy-shutdown`, promises
    what it did and closes every socket at once."""

    old: str
    old_promise: str
    format_change: str
    new_frontend: str
    new_backend: str
    promise: str
    next_protocol: str
    bridge: str
    unfit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What may differ from one world to another: the manifest's policy, the backend's manners
    (a row of programs/generations.py), the only token that the backend takes, and whether the
    new format carries it in a header, as clients that are no browsers may."""

    lingers: str = "12h"
    settle: str = "20m"
    lingering_skew: str = "block"
    backend_generation: str = "incident"
    token: str = "sandbox-chat-token"
    token_in_header: bool = False

    @property
    def new(self) -> story.Document:
        """The contract that Grace's change brings."""
        return story.NEW_BY_HEADER if self.token_in_header else story.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The stage and its acts; each act leaves the world settled."""

    cloud: Sandbox
    repository: Path
    history: History
    frontend_edge: Edge
    backend_edge: Edge
    token: str

    @property
    def manifest(self) -> Path:
        """The manifest, inside the repository."""
        return self.repository / "manifests" / "staging.yaml"

    @property
    def contract(self) -> Path:
        """The contract, inside the repository."""
        return self.repository / "contracts" / "chat.yaml"

    def exports(self) -> dict[str, str]:
        """The environment for skewcheck and gcloud in this world."""
        return self.cloud.exports() | {"SKEWCHECK_CHAT_TOKEN": self.token}

    def deploy_frontend(self, build: str) -> str:
        """Any frontend build; its revision."""
        return self._deploy(story.WEB, story.WEB_IMAGE, build)

    def deploy_backend(self, build: str) -> str:
        """Any backend build; its revision."""
        return self._deploy(story.API, story.API_IMAGE, build)

    def deploy_old_everything(self) -> None:
        """Two days ago: both sides old, and everything works."""
        self.cloud.behind = timedelta(days=2)
        self.deploy_frontend(self.history.old)
        self.deploy_backend(self.history.old)
        self.cloud.behind = timedelta(0)

    def prime_edge(self) -> None:
        """Visitors came: the edge holds the old page, with the script that it loads."""
        script = script_path(self.history.old)
        self.frontend_edge.prime("/", "/index.html", "/version.json", script)

    def deploy_new_frontend(self) -> None:
        """The origin has the new page; the edge, if it was primed, still the old one."""
        self.deploy_frontend(self.history.new_frontend)

    def deploy_new_backend(self) -> None:
        """The backend reads the new format only."""
        self.deploy_backend(self.history.new_backend)

    def heal(self) -> None:
        """Make the edge forget what it holds."""
        self.frontend_edge.invalidate("/*")

    def _deploy(self, service: str, repository: str, build: str) -> str:
        labels = {"managed-by": "gcp-cloud-build-deploy-cloud-run", "commit-sha": build}
        return self.cloud.deploy(service, f"{repository}:{build}", labels=labels)


def build_world(
    cloud: Sandbox,
    directory: Path,
    *,
    fingerprint: Fingerprint,
    now: datetime,
    terms: Terms | None = None,
) -> World:
    """Write the repository and fill the image catalogue; nothing is deployed yet.

    Commits are hours to days older than `now`, so that promises are not young.
    """
    terms = terms or Terms()
    web = cloud.edge(story.WEB_HOST, story.WEB, story.URL_MAP)
    api = cloud.edge(story.API_HOST, story.API, story.URL_MAP)
    place = story.Place(
        project=cloud.project,
        region=cloud.region,
        web_url=web.url,
        api_url=api.url,
        lingers=terms.lingers,
        settle=terms.settle,
        lingering_skew=terms.lingering_skew,
    )
    repository = Repository(directory, cloud.inherit)
    history = _write_history(repository, place, now, terms.new, fingerprint)
    _fill_catalogue(cloud, history, fingerprint, terms)
    world = World(
        cloud=cloud,
        repository=directory,
        history=history,
        frontend_edge=web,
        backend_edge=api,
        token=terms.token,
    )
    cloud.builds.add_trigger("deploy-web", world.deploy_frontend)
    cloud.builds.add_trigger("deploy-api", world.deploy_backend)
    return world


def _write_history(
    repository: Repository,
    place: story.Place,
    now: datetime,
    new: story.Document,
    fingerprint: Fingerprint,
) -> History:
    def commit(files: Mapping[str, str], message: str, by: str, ago: timedelta) -> str:
        return repository.commit(files, message, author=by, at=now - ago)

    def promise(web: str, api: str, contains: str) -> dict[str, str]:
        text = story.manifest_file(place, web=web, api=api, must_contain=contains)
        return {"manifests/staging.yaml": text}

    hours = [timedelta(hours=n) for n in range(8)]
    days = timedelta(days=3)
    chat = "contracts/chat.yaml"
    old = commit(
        {chat: story.contract_file(story.OLD), **_SOURCES}, "Chat over a socket", "Ada", days
    )
    old_promise = commit(promise(old, old, "jwt"), "Promise the chat", "Ada", days - hours[1])
    changed = {chat: story.contract_file(new)}
    format_change = commit(changed, "Send the token base64url-encoded", "Grace", hours[6])
    button = {"web/button.js": "export const label = 'Send';\n"}
    new_frontend = commit(button, "Show the send button once connected", "Ada", hours[5])
    logs = {"api/logs.py": "THREAD_ID = True\n"}
    new_backend = commit(logs, "Log the thread id", "Grace", hours[4])
    mark = "connect" if new is story.NEW_BY_HEADER else "jwt-auth"
    new_promise = promise(new_frontend, new_backend, mark)
    promised = commit(new_promise, "Promise the encoded token", "Ada", hours[3])
    repository.branch("protocol-3")
    ticket = {chat: story.contract_file(story.NEXT)}
    next_protocol = commit(ticket, "Ask for a ticket instead of a token", "Grace", hours[2])
    repository.switch("main")
    repository.branch("bridge")
    both = {chat: story.contract_file(story.bridge(fingerprint(new)))}
    bridge = commit(both, "Take tickets, and tokens for now", "Grace", hours[2])
    repository.switch("main")
    repository.branch("tidy-shutdown")
    tidied = {"api/shutdown.py": "CLOSES = True\n"}
    unfit = commit(tidied, "Close sockets on shutdown", "Ada", hours[1])
    repository.switch("main")
    return History(
        old=old,
        old_promise=old_promise,
        format_change=format_change,
        new_frontend=new_frontend,
        new_backend=new_backend,
        promise=promised,
        next_protocol=next_protocol,
        bridge=bridge,
        unfit=unfit,
    )


def _fill_catalogue(
    cloud: Sandbox, history: History, fingerprint: Fingerprint, terms: Terms
) -> None:
    builds = (
        (history.old, story.OLD),
        (history.format_change, terms.new),
        (history.new_frontend, terms.new),
        (history.new_backend, terms.new),
        (history.promise, terms.new),
        (history.next_protocol, story.NEXT),
        (history.bridge, story.bridge(fingerprint(terms.new))),
        (history.unfit, terms.new),
    )
    generations = {history.unfit: "cleanup-1000"}
    for build, contract in builds:
        known = fingerprint(contract)
        web = Image(program="frontend", build=build, contract=contract, fingerprint=known)
        api = Image(
            program="backend",
            build=build,
            contract=contract,
            fingerprint=known,
            also_speaks=(terms.new,) if build == history.bridge else (),
            generation=generations.get(build, terms.backend_generation),
            token=terms.token,
            dependencies=_DEPENDENCIES,
        )
        cloud.images.add(story.WEB_IMAGE, build, web)
        cloud.images.add(story.API_IMAGE, build, api)


_SOURCES = {
    "README.md": "# Acme Chat\n",
    "web/button.js": "export const label = 'send';\n",
    "api/logs.py": "THREAD_ID = False\n",
}
