"""How each generation of the backend treats a hello: one table, one row per generation.

A, B, D and T re-enact the history of the software in the incident; `contract` is the one that is
right; `incident` is right until it meets a format it cannot read, and then hides that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from skewcheck.sandbox.programs.handshake import Contract, Hello, decoded, heard

_KNOWN = ("jwt-auth", "jwt", "agent_chat", "e2e-testing")


@dataclass(frozen=True, slots=True)
class Close:
    """A close frame."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer instead of the upgrade."""

    status: int
    text: str


Contracts: TypeAlias = Sequence[Contract]
Greeting: TypeAlias = Literal["welcome", "none", "breaks"]
CLEANUP: Final = Close(1000, "main cleanup")
UNAUTHENTICATED: Final = Close(1008, "Authentication failed")


def _let_in(_hello: Hello, _contracts: Contracts) -> Refusal | None:
    return None


def _refuse_unknown_format(status: int) -> Callable[[Hello, Contracts], Refusal | None]:
    def refuse(hello: Hello, contracts: Contracts) -> Refusal | None:
        if heard(hello, contracts):
            return None
        return Refusal(status, f"{unreadable(contracts)}\n")

    return refuse


def _refuse_unknown_offers(hello: Hello, _contracts: Contracts) -> Refusal | None:
    if not hello.offers or _selects_echo(hello, ()):
        return None
    return Refusal(403, "No supported subprotocols\n")


def _selects_none(_hello: Hello, _contracts: Contracts) -> str | None:
    return None


def _selects_jwt_auth(hello: Hello, _contracts: Contracts) -> str | None:
    if any(offer.startswith("jwt.") for offer in hello.offers):
        return "jwt-auth"
    return next((offer for offer in hello.offers if offer in ("jwt-auth", "jwt")), None)


def _selects_echo(hello: Hello, _contracts: Contracts) -> str | None:
    token = next((offer for offer in hello.offers if offer.startswith("jwt.")), None)
    return token or next((offer for offer in hello.offers if offer in _KNOWN), None)


def _selects_agreed(hello: Hello, contracts: Contracts) -> str | None:
    understood = heard(hello, contracts)
    return understood.contract["handshake"].get("selected") if understood else None


def _selects_something(hello: Hello, contracts: Contracts) -> str | None:
    return _selects_agreed(hello, contracts) or next(iter(hello.offers), None)


def _jwt(hello: Hello, _contracts: Contracts) -> str | None:
    if hello.authorization.startswith("Bearer "):
        return hello.authorization.removeprefix("Bearer ")
    inside = [offer[len("jwt.") :] for offer in hello.offers if offer.startswith("jwt.")]
    return (decoded(inside[0]) or inside[0]) if inside else None


def _ticket(hello: Hello, _contracts: Contracts) -> str | None:
    return (hello.query or {}).get("ticket")


def _agreed_token(hello: Hello, contracts: Contracts) -> str | None:
    understood = heard(hello, contracts)
    return understood.token if understood else None


def unreadable(contracts: Contracts) -> str:
    """What a well-behaved server says to a client whose format it does not speak."""
    spoken = ", ".join(f"{contract['protocol']} {contract['version']}" for contract in contracts)
    expected = contracts[0]["handshake"].get("subprotocols") or ["no subprotocol"]
    return f"this server speaks {spoken}: {', '.join(expected)}; the client speaks another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """How a hello is refused, answered and searched for a token, and how it ends if none is there.

    `contractual` generations tell an unreadable format from a bad token; `deaf_s` is how long one
    must not be spoken to; `answers` is False where no event ever comes. A greeting that `breaks`
    makes the server close as if nothing had happened; `none` keeps it silent.
    """

    refuse: Callable[[Hello, Contracts], Refusal | None] = _let_in
    select: Callable[[Hello, Contracts], str | None] = _selects_none
    token: Callable[[Hello, Contracts], str | None] = _jwt
    no_token: Close = UNAUTHENTICATED
    greeting: Greeting = "welcome"
    answers: bool = True
    contractual: bool = False
    deaf_s: float = 0.0


_CONTRACT: Final = Generation(
    refuse=_refuse_unknown_format(400),
    select=_selects_agreed,
    token=_agreed_token,
    contractual=True,
)
GENERATIONS: Final = {
    "A": Generation(greeting="breaks"),
    "B": Generation(select=_selects_jwt_auth),
    "D": Generation(refuse=_refuse_unknown_offers, select=_selects_echo),
    "T": Generation(token=_ticket),
    "contract": _CONTRACT,
    "contract-426": replace(_CONTRACT, refuse=_refuse_unknown_format(426)),
    "contract-4406": replace(_CONTRACT, refuse=_let_in, no_token=Close(4406, "unreadable")),
    "incident": replace(_CONTRACT, refuse=_let_in, select=_selects_something, no_token=CLEANUP),
    "cleanup-1000": Generation(select=_selects_something, greeting="breaks"),
    "race": replace(_CONTRACT, deaf_s=0.3),
    "silent": replace(_CONTRACT, greeting="none"),
    "eventless": replace(_CONTRACT, answers=False),
}
