"""The manifest: what one environment should run, as git says it. DESIGN names every key.

These models hold what was written, and answer with `defaults` and `policy` applied; reading YAML
with its positions is core/documents, rules between parts are core/documents/manifest_rules.py.
"""

from datetime import timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from skewcheck.core.fields import (
    Document,
    Duration,
    Flag,
    Line,
    Name,
    RepositoryPath,
    SocketPath,
    WebAddress,
    may_be_empty,
    text,
    whole_number,
)
from skewcheck.core.policy import Approvals, Enforce, Freeze, Override, Policy
from skewcheck.core.promise import (
    CloudCdn,
    CloudRun,
    CloudRunDefaults,
    Defaults,
    Deploy,
    Edge,
    FullSha,
    GitRef,
    Health,
    Owner,
    PageRule,
    Service,
    Static,
    Witness,
)

__all__ = [
    "Approvals", "CloudCdn", "CloudRun", "CloudRunDefaults", "Defaults", "Deploy", "Edge",
    "Enforce", "Freeze", "FullSha", "GitRef", "Health", "Link", "Manifest", "Override", "Owner",
    "PageRule", "Policy", "ProbeRule", "Service", "Static", "Token", "Witness",
]  # fmt: skip


EnvironmentVariable = Annotated[
    str, text(r"[A-Za-z_][A-Za-z0-9_]*", "not the name of an environment variable")
]


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
    path: SocketPath = "/"
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
