"""What was found in a project and in its repository, before anything is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.contract import Contract
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.exposed.html_page import PageHtml
from skewcheck.core.load_balancing import HostRoute
from skewcheck.core.reading import DocumentReading, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of a URL map that leads to a service."""

    url_map: str
    to: HostRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one address answered: a version document, its front page, and the paths of sockets
    that the page and its scripts name. `url` carries no path of a document."""

    url: str
    document: DocumentReading
    page: PageHtml | Unreadable
    sockets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBuild:
    """What a revision with traffic was made from; `build` is empty where nothing says it.

    `stranger` says why the repository does not know it, `folders` are those whose last change on
    the ref it is, `is_tip` that it is the ref's newest commit. `without` are the contract files
    that the commit does not have.
    """

    revision: str
    percent: int
    build: str = ""
    named_by: str = ""
    stranger: str = ""
    is_tip: bool = False
    folders: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """One service, in all regions; without a region it is static. `backing` says what a static
    one is, `look` is of the address that answered: its users', else Cloud Run's own."""

    name: str
    regions: tuple[str, ...] = ()
    planes: tuple[ControlPlane | Unreadable, ...] = ()
    backing: str = ""
    routes: tuple[Route, ...] = ()
    live: tuple[LiveBuild, ...] = ()
    look: Look | None = None
    silent: Unreadable | None = None

    @property
    def is_static(self) -> bool:
        return not self.regions

    @property
    def readable(self) -> tuple[ControlPlane, ...]:
        return tuple(each for each in self.planes if isinstance(each, ControlPlane))

    @property
    def unread(self) -> Iterator[Unreadable]:
        return (each for each in self.planes if isinstance(each, Unreadable))

    @property
    def is_page(self) -> bool:
        """Whether browsers get a page from it."""
        seen = self.look is not None and isinstance(self.look.page, PageHtml)
        return seen or bool(self.backing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFile:
    """One file under contracts/; `problem` says why it is none."""

    path: str
    contract: Contract | None
    problem: str = ""
    committed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`ref` is empty where no default branch is known; `blind` says why load balancers could not
    be read."""

    project: str
    services: tuple[ServiceFacts, ...]
    ref: str = ""
    ref_why: str = ""
    contracts: tuple[ContractFile, ...] = ()
    blind: Unreadable | None = None
