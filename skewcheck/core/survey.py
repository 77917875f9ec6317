"""One survey: everything that was read about one environment, before anyone judges it.

Nothing here decides. What could not be read stands here as a value that says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from skewcheck.core.build import Build, BuildSha
from skewcheck.core.compatibility import Terms
from skewcheck.core.contract import Contract
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.evidence.wanted import EvidenceWanted
from skewcheck.core.history import Commit, NotInHistory, Relation
from skewcheck.core.manifest import Manifest, Witness
from skewcheck.core.probed.probes import Probes
from skewcheck.core.reading import DocumentReading, PageReading, Unreadable

Side: TypeAlias = Literal["client", "server"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What git says should run; `since` is when git began to say so, at the latest."""

    build: BuildSha
    since: datetime
    commit: Commit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseUnreadable:
    why: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lingering:
    """A client build that may still live in tabs and caches until `until`, and how we know."""

    build: BuildSha
    why: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginReading:
    """A read past the edge; `revision` is empty for the service's own direct URL."""

    revision: str
    reading: DocumentReading


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSurvey:
    """`beyond` is the same read with a cache-busting query: a hint at most.

    `undeclared` are witnesses that could exist and that the manifest leaves out on purpose.
    """

    name: str
    promise: Promise | PromiseUnreadable | None
    witnesses: frozenset[Witness]
    undeclared: tuple[Witness, ...] = ()
    planes: tuple[ControlPlane | Unreadable, ...] = ()
    origins: tuple[OriginReading, ...] = ()
    edge: DocumentReading | None = None
    beyond: DocumentReading | None = None
    page: PageReading | None = None
    lingering: tuple[Lingering, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractKnown:
    """`assumed` is the path of the file that stands for a contract from before there was one.

    `contract` is the file itself, where there is one to follow on the wire.
    """

    terms: Terms
    contract: Contract | None = None
    assumed: str = ""
    changed: Commit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAbsent:
    why: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractBroken:
    """There is a contract at that commit and it cannot be read."""

    why: str
    fix: str


ContractReading: TypeAlias = ContractKnown | ContractAbsent | ContractBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A build about to be deployed; `reading` is what its URL answered, where one was given.

    `build` is NotInHistory where git does not know the commit that was named.
    """

    service: str
    named: str
    build: BuildSha | NotInHistory
    url: str = ""
    reading: DocumentReading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`builds`, `relations`, `between` and `contracts` hold git's answers on every build seen.

    `relations` and `between` are those of a live build to its service's promise; `doubts` says
    of which repositories, by service or environment, the answers may be old or too short.
    `probes` and `evidence` are None where nobody asked for any.
    """

    environment: str
    at: datetime
    manifest: Manifest
    services: Mapping[str, ServiceSurvey]
    builds: Mapping[tuple[str, Build], Build | NotInHistory] = field(default_factory=dict)
    relations: Mapping[tuple[str, BuildSha], Relation] = field(default_factory=dict)
    between: Mapping[tuple[str, BuildSha], tuple[Commit, ...]] = field(default_factory=dict)
    contracts: Mapping[tuple[str, Side, Build], ContractReading] = field(default_factory=dict)
    doubts: Mapping[str, tuple[NotInHistory, ...]] = field(default_factory=dict)
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    probes: Probes | None = None
    evidence: EvidenceWanted | None = None

    def identify(self, service: str, build: Build) -> Build | NotInHistory:
        """The commit that a name stands for; without any git at hand, the name itself."""
        unknown = NotInHistory(f"{build} is not a commit", "expose the full commit SHA")
        return self.builds.get((service, build), unknown)
