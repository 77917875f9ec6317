"""The manifest: what one environment should run, as git says it. DESIGN names every key.

These models hold what was written, and answer with `defaults` and `policy` applied; reading YAML
with its positions is core/documents.py, rules between parts are core/manifest_rules.py.
"""

from datetime import timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from skewcheck.core.fields import (
    Document,
    Duration,
    Flag,
    Line,
    Name,
    Read,
    RepositoryPath,
    UrlPath,
    WebAddress,
    may_be_empty,
    not_empty,
    text,
    whole_number,
)
from skewcheck.core.policy import Approvals, Enforce, Freeze, Override, Policy

__all__ = [
    "Approvals", "CloudCdn", "CloudRun", "CloudRunDefaults", "Defaults", "Deploy", "Edge",
    "Enforce", "Freeze", "FullSha", "GitRef", "Health", "Link", "Manifest", "Override", "Owner",
    "PageRule", "Policy", "ProbeRule", "Service", "Static", "Token", "Witness",
]  # fmt: skip


def _read_full_sha(written: str) -> str:
    if len(written) != 40 or not set(written) <= set("0123456789abcdef"):
        raise ValueError("not a full 40-digit git SHA; `git rev-parse` prints the full one")
    return written


FullSha = Annotated[
    str, Read(str, _read_full_sha, {"type": ["string", "number"], "pattern": "^[0-9a-f]{40}$"})
]
GitRef = Annotated[
    str, text(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._/-]*", "not a git branch, tag or commit")
]
Repository = Annotated[
    str, text(r"(?!.*::)[^\s:-][^\s]*", "not a path or a git URL of a repository")
]
Image = Annotated[
    str,
    text(r"[^\s{}]+\{build\}[^\s{}]*", "must hold {build}, and nothing else in braces"),
]
EnvironmentVariable = Annotated[
    str, text(r"[A-Za-z_][A-Za-z0-9_]*", "not the name of an environment variable")
]
Witness = Literal["control-plane", "origin", "edge", "page"]


class CloudRunDefaults(Document):
    project: Line = ""
    region: Line = ""
    regions: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _names_regions_once(self) -> Self:
        if self.region and self.regions:
            raise ValueError("has both `region` and `regions`")
        return self

    @property
    def all_regions(self) -> tuple[str, ...]:
        return self.regions or ((self.region,) if self.region else ())


class CloudRun(CloudRunDefaults):
    service: Line = ""


class CloudCdn(Document):
    project: Line = ""
    url_map: Line = ""
    host: Line = ""
    invalidate: tuple[UrlPath, ...] = ()
    invalidate_tags: tuple[Line, ...] = ()


class Defaults(Document):
    cloud_run: CloudRunDefaults = Field(default_factory=CloudRunDefaults)
    cloud_cdn: CloudCdn = Field(default_factory=CloudCdn)


class Static(Document):
    """Something that we do not run: judged by edge and page."""

    model_config = ConfigDict(json_schema_extra=may_be_empty)


class Deploy(Document):
    image: Image | None = None
    cloud_build_trigger: Line | None = None

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if (self.image is None) == (self.cloud_build_trigger is None):
            raise ValueError("needs exactly one of `image` and `cloud_build_trigger`")
        return self


class Edge(Document):
    cloud_cdn: CloudCdn


class PageRule(Document):
    path: UrlPath = "/"
    must_contain: tuple[Line, ...] = ()


class Health(Document):
    path: UrlPath
    requires: tuple[Line, ...] = ()


class Owner(Document):
    team: Line = ""
    slack: Line = ""

    def __str__(self) -> str:
        return f"{self.team} ({self.slack})" if self.team and self.slack else self.team + self.slack


class Service(Document):
    build: FullSha | None = None
    ref: GitRef | None = None
    paths: tuple[RepositoryPath, ...] = ()
    repository: Repository = "."
    url: WebAddress
    version_path: UrlPath | None = None
    static: Static | None = None
    cloud_run: CloudRun | None = None
    deploy: Deploy | None = None
    edge: Edge | None = None
    page: PageRule | None = None
    health: Health | None = None
    lingers: Duration | None = None
    witnesses: Annotated[tuple[Witness, ...], AfterValidator(not_empty)] | None = None
    owner: Owner = Field(default_factory=Owner)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.build is None) == (self.ref is None):
            raise ValueError("needs exactly one of `build` and `ref`: what should run")
        if self.paths and self.ref is None:
            raise ValueError("`paths` narrows a `ref`; with `build` it has no meaning")
        if (self.static is None) == (self.cloud_run is None):
            raise ValueError("needs exactly one of `cloud_run` and `static`: who runs it")
        return self


class Token(Document):
    env: EnvironmentVariable | None = None
    command: tuple[Line, ...] = ()
    google_id_token: Line | None = None

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if sum(bool(each) for each in (self.env, self.command, self.google_id_token)) != 1:
            raise ValueError("needs exactly one of `env`, `command` and `google_id_token`")
        return self


class ProbeRule(Document):
    in_gate: Flag = True
    handshakes: Annotated[int, whole_number(least=1)] = 5
    exercise_in_gate: Flag = False
    cold_start: Duration = timedelta(seconds=60)


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
    probe: ProbeRule = Field(default_factory=ProbeRule)

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
    policy: Policy = Field(default_factory=Policy)
    overrides: tuple[Override, ...] = Field((), json_schema_extra=may_be_empty)
    defaults: Defaults = Field(default_factory=Defaults)
    services: dict[Name, Service] = Field(default_factory=dict, json_schema_extra=may_be_empty)
    links: dict[Name, Link] = Field(default_factory=dict, json_schema_extra=may_be_empty)

    def clients(self) -> frozenset[str]:
        """Services that are the client of some link: old builds of them may linger."""
        return frozenset(link.client for link in self.links.values())

    def cloud_run_of(self, service: str) -> tuple[tuple[str, str, str], ...]:
        """(project, region, service) once per region, defaults applied; empty where static."""
        own, default = self.services[service].cloud_run, self.defaults.cloud_run
        if own is None:
            return ()
        project, name = own.project or default.project, own.service or service
        regions = own.all_regions or default.all_regions
        return tuple((project, region, name) for region in regions)

    def cloud_cdn_of(self, service: str) -> CloudCdn | None:
        """Defaults applied, the host of the service's URL included; None where it has no edge."""
        promise, default = self.services[service], self.defaults.cloud_cdn
        if promise.edge is None:
            return None
        written = promise.edge.cloud_cdn.model_dump(exclude_unset=True)
        host = {"host": host_of(promise.url)} if not default.host else {}
        return default.model_copy(update=host | written)

    def lingers_of(self, service: str) -> timedelta:
        """How long an old build of that service may live on in its users' browsers."""
        own = self.services[service].lingers
        return self.policy.lingers if own is None else own

    def hosts(self) -> frozenset[str]:
        """All hosts that the manifest names, in lower case and without ports."""
        addresses = [service.url for service in self.services.values()]
        addresses += [link.origin for link in self.links.values() if link.origin]
        cdns = (self.cloud_cdn_of(name) for name in self.services)
        return frozenset(
            {host_of(address) for address in addresses}
            | {cdn.host.lower() for cdn in cdns if cdn is not None}
        )

    def owner_of(self, subject: str) -> str:
        """`web (C012AB)`; both owners of a link; empty where none is named."""
        link = self.links.get(subject)
        names = (link.client, link.server) if link else (subject,)
        owners = (str(self.services[name].owner) for name in names if name in self.services)
        return ", ".join(dict.fromkeys(owner for owner in owners if owner))


def host_of(address: str) -> str:
    """The host of a checked web address, in lower case and without the port."""
    return urlsplit(address).hostname or ""
