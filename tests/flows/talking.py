"""Acme with a chat that can be probed: contracts with a token, exercises, health, a split."""

import json
from dataclasses import dataclass, field
from typing import Any

from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import Target
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.probed.probes import LinkProbe, Probes
from skewcheck.core.question import CandidateWanted
from skewcheck.core.wire.script import ProbeRequest
from skewcheck.core.wire.secret import Secret
from skewcheck.flows.probe import take_probes
from skewcheck.flows.survey import take_survey
from tests.fakes import FakeWorld, Reply
from tests.flows.worlds import API, API_ORIGIN, APP, CHAT, Acme, manifest
from tests.transcripts import closed

TOKEN = "a-token-of-the-tests"
TAG_URL = "https://c-1---api-x.a.run.app"
HEALTH = f"{API}/health"
EXERCISE = {"send": {"type": "user_message"}, "expects": ["started", "completed"]}


def contract(*, token: bool = True, **probe: Any) -> str:
    """The incident's right format; without a token, a plain one."""
    offers = ["jwt-auth", "jwt.{token:base64url}"] if token else ["chat"]
    place = "subprotocol" if token else "none"
    return json.dumps(
        {
            "schema": "1",
            "protocol": "chat",
            "version": "2.1",
            "accepts": ">=2.0,<3",
            "handshake": {"subprotocols": offers, "selected": offers[0], "token_in": place},
            "messages": {"welcome": {"type": "connected"}},
            "probe": probe,
        }
    )


def link(**changed: Any) -> dict[str, Any]:
    said = {"client": "web", "server": "api", "contract": CHAT, "path": "/ws"}
    return said | {"token": {"env": "SKEWCHECK_CHAT_TOKEN"}} | changed


def services(**api: Any) -> dict[str, Any]:
    known: dict[str, Any] = manifest()["services"]
    return known | {"api": known["api"] | api}


@dataclass
class Talking:
    """All is well, until a test says otherwise; the contract is the head's."""

    written: dict[str, Any] = field(default_factory=dict)
    token: bool = True
    probe: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        told = {"links": {"chat": link()}} | self.written
        self.acme = Acme(written=manifest(**told))
        self.build = self.commit(contract(token=self.token, **self.probe))
        self.acme.run("web", self.build)
        self.acme.run("api", self.build)

    @property
    def world(self) -> FakeWorld:
        return self.acme.world

    def commit(self, file: str) -> BuildSha:
        return self.acme.commit({CHAT: file}, "Chat anew")

    def split(self) -> None:
        """The api's traffic goes to two revisions, each with a tag URL of its own."""
        targets = [
            Target(revision=f"api-{number}", percent=50, tag=f"r{number}", url=self.tag(number))
            for number in (2, 1)
        ]
        self.acme.run("api", self.build, self.acme.old, targets=targets)

    def tag(self, number: int) -> str:
        return f"https://r{number}---api-x.a.run.app"

    def tagged(self) -> CandidateWanted:
        """The next server build, tagged and without traffic, at its own URL."""
        following = self.commit(contract(token=self.token, **self.probe))
        targets = [
            Target(revision="api-1", percent=100),
            Target(revision="api-2", percent=0, tag="c-1", url=TAG_URL),
        ]
        self.acme.run("api", self.build, targets=targets)
        return CandidateWanted(service="api", named=str(following), url=TAG_URL)

    def probes(self, *candidates: CandidateWanted, **wanted: Any) -> Probes:
        doors, loaded = self.world.doors(), self.acme.loaded()
        survey = take_survey(doors, loaded, candidates)
        return take_probes(doors, loaded.rules, survey, ProbeWanted(**wanted))

    def chat(self, *candidates: CandidateWanted, **wanted: Any) -> LinkProbe:
        [only] = self.probes(*candidates, **wanted).links
        return only

    @property
    def asked(self) -> list[tuple[ProbeRequest, Secret | None]]:
        return self.world.prober.asked

    def breaks(self, *places: str) -> None:
        """Whoever has a real token is closed politely there, before any welcome."""
        self.world.prober.answers = lambda request: (
            closed(spoken=request.script)
            if request.target.place in places and not request.variant.is_harmless
            else None
        )

    def healthy(self, body: dict[str, str]) -> None:
        """What the api's health document says."""
        reply = Reply(body=json.dumps(body).encode())
        for base in (API, API_ORIGIN, TAG_URL, self.tag(1), self.tag(2)):
            self.acme.answer(f"{base}/health", reply)


__all__ = [
    "API", "APP", "EXERCISE", "HEALTH", "TAG_URL", "TOKEN", "Talking", "contract", "link",
    "services",
]  # fmt: skip
