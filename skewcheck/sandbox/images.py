"""Images: what a container image of the sandbox runs and how it behaves, and where to find it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from skewcheck.sandbox.documents import Json


class Runnable(Protocol):
    """What a container needs of its image, whatever is in it."""

    @property
    def program(self) -> str:
        """The module in programs/ that runs it."""

    @property
    def start_failure(self) -> str:
        """Why it will not come up, if the image knows."""

    def settings(self) -> str:
        """Everything the program has to know, as it is handed to the process."""


class Commits(Protocol):
    """Where images are made from commits."""

    def image(self, ref: str) -> Runnable:
        """The image of a commit; raises SandboxError where it cannot be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One build of a frontend or a backend.

    `contract` is the parsed contract file of the build and `fingerprint` its format fingerprint;
    both are only repeated, never checked: an image may lie. `also_speaks` are further contracts
    that a backend understands. `generation` names a row of programs/generations.py.
    `start_failure` is why the container does not come up, `start_delay` how long it takes to. A
    backend lets its first request wait for `cold_start` seconds, and for `warms_up` seconds from
    its start it closes every socket with 1011.
    """

    program: Literal["frontend", "backend"]
    build: str
    environment: str = "staging"
    contract: Mapping[str, Any] | None = None
    fingerprint: str = ""
    also_speaks: tuple[Mapping[str, Any], ...] = ()
    generation: str = "contract"
    path: str = "/ws"
    token: str = ""
    dependencies: Mapping[str, str] = field(default_factory=dict)
    html_headers: Mapping[str, str] = field(
        default_factory=lambda: {"Cache-Control": "public, max-age=3600"}
    )
    version_headers: Mapping[str, str] = field(
        default_factory=lambda: {"Cache-Control": "no-store"}
    )
    version_document: Mapping[str, Any] | None = None
    start_failure: str = ""
    start_delay: float = 0.0
    warms_up: float = 0.0
    cold_start: float = 0.0

    def settings(self) -> str:
        """Everything the program has to know, as it is handed to the process."""
        return json.dumps(asdict(self) | {"version_document": self.document()})

    def document(self) -> Json:
        """What the build says of itself: the given document, or the honest one."""
        if self.version_document is not None:
            return dict(self.version_document)
        return {
            "source": "https://git.acme.example/acme/chat",
            "version": self.build[:7],
            "commit": self.build,
            "build": f"https://build.acme.example/{self.build[:7]}",
            "environment": self.environment,
            "protocols": [self._protocol(self.contract)] if self.contract else [],
        }

    def _protocol(self, contract: Mapping[str, Any]) -> Json:
        said: Json = {
            "name": contract["protocol"],
            "role": "client" if self.program == "frontend" else "server",
            "version": contract["version"],
        }
        if "accepts" in contract:
            said["accepts"] = contract["accepts"]
        return said | ({"fingerprint": self.fingerprint} if self.fingerprint else {})


class Catalogue:
    """The registry: image references and what is behind them."""

    def __init__(self) -> None:
        self._images: dict[str, Image] = {}
        self._digests: dict[str, str] = {}
        self._sources: dict[str, Commits] = {}
        self._commits: dict[str, str] = {}

    def add(self, repository: str, tag: str, image: Image) -> str:
        """Make the image known; its reference, by tag."""
        reference = f"{repository}:{tag}"
        pinned = _pinned(repository, image.settings())
        self._images[pinned] = image
        self._digests[reference] = pinned
        return reference

    def add_source(self, repository: str, source: Commits) -> None:
        """From now on `repository:COMMIT` is that commit of the source, made when first needed."""
        self._sources[repository] = source

    def find(self, reference: str) -> Runnable | None:
        """The image behind a reference by tag or by digest."""
        pinned = self.pin(reference)
        if pinned in self._commits:
            return self._sources[pinned.partition("@")[0]].image(self._commits[pinned])
        return self._images.get(pinned)

    def pin(self, reference: str) -> str:
        """The reference by digest; as it is where nobody knows it."""
        repository, _, commit = reference.partition(":")
        if repository in self._sources:
            pinned = _pinned(repository, commit)
            self._commits[pinned] = commit
            return pinned
        return self._digests.get(reference, reference)


def _pinned(repository: str, content: str) -> str:
    digest = hashlib.sha256(f"{repository}\n{content}".encode()).hexdigest()
    return f"{repository}@sha256:{digest}"
