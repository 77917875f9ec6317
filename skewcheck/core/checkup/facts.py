"""What the doctor has looked at, before anyone judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from skewcheck.core.answer import HttpRead
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.exposed.health_document import Health
from skewcheck.core.load_balancing import UrlMap
from skewcheck.core.question import Sources
from skewcheck.core.reading import Unreadable
from skewcheck.core.survey import Survey


class Wanted(StrEnum):
    """What is to work: what the manifest asks for, reading alone, redeploying too, or the service
    with Slack as well."""

    NEEDED = "needed"
    READ = "read"
    REDEPLOY = "redeploy"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something cannot be had, and what mends it. `undecided` says that it may well be had,
    and only nobody could try it."""

    why: str
    fix: str
    undecided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSeen:
    """Whom Slack takes us for; `scopes` is None where it does not say."""

    team: str
    bot: str
    scopes: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFacts:
    """`stand_in` is the endpoint that plays Google, empty where Google is asked itself; `identity`
    None where nobody had to ask.

    `is_shared` says that the state is in a database, else it is in the folder `place`; `goes_with`
    what this machine's disk goes away with, if it does. `slack` is None where there is no token.
    """

    stand_in: str
    identity: str | Unreadable | None
    place: str
    is_shared: bool
    goes_with: str
    state: Trouble | None
    slack: SlackSeen | Trouble | None
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentFacts:
    """`is_on_google` says that anything is; `no_sign_in` is why Google was asked nothing, None
    where it was asked, as `member`.

    `tokens` are by link: None is one that can be had, and a link that names none is absent.
    `clocks` are answers that may carry a date; `remote` and `default_branch` are those of the
    manifest's own repository.
    """

    survey: Survey
    sources: Sources
    is_on_google: bool = True
    member: str = ""
    no_sign_in: Unreadable | None = None
    grants: Mapping[Resource, frozenset[str] | Unreadable] = field(default_factory=dict)
    url_maps: Mapping[str, tuple[UrlMap, ...] | Unreadable] = field(default_factory=dict)
    health: Mapping[str, Health | Unreadable] = field(default_factory=dict)
    tokens: Mapping[str, Trouble | None] = field(default_factory=dict)
    policy_ref_given: bool = False
    remote: str | None = None
    default_branch: str | None = None
    clocks: tuple[HttpRead, ...] = ()
