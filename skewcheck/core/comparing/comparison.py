"""Two environments held side by side: services, links, and all that could not be learnt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from skewcheck.core.build import BuildSha
from skewcheck.core.comparing.questions import Builds, ContractPair
from skewcheck.core.history import Commit, Relation
from skewcheck.core.live import Live
from skewcheck.core.question import Exit, Sources
from skewcheck.core.survey import ContractReading, Promise, PromiseUnreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Commits:
    """How many there are, at least where `more` is set, and the newest of them."""

    count: int = 0
    more: bool = False
    newest: tuple[Commit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What lies between two builds: `relation` is that of the first to the second; the commits
    are those that touch `paths`, if there are any."""

    builds: Builds
    relation: Relation
    only_first: Commits = field(default_factory=Commits)
    only_second: Commits = field(default_factory=Commits)
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One service in one environment; `live` is None where nobody looked."""

    promise: Promise | PromiseUnreadable | None
    live: tuple[Live, ...] | None = None

    @property
    def promised(self) -> BuildSha | None:
        return self.promise.build if isinstance(self.promise, Promise) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceComparison:
    """`first` or `second` is None where that environment has no such service; `between` is by
    `promised` and, where that is another pair of builds, `live`."""

    name: str
    owner: str
    first: Standing | None
    second: Standing | None
    between: Mapping[str, Between] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        if self.first is None or self.second is None:
            return True
        promised = (self.first.promised, self.second.promised)
        live = (_builds(self.first), _builds(self.second))
        return (None not in promised and promised[0] != promised[1]) or (
            None not in live and live[0] != live[1]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractComparison:
    """One side of a link at two builds; `commits` changed the contract, the newest first."""

    pair: ContractPair
    first: ContractReading
    second: ContractReading
    told: tuple[str, ...]
    commits: tuple[Commit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkComparison:
    """`only_in` names the environment that alone has it, else it is empty."""

    name: str
    owner: str
    only_in: str = ""
    contracts: tuple[ContractComparison, ...] = ()

    @property
    def differs(self) -> bool:
        return bool(self.only_in) or any(each.told for each in self.contracts)


@dataclass(frozen=True, slots=True)
class NotLearnt:
    """Something that nobody could tell, and what would change that."""

    subject: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`looked` is False where only promises were compared."""

    first: str
    second: str
    at: datetime
    looked: bool
    sources: tuple[Sources, Sources]
    services: tuple[ServiceComparison, ...]
    links: tuple[LinkComparison, ...]
    unknown: tuple[NotLearnt, ...] = ()

    @property
    def differs(self) -> bool:
        return any(each.differs for each in self.services) or any(
            each.differs for each in self.links
        )

    def exit(self, *, by_difference: bool) -> Exit:
        """A known difference outranks an unknown, as a block does."""
        if by_difference and self.differs:
            return Exit.BLOCK
        return Exit.INCONCLUSIVE if self.unknown else Exit.PASS

    def environments(self) -> Iterator[str]:
        return iter((self.first, self.second))


def _builds(standing: Standing) -> frozenset[object] | None:
    """Everything that is live, where all of it is known."""
    builds = frozenset(live.build for live in standing.live or ())
    return None if None in builds or not builds else builds
