"""What a probe says and waits for: a contract's wire format as plain values, and its variants."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from skewcheck.core.contract import Contract
from skewcheck.core.wire.secret import wants_token

Message: TypeAlias = dict[str, Any]
TokenPlace: TypeAlias = str  # subprotocol, authorization, cookie:NAME, query:NAME, first-message


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A conversation that must work end to end; `expects` are the types of its events."""

    send: Message
    expects: tuple[str, ...]
    within_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Texts hold `{token}` where the token goes. `selected` None means: must select none."""

    offers: tuple[str, ...] = ()
    selected: str | None = None
    token_in: TokenPlace = "none"
    opens_with: tuple[Message, ...] = ()
    welcome: Message | None = None
    welcome_within_s: float = 5.0
    ignore: tuple[Message, ...] = ()
    exercise: Exercise | None = None

    @property
    def needs_token(self) -> bool:
        return self.token_in != "none"


def script_of(contract: Contract) -> Script:
    """How a client of that contract speaks, and what its server owes it."""
    handshake, messages, probe = contract.handshake, contract.messages, contract.probe
    asked = probe.exercise
    return Script(
        offers=handshake.subprotocols,
        selected=handshake.selected,
        token_in=handshake.token_in,
        opens_with=messages.opens_with,
        welcome=messages.welcome,
        welcome_within_s=probe.welcome_within.total_seconds(),
        ignore=probe.ignore,
        exercise=None
        if asked is None
        else Exercise(
            send=asked.send, expects=asked.expects, within_s=asked.within.total_seconds()
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One deviation from what a browser of that format does, to tell causes apart.

    `auth` moves the token; `without` leaves request headers out (lower case; `upgrade` leaves
    `connection` out too, as a proxy that does not forward upgrades does); `speaks` changes when
    the first message goes out; `holds` keeps the connection for `hold_s` seconds after the
    welcome; `control` is the negative control, a wrong format with a made-up token; `made_up` is
    that token in the right format.
    """

    auth: Literal["", "header", "subprotocol"] = ""
    without: tuple[str, ...] = ()
    speaks: Literal["", "at-once", "after-welcome"] = ""
    holds: Literal["", "silent", "pinging"] = ""
    hold_s: float = 0.0
    control: bool = False
    made_up: bool = False
    exercise: bool = False

    @property
    def is_harmless(self) -> bool:
        """Whether it carries no real token."""
        return self.control or self.made_up

    def __str__(self) -> str:
        told = [
            f"token in the {self.auth}" if self.auth else "",
            *(f"without {name.title()}" for name in self.without),
            f"speaks {self.speaks}" if self.speaks else "",
            f"{self.holds} for {self.hold_s:g} s" if self.holds else "",
            "wrong format, made-up token" if self.control else "",
            "made-up token" if self.made_up else "",
            "exercise" if self.exercise else "",
        ]
        return ", ".join(part for part in told if part) or "as a browser"


AS_A_BROWSER = Variant()
WRONG_OFFER = "skewcheck-negative-control"
MADE_UP_TOKEN = "skewcheck-made-up-token"
# The commonest way to put a token where a browser can: a marker, and the token in base64url.
_USUAL_OFFERS = ("jwt-auth", "jwt.{token:base64url}")
_NUDGE: Message = {"type": "ping"}


def vary(script: Script, variant: Variant) -> Script:
    """The script that a probe of that variant follows."""
    if variant.control:
        return _wrong(script)
    if variant.auth == "header":
        return _with_token_in_header(script)
    if variant.auth == "subprotocol":
        usual = replace(script, offers=_USUAL_OFFERS, selected=_USUAL_OFFERS[0])
        return replace(usual, token_in="subprotocol")  # noqa: S106 - a place
    if variant.speaks == "at-once" and not script.opens_with:
        return replace(script, opens_with=(next(iter(script.ignore), _NUDGE),))
    return script


def can_be_wrong(script: Script) -> bool:
    """Whether the format has anything that a wrong one could differ in."""
    return bool(script.offers or script.needs_token or script.opens_with)


def _with_token_in_header(script: Script) -> Script:
    """What carried the token is not offered any more, so it cannot be selected either."""
    plain = tuple(offer for offer in script.offers if not wants_token(offer))
    selected = script.selected if script.selected in plain else next(iter(plain), None)
    return replace(script, offers=plain, selected=selected, token_in="authorization")  # noqa: S106


def _wrong(script: Script) -> Script:
    """Nothing in it is what the contract says, and the token opens nothing."""
    offers = (WRONG_OFFER,) if script.offers else ()
    if script.token_in == "subprotocol":
        offers = (*offers, f"{WRONG_OFFER}.{{token:base64url}}")
    opens = ({"type": WRONG_OFFER},) if script.opens_with else ()
    return replace(script, offers=offers, selected=WRONG_OFFER if offers else None,
                   opens_with=opens, exercise=None)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a probe goes: `url` is http(s), path included; `revision` where it surely reaches one.

    `build` is what runs there, for people.
    """

    place: Literal["edge", "direct", "candidate"]
    url: str
    revision: str = ""
    build: str = ""

    def __str__(self) -> str:
        if self.place == "candidate":
            return "the candidate"
        if self.place == "edge":
            return "the edge"
        return f"revision {self.revision} directly" if self.revision else "the origin directly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each part of a handshake may take, in seconds."""

    connect_s: float = 5.0
    tls_s: float = 5.0
    answer_s: float = 10.0
    close_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """One probe, whole: where to, as which page, and what to say. `id` travels as User-Agent."""

    id: str
    target: Target
    origin: str
    script: Script
    variant: Variant = AS_A_BROWSER
    patience: Patience = field(default_factory=Patience)
