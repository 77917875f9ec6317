"""The manifest: what one environment should run, as git says it. DESIGN names every key.

These models hold what was written; reading YAML with its positions is core/documents.py.
"""

from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from skewcheck.core.fields import Document, Duration, Name, RepositoryPath, UrlPath, read_duration


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http(s) URL with a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("a URL here carries no user, query or fragment")
    return text.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]
FullSha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
GitRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._/-]*$")]
Witness = Literal["control-plane", "origin", "edge", "page"]


class Enforce(Document):
    mode: Literal["block", "observe"] = "block"
    until: date | None = None

    @model_validator(mode="after")
    def _observing_ends(self) -> Self:
        if self.mode == "observe" and self.until is None:
            raise ValueError("observe needs `until`: a date on which it ends by itself")
        return self


class Approvals(Document):
    count: int = Field(0, ge=0)
    by: tuple[str, ...] = ()
    not_requester: bool = True
    expire: Duration = read_duration("15m")


class Freeze(Document):
    from_: str = Field(alias="from")
    to: str
    zone: str
    allow: tuple[str, ...] = ()


class Policy(Document):
    enforce: Enforce = Enforce()
    on_skew: Literal["block", "redeploy"] = "block"
    drift: Literal["notice", "block"] = "notice"
    lingering_skew: Literal["notice", "block"] = "block"
    lingers: Duration = read_duration("12h")
    settle: Duration = read_duration("20m")
    success_target: float = Field(0.90, gt=0, le=1)
    approvals: Approvals = Approvals()
    freeze: tuple[Freeze, ...] = ()
    redeploys_per_day: int = Field(3, ge=0)
    keep_candidates: int = Field(3, ge=0)


class Override(Document):
    """A named person's expiring permission past one finding; who it is comes from the commit."""

    finding: str
    subject: str
    until: date
    reason: str = Field(min_length=1)


class CloudRunDefaults(Document):
    project: str = ""
    region: str = ""
    regions: tuple[str, ...] = ()


class CloudRun(CloudRunDefaults):
    service: str = ""


class CloudCdn(Document):
    project: str = ""
    url_map: str = ""
    host: str = ""
    invalidate: tuple[str, ...] = ()
    invalidate_tags: tuple[str, ...] = ()


class Defaults(Document):
    cloud_run: CloudRunDefaults = CloudRunDefaults()
    cloud_cdn: CloudCdn = CloudCdn()


class Static(Document):
    """Something that we do not run: judged by edge and page."""


class Deploy(Document):
    image: str = ""
    cloud_build_trigger: str = ""


class Edge(Document):
    cloud_cdn: CloudCdn


class PageRule(Document):
    path: UrlPath = "/"
    must_contain: tuple[str, ...] = ()


class Health(Document):
    path: UrlPath
    requires: tuple[str, ...] = ()


class Owner(Document):
    team: str = ""
    slack: str = ""


class Service(Document):
    build: FullSha | None = None
    ref: GitRef | None = None
    paths: tuple[str, ...] = ()
    repository: str = "."
    url: WebAddress
    version_path: UrlPath | None = None
    static: Static | None = None
    cloud_run: CloudRun | None = None
    deploy: Deploy | None = None
    edge: Edge | None = None
    page: PageRule | None = None
    health: Health | None = None
    lingers: Duration | None = None
    witnesses: tuple[Witness, ...] | None = None
    owner: Owner = Owner()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.build is None) == (self.ref is None):
            raise ValueError("needs exactly one of `build` and `ref`: what should run")
        if self.paths and self.ref is None:
            raise ValueError("`paths` narrows a `ref`; with `build` it has no meaning")
        if (self.static is None) == (self.cloud_run is None):
            raise ValueError("needs exactly one of `cloud_run` and `static`: who runs it")
        if self.static is not None and "control-plane" in (self.witnesses or ()):
            raise ValueError("a static service has no control plane to witness")
        return self


class Token(Document):
    env: str = ""
    command: tuple[str, ...] = ()
    google_id_token: str = ""

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if sum(bool(each) for each in (self.env, self.command, self.google_id_token)) != 1:
            raise ValueError("needs exactly one of `env`, `command` and `google_id_token`")
        return self


class ProbeRule(Document):
    in_gate: bool = True
    handshakes: int = Field(5, ge=1)
    exercise_in_gate: bool = False
    cold_start: Duration = read_duration("60s")


class Link(Document):
    client: Name
    server: Name
    transport: Literal["websocket", "http"] = "websocket"
    contract: RepositoryPath | None = None
    client_contract: RepositoryPath | None = None
    server_contract: RepositoryPath | None = None
    assume: RepositoryPath | None = None
    path: UrlPath = "/"
    origin: WebAddress | None = None
    token: Token | None = None
    probe: ProbeRule = ProbeRule()

    @model_validator(mode="after")
    def _names_its_contracts(self) -> Self:
        if self.contract is None and not (self.client_contract and self.server_contract):
            raise ValueError("needs `contract`, or both `client_contract` and `server_contract`")
        if self.client == self.server:
            raise ValueError("client and server are the same service")
        return self

    def contract_path(self, side: Literal["client", "server"]) -> str:
        """Where the contract of that side lies in its own repository."""
        own = self.client_contract if side == "client" else self.server_contract
        return own or self.contract or ""


class Manifest(Document):
    schema_version: Literal["1"] = Field(alias="schema")
    environment: Name
    policy: Policy = Policy()
    overrides: tuple[Override, ...] = ()
    defaults: Defaults = Defaults()
    services: dict[Name, Service] = Field(default_factory=dict)
    links: dict[Name, Link] = Field(default_factory=dict)

    def clients(self) -> frozenset[str]:
        """Services that are the client of some link: old builds of them may linger."""
        return frozenset(link.client for link in self.links.values())
