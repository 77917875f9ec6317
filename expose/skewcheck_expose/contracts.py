"""A contract as a server needs it: what one protocol's client must say, and what it is owed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from skewcheck_expose.releases import contains, read_release
from skewcheck_expose.templates import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """`selected` None: the server selects no subprotocol. `token_in` is subprotocol, authorization,
    cookie:NAME, query:NAME, first-message or none.
    """

    protocol: str
    version: str
    accepts: str
    fingerprint: str
    formats: Mapping[str, str] = field(default_factory=dict)
    subprotocols: tuple[Template, ...] = ()
    selected: str | None = None
    token_in: str = "none"
    opens_with: tuple[Any, ...] = ()
    welcome: Any = None

    def accepts_version(self, version: str) -> bool | None:
        """None where it cannot be told without all of PEP 440."""
        return True if version == self.version else contains(self.accepts, version)

    def claim(self, role: str) -> dict[str, str]:
        """As a version document lists it."""
        return {
            "name": self.protocol,
            "role": role,
            "version": self.version,
            "accepts": self.accepts,
            "fingerprint": self.fingerprint,
        }


def newest_first(contracts: Iterable[Contract]) -> tuple[Contract, ...]:
    """Versions that are no plain releases come last, in the order given."""
    return tuple(sorted(contracts, key=lambda each: read_release(each.version) or (), reverse=True))


def known(contracts: Contract | Iterable[Contract]) -> tuple[Contract, ...]:
    """One or several, of which there must be some."""
    found = (contracts,) if isinstance(contracts, Contract) else tuple(contracts)
    if not found:
        raise ValueError("no contract to negotiate by")
    return found
