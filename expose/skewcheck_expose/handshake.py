"""Does an opening request have the format of one contract, and which token does it carry?"""

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from skewcheck_expose.contracts import Contract
from skewcheck_expose.offers import Offer, Pairs
from skewcheck_expose.templates import NoTokenError, Template

# Libraries quote a header that they cannot read, token and all: so none may come as far as that.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNDECODABLE = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Fit:
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Misfit:
    """`why` holds nothing that was offered."""

    why: str


Fitting: TypeAlias = Fit | Misfit


def fit(contract: Contract, offer: Offer) -> Fitting:
    """Other subprotocols beside those of the contract do no harm: a client may offer two formats
    at once. Where the contract has none, a browser that offered some would hang up."""
    if not all(map(_NAME.fullmatch, offer.subprotocols)):
        return Misfit("an offered subprotocol is none (RFC 6455 section 4.1)")
    if contract.subprotocols:
        by_subprotocol = _by_subprotocols(contract, offer.subprotocols)
    elif offer.subprotocols:
        return Misfit("subprotocols were offered, expected none")
    else:
        by_subprotocol = Fit()
    if isinstance(by_subprotocol, Misfit) or contract.token_in == "subprotocol":
        return by_subprotocol
    return _by_place(contract.token_in, offer)


def _by_subprotocols(contract: Contract, offered: tuple[str, ...]) -> Fitting:
    names = ", ".join(each.text for each in contract.subprotocols)
    if not offered:
        return Misfit(f"no subprotocol was offered, expected {names}")
    left, tokens = set(offered), set[str]()
    # What is fixed goes first, so that a template with less of it cannot take its place.
    for template in sorted(contract.subprotocols, key=_looseness):
        found = {each for each in left if template.could_be(each)}
        if len(found) != 1:
            amount = "more than once" if found else "not"
            return Misfit(f"subprotocol {template.text} was {amount} offered, expected {names}")
        left -= found
        if template.holds_token:
            try:
                tokens.add(template.token_of(*found))
            except NoTokenError as error:
                return Misfit(f"subprotocol {template.text}: {error}")
    if len(tokens) > 1:
        return Misfit("the offered subprotocols carry different tokens")
    return Fit(next(iter(tokens), None))


def _looseness(template: Template) -> tuple[bool, int]:
    return template.holds_token, -len(template.before) - len(template.after)


def _by_place(place: str, offer: Offer) -> Fitting:
    kind, _, name = place.partition(":")
    match kind:
        case "authorization":
            bearers = (_bearer(value) for key, value in offer.headers if key == kind)
            return _only(list(bearers), "Authorization: Bearer")
        case "cookie":
            return _only(_values(offer.cookies, name), f"the cookie {name}")
        case "query":
            return _only(_values(offer.query, name), f"the query parameter {name}")
        case _:
            return Fit()  # it has none, or sends it in its first message


def _only(found: list[str], where: str) -> Fitting:
    if not any(found):
        return Misfit(f"no token in {where}")
    if len(set(found)) > 1:
        return Misfit(f"more than one token in {where}")
    return Misfit(f"no readable token in {where}") if _UNDECODABLE in found[0] else Fit(found[0])


def _values(pairs: Pairs, wanted: str) -> list[str]:
    return [value for name, value in pairs if name == wanted]


def _bearer(header: str) -> str:
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
