"""The transcript: all that happened on the wire in one probe, in order. It judges nothing.

Tokens are masked before anything gets in here; `Echoed` says that the other side had sent one.
`at_s` is seconds since the probe began, by a steady clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import Field

Headers: TypeAlias = tuple[tuple[str, str], ...]
_E = TypeVar("_E")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    kind: Literal["resolved"] = "resolved"
    at_s: float
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotResolved:
    kind: Literal["not-resolved"] = "not-resolved"
    at_s: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """`through` is the proxy that was asked to connect us, without its password."""

    kind: Literal["connected"] = "connected"
    at_s: float
    address: str
    through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotConnected:
    kind: Literal["not-connected"] = "not-connected"
    at_s: float
    detail: str
    through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    kind: Literal["secured"] = "secured"
    at_s: float
    version: str
    cipher: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSecured:
    kind: Literal["not-secured"] = "not-secured"
    at_s: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsendable:
    """A browser throws SyntaxError for such subprotocols: no request leaves (WHATWG WebSockets)."""

    kind: Literal["unsendable"] = "unsendable"
    at_s: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """`offers` are the subprotocols of the request, masked as in its header."""

    kind: Literal["requested"] = "requested"
    at_s: float
    target: str
    headers: Headers
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """An answer such as 103 that announces the real one (RFC 9110 §15.2)."""

    kind: Literal["interim"] = "interim"
    at_s: float
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`body` is the head of what came with an answer that is no upgrade."""

    kind: Literal["answered"] = "answered"
    at_s: float
    status: int
    reason: str
    headers: Headers
    body: str = ""

    def header(self, name: str) -> str | None:
        """All values of a header joined by commas, as RFC 9110 §5.2 has it; None where absent."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The handshake holds by RFC 6455 §4.1; `subprotocol` is empty where none was selected."""

    kind: Literal["opened"] = "opened"
    at_s: float
    subprotocol: str = ""
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpened:
    """A 101 that RFC 6455 §4.1 tells a client to refuse, and why."""

    kind: Literal["not-opened"] = "not-opened"
    at_s: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    kind: Literal["sent"] = "sent"
    at_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A whole message; `text` is None for a binary one; `size` is in bytes, as sent.

    `is_cut` means that only the head of it was kept: it is then matched with nothing.
    """

    kind: Literal["received"] = "received"
    at_s: float
    text: str | None
    size: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A ping or a pong."""

    kind: Literal["control"] = "control"
    at_s: float
    by: Literal["server", "us"]
    frame: Literal["ping", "pong"]
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A close frame; `code` None is an empty one, which a browser reports as 1005."""

    kind: Literal["closed"] = "closed"
    at_s: float
    by: Literal["server", "us"]
    code: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Garbage:
    """Bytes that are no HTTP answer (`opened` False) or no WebSocket frame; `head` shows them.

    `close_code` is what a client owes the server then: 1002 or 1007. With 1009 nothing was wrong
    with them: it was more than a probe takes in, though not more than a browser would.
    """

    kind: Literal["garbage"] = "garbage"
    at_s: float
    opened: bool
    detail: str
    head: str = ""
    close_code: int = 1002


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The TCP connection is over: they ended it (`eof`, `reset`), or we did (`left`)."""

    kind: Literal["ended"] = "ended"
    at_s: float
    how: Literal["eof", "reset", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """We waited as long as we would."""

    kind: Literal["expired"] = "expired"
    at_s: float
    waiting_for: Literal["tls", "answer", "welcome", "events", "close"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoed:
    """The other side sent the token back; `where` says in what."""

    kind: Literal["echoed"] = "echoed"
    at_s: float
    where: str


Event: TypeAlias = Annotated[
    Resolved | NotResolved | Connected | NotConnected | Secured | NotSecured | Unsendable
    | Requested | Interim | Answered | Opened | NotOpened | Sent | Received | Control | Closed
    | Garbage | Ended | Expired | Echoed,
    Field(discriminator="kind"),
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """`id` is what the request's User-Agent carried; `url` is without query and secrets."""

    id: str
    url: str
    started: datetime
    events: tuple[Event, ...]

    def all(self, kind: type[_E]) -> Iterator[_E]:
        return (event for event in self.events if isinstance(event, kind))

    def first(self, kind: type[_E]) -> _E | None:
        return next(self.all(kind), None)

    @property
    def lasted_s(self) -> float:
        return self.events[-1].at_s if self.events else 0.0
