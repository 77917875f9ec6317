"""One small world for the flows, all behind fakes: a web client, an api, a chat between them.

It passes as it stands: both run NEW, the head of main, and speak the same format.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.findings import Code
from skewcheck.core.question import CandidateWanted, Question
from skewcheck.core.report import Report
from skewcheck.flows.check import Asking, check
from skewcheck.flows.load import Loaded, load_manifest
from tests.builders import LONG_AGO, NOW, YESTERDAY
from tests.fakes import FakeWorld, Reply

APP, API = "https://app.acme.example", "https://api.acme.example"
WEB_ORIGIN, API_ORIGIN = "https://web-x.a.run.app", "https://api-x.a.run.app"
CHAT = "contracts/chat.yaml"
MANIFEST = "manifests/staging.yaml"


def contract(version: str = "2.1", accepts: str = ">=2.0,<3", token: str = "jwt") -> str:  # noqa: S107
    return json.dumps(
        {
            "schema": "1",
            "protocol": "chat",
            "version": version,
            "accepts": accepts,
            "handshake": {"subprotocols": [token], "selected": token, "token_in": "none"},
            "messages": {"welcome": {"type": "connected"}},
        }
    )


def version_document(build: BuildSha | str, **more: Any) -> Reply:
    body = json.dumps({"source": "s", "version": "1", "commit": str(build), "build": "b", **more})
    return Reply(body=body.encode(), headers={"Cache-Control": "no-store"})


def page(build: BuildSha | str, *scripts: str) -> Reply:
    tags = "".join(f'<script src="{src}"></script>' for src in scripts)
    html = f'<!doctype html><meta name="build-sha" content="{build}">{tags}'
    return Reply(body=html.encode(), headers={"Content-Type": "text/html"})


def plane(
    service: str, origin: str, *builds: BuildSha, targets: Sequence[Target] = (), **changed: Any
) -> ControlPlane:
    """A revision for each build, the newest first; the first has all traffic unless told."""
    revisions = tuple(
        Revision(
            name=f"{service}-{len(builds) - index}",
            created=YESTERDAY if index == 0 else LONG_AGO,
            build=BuildName(build),
            named_by="label commit-sha",
        )
        for index, build in enumerate(builds)
    )
    sole = Target(revision=revisions[0].name, percent=100, follows_latest=True)
    said: dict[str, Any] = {
        "service": service,
        "region": "us-central1",
        "url": origin,
        "targets": tuple(targets) or (sole,),
        "revisions": revisions,
        "latest_ready": revisions[0].name,
        "settled": True,
        "read_at": NOW,
    }
    return ControlPlane(**(said | changed))


def manifest(**changed: Any) -> dict[str, Any]:
    return {
        "schema": "1",
        "environment": "staging",
        "defaults": {"cloud_run": {"project": "acme", "region": "us-central1"}},
        "services": {
            "web": {
                "ref": "main",
                "url": APP,
                "version_path": "/version.json",
                "cloud_run": {"service": "web"},
            },
            "api": {
                "ref": "main",
                "url": API,
                "version_path": "/version.json",
                "cloud_run": {"service": "api"},
            },
        },
        "links": {"chat": {"client": "web", "server": "api", "contract": CHAT, "path": "/ws"}},
    } | changed


def pinned_manifest(web: BuildSha, api: BuildSha, environment: str = "staging") -> dict[str, Any]:
    """As `manifest`, each service at one build."""
    written = manifest(environment=environment)
    builds = {"web": web, "api": api}
    for name, service in written["services"].items():
        del service["ref"]
        service["build"] = builds[name].value
    return written


@dataclass
class Acme:
    """The world with what a test needs to change it."""

    world: FakeWorld = field(default_factory=FakeWorld)
    written: dict[str, Any] = field(default_factory=manifest)

    def __post_init__(self) -> None:
        self.old = self.commit({CHAT: contract(token="jwt")}, "Chat", at=LONG_AGO)
        self.new = self.commit({MANIFEST: json.dumps(self.written)}, "Promise", at=YESTERDAY)
        self.run("web", self.new)
        self.run("api", self.new)

    def commit(
        self, files: dict[str, str | None], subject: str, at: datetime | None = None, **more: Any
    ) -> BuildSha:
        return self.world.history.add(files, subject, at=at or YESTERDAY, **more)

    def promise(
        self, written: dict[str, Any], *, at: datetime | None = None, author: str = "Ada"
    ) -> BuildSha:
        """Commits another manifest."""
        self.written = written
        text = json.dumps(written)
        return self.commit({MANIFEST: text}, "Promise anew", at, author=author)

    def run(self, service: str, *builds: BuildSha, **changed: Any) -> None:
        """The service at the first of the builds, wherever one asks."""
        edge, origin = (APP, WEB_ORIGIN) if service == "web" else (API, API_ORIGIN)
        self.world.platform.planes[service] = plane(service, origin, *builds, **changed)
        self.answer(f"{edge}/version.json", version_document(builds[0]))
        self.answer(f"{origin}/version.json", version_document(builds[0]))
        if service == "web":
            self.answer(f"{APP}/", page(builds[0]))

    def answer(self, url: str, *replies: Reply) -> None:
        self.world.http.replies[url] = list(replies)

    def loaded(self, *, ref: str = "HEAD", policy_ref: str | None = None) -> Loaded:
        return load_manifest(self.world.history, "staging", ref=ref, policy_ref=policy_ref)

    def report(self, *candidates: CandidateWanted, **asking: Any) -> Report:
        question = Question.GATE if candidates else Question.STATUS
        asked = Asking(question=question, candidates=candidates, **asking)
        return check(self.world.doors(), self.loaded(), asked)


def codes(report: Report, subject: str = "") -> set[Code]:
    """What was found, of one subject or of all."""
    return {each.code for each in report.findings if subject in {"", each.subject}}
