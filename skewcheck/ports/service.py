"""The doors of the service and of those who look back: shared documents, the chronicle, the audit
trail, Slack, and the processes that carry rollouts out.

All of it stands in the database of SKEWCHECK_STATE_URL, or in files of the state folder. What is
kept may be read by any replica; nothing here is decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from skewcheck.core.slack.message import JsonObject as JsonObject
from skewcheck.core.slack.message import Message as Message
from skewcheck.core.strict_json import Json
from skewcheck.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A document as it stands; each change makes another `revision`."""

    key: str
    value: Json
    revision: int
    at: datetime


class Shelf(Protocol):
    """Small JSON documents by kind and key, shared by all replicas of one project."""

    def read(self, kind: str, key: str) -> Kept | None: ...

    def all(self, kind: str) -> tuple[Kept, ...]:
        """Ordered by key."""
        ...

    def add(self, kind: str, key: str, value: Json, *, at: datetime) -> bool:
        """False, and nothing changed, where it stands there already: of two who add, one does."""
        ...

    def put(self, kind: str, key: str, value: Json, *, at: datetime) -> None:
        """Whatever stood there."""
        ...

    def replace(self, kept: Kept, kind: str, value: Json, *, at: datetime) -> bool:
        """False, and nothing changed, where it is not `kept` any more: of two, one does."""
        ...

    def remove(self, kind: str, key: str) -> None: ...

    def forget(self, kind: str, *, before: datetime) -> None:
        """Removes what was last changed before then."""
        ...

    def take_turn(self, what: str, holder: str, *, now: datetime, lasts: timedelta) -> bool:
        """Whether `what` is `holder`'s to do until `now + lasts`: nobody else's turn is running.
        The holder's own turn is prolonged."""
        ...

    def end_turn(self, what: str, holder: str) -> None: ...


# First look, last look, and what all looks in between saw.
Looks: TypeAlias = tuple[datetime, datetime, Json]


class Chronicle(Protocol):
    """What was live when, of one scope: stretches of time in which every look saw the same."""

    def note(self, scope: str, at: datetime, snapshot: Json, *, gap: timedelta) -> None:
        """Prolongs the newest stretch where the snapshot is the same and the last look is no
        longer than `gap` ago, else begins one. A look that is older than the newest changes
        nothing."""
        ...

    def stretches(self, scope: str, *, since: datetime) -> tuple[Looks, ...]:
        """All whose last look is at or after `since`, the oldest first."""
        ...


class Audit(Protocol):
    """The audit trail of one project: appended, never changed."""

    def append(self, record: Mapping[str, Json]) -> None:
        """`record` has at least `schema`, `at` (RFC 3339), `event` and `environment`. What cannot
        be recorded must not happen: raises SkewcheckError."""
        ...

    def records(self, *, since: datetime) -> tuple[JsonObject, ...]:
        """The oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands; enough to change it."""

    channel: str
    ts: str


class Messenger(Protocol):
    """Slack's Web API. Raises ActionFailedError, with Slack's own error code, where it refuses."""

    def post(self, channel: str, message: Message) -> Posted: ...

    def update(self, posted: Posted, message: Message) -> None: ...

    def answer(self, response_url: str, message: Message) -> None:
        """To the one person who asked; a response URL lives 30 minutes and takes five answers."""
        ...

    def members(self, group: str) -> frozenset[str]:
        """The ids of the users in a user group."""
        ...


class Carriers(Protocol):
    """Processes that carry rollouts out, at most one per environment, each for itself: the engine
    serves one environment in a process."""

    def start(self, environment: str) -> None:
        """Nothing where one is running."""
        ...

    def running(self) -> frozenset[str]: ...

    def ended(self) -> Mapping[str, tuple[int, str]]:
        """Exit code and last words on stderr of those that have ended since the last question."""
        ...

    def stop(self) -> None:
        """All of them, at once; what they were carrying out is for the next to carry on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who looks: an e-mail address as the platform vouches for it."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLetIn:
    why: str


class Logins(Protocol):
    """Verifies what the platform says of a visitor. Never raises for what a visitor sends."""

    def visitor(self, headers: Mapping[str, str]) -> Visitor | NotLetIn:
        """`headers` have lower-case names."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all parts of the service share, opened once. `scope` names the project; `holder` this
    replica; `messenger` is None where Slack is not set up, `channel` where messages go that no
    owner's channel takes."""

    shelf: Shelf
    chronicle: Chronicle
    audit: Audit
    clock: Clock
    scope: str
    holder: str
    messenger: Messenger | None = None
    channel: str = ""
