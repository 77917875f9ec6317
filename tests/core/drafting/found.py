"""What was found in a project, with boring defaults: a page and a server on Cloud Run, each with a
host of its own, at builds that the repository knows, and one contract.
"""

from typing import Any

from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.contract import Contract
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.drafting.answers import Answers
from skewcheck.core.drafting.draft import Draft, Field, Gap, Item
from skewcheck.core.drafting.facts import (
    ContractFile,
    Facts,
    LiveBuild,
    Look,
    Route,
    ServiceFacts,
)
from skewcheck.core.drafting.make import make_draft
from skewcheck.core.exposed.html_page import PageHtml
from skewcheck.core.findings import Code
from skewcheck.core.load_balancing import Backend, HostRoute
from skewcheck.core.reading import ProtocolClaim, Unreadable, VersionDocument
from tests.builders import NEW, NOW, YESTERDAY

REGION = "us-central1"
CHAT: dict[str, Any] = {
    "schema": "1",
    "protocol": "chat",
    "version": "2.1",
    "accepts": ">=2.0,<3",
    "handshake": {"subprotocols": ["jwt"], "selected": "jwt"},
}


def contract(path: str = "contracts/chat.yaml", **changed: Any) -> ContractFile:
    kept = {key: changed.pop(key) for key in ("committed", "problem") if key in changed}
    return ContractFile(path=path, contract=Contract.model_validate(CHAT | changed), **kept)


def plane(name: str, *, build: BuildSha | None = NEW, **changed: Any) -> ControlPlane:
    revision = Revision(
        name=f"{name}-1",
        created=YESTERDAY,
        build=BuildName(build) if build else None,
        image=f"registry/acme/{name}@sha256:01",
    )
    said: dict[str, Any] = {
        "service": name,
        "region": REGION,
        "url": f"https://{name}-hash.a.run.app",
        "targets": (Target(revision=revision.name, percent=100),),
        "revisions": (revision,),
        "latest_ready": revision.name,
        "settled": True,
        "deployed_image": f"registry/acme/{name}:{NEW}",
        "read_at": NOW,
    }
    return ControlPlane(**(said | changed))


def unreadable(url: str, cause: Code = Code.UNREACHABLE, **said: str) -> Unreadable:
    told = {"detail": "connection refused", "fix": "curl it"} | said
    return Unreadable(url=url, cause=cause, read_at=NOW, **told)


def page(url: str, build: BuildSha | None = NEW) -> PageHtml:
    name = BuildName(build) if build else None
    return PageHtml(url=url, build=name, text="<html>", read_at=NOW)


def document(url: str, *claims: tuple[str, str]) -> VersionDocument:
    protocols = tuple(ProtocolClaim(name=name, role=role) for name, role in claims)
    return VersionDocument(
        url=f"{url}/__version__",
        build=BuildName(NEW),
        convention="skewcheck",
        protocols=protocols,
        read_at=NOW,
    )


def answering(url: str, *, html: bool = False, **changed: Any) -> Look:
    front = page(url) if html else unreadable(url, Code.PAGE_UNPROVEN, detail="not HTML")
    said: dict[str, Any] = {"url": url, "document": document(url), "page": front}
    return Look(**(said | changed))


def route(host: str, path: str = "/*", *, url_map: str = "acme-web", **backend: Any) -> Route:
    behind = Backend(**({"name": "behind"} | backend))
    return Route(url_map=url_map, to=HostRoute(host=host, path=path, backend=behind))


def live(**changed: Any) -> LiveBuild:
    said: dict[str, Any] = {
        "revision": "r-1",
        "percent": 100,
        "build": NEW.value,
        "named_by": "label commit-sha",
        "is_tip": True,
    }
    return LiveBuild(**(said | changed))


def web(**changed: Any) -> ServiceFacts:
    url = "https://app.acme.example"
    said: dict[str, Any] = {
        "name": "web",
        "regions": (REGION,),
        "planes": (plane("web"),),
        "routes": (route("app.acme.example", cdn=True),),
        "live": (live(),),
        "look": answering(url, html=True),
    }
    return ServiceFacts(**(said | changed))


def api(**changed: Any) -> ServiceFacts:
    url = "https://api.acme.example"
    said: dict[str, Any] = {
        "name": "api",
        "regions": (REGION,),
        "planes": (plane("api"),),
        "routes": (route("api.acme.example"),),
        "live": (live(),),
        "look": answering(url),
    }
    return ServiceFacts(**(said | changed))


def static(name: str = "web", **changed: Any) -> ServiceFacts:
    """No service of Cloud Run's."""
    look = answering("https://x.example", html=True)
    said: dict[str, Any] = {"name": name, "look": look}
    return ServiceFacts(**(said | changed))


def facts(*services: ServiceFacts, **changed: Any) -> Facts:
    said: dict[str, Any] = {
        "project": "acme-staging",
        "services": services or (web(), api()),
        "ref": "main",
        "ref_why": "the remote's default branch",
        "contracts": (contract(),),
    }
    return Facts(**(said | changed))


def answers(**changed: Any) -> Answers:
    said: dict[str, Any] = {
        "environment": "staging",
        "project": "acme-staging",
        "links": {("", "path"): "/ws"},
    }
    return Answers(**(said | changed))


def draft(*services: ServiceFacts, said: Answers | None = None, **changed: Any) -> Draft:
    return make_draft(facts(*services, **changed), said or answers())


def item(made: Draft, section: str, key: str) -> Item | None:
    (found,) = (each for each in (*made.services, *made.links) if each.name == section)
    return next((each for each in found.items if each.key == key), None)


def field(made: Draft, section: str, key: str) -> Field:
    found = item(made, section, key)
    assert isinstance(found, Field)
    return found


def gap(made: Draft, section: str, key: str) -> Gap:
    found = item(made, section, key)
    assert isinstance(found, Gap)
    return found


def lead(made: Draft, section: str) -> str:
    (found,) = (each for each in (*made.services, *made.links) if each.name == section)
    return "\n".join(found.lead)
