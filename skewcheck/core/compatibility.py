"""Can a client build talk to a server build? Three answers, and the sentence that says why.

The rule: the server's `accepts` contains the client's version, else protocol-skew; where the
server knows a fingerprint for that version it equals the client's, else format-skew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from skewcheck.core.contract import Contract
from skewcheck.core.findings import Code
from skewcheck.core.reading import ProtocolClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one build speaks and accepts on one protocol; `formats` includes its own version.

    `accepts` is None and a fingerprint missing only where a running build did not say.
    """

    protocol: str
    version: Version
    accepts: SpecifierSet | None
    formats: Mapping[str, str] = field(default_factory=dict)
    subprotocols: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return self.format_of(self.version)

    def format_of(self, version: Version) -> str:
        """The fingerprint known for a version, else empty; 2.1 and 2.1.0 are one (PEP 440)."""
        exact = self.formats.get(str(version), "")
        same = (known for text, known in self.formats.items() if Version(text) == version)
        return exact or next(same, "")


def terms_of_contract(contract: Contract) -> Terms:
    others = {
        text: known for text, known in contract.formats.items() if Version(text) != contract.version
    }
    return Terms(
        protocol=contract.protocol,
        version=contract.version,
        accepts=contract.accepts,
        formats={**others, str(contract.version): contract.fingerprint},
        subprotocols=contract.handshake.subprotocols,
    )


def terms_of_claim(claim: ProtocolClaim) -> Terms | None:
    """What a running build says of itself; None where its version or range is none."""
    try:
        version = Version(claim.version)
        accepts = SpecifierSet(claim.accepts) if claim.accepts else None
    except (InvalidVersion, InvalidSpecifier):
        return None
    if accepts is not None and not len(accepts):
        return None  # "," parses as the range that contains everything
    formats = {str(version): claim.fingerprint} if claim.fingerprint else {}
    return Terms(protocol=claim.name, version=version, accepts=accepts, formats=formats)


class Fit(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compatibility:
    """`code` names the kind of NO or UNKNOWN; `sentence` holds both sides' values."""

    fit: Fit
    sentence: str
    code: Code | None = None


def compare(client: Terms, server: Terms) -> Compatibility:
    """A live pre-release counts as "already present" (PEP 440): it is not filtered out."""
    if client.protocol != server.protocol:
        told = f"client's contract is of {client.protocol}, server's of {server.protocol}"
        return Compatibility(Fit.UNKNOWN, told, Code.CONTRACT_INVALID)
    if server.accepts is None:
        return Compatibility(
            Fit.UNKNOWN, "the server does not say which versions it accepts", Code.CONTRACT_MISSING
        )
    if not server.accepts.contains(client.version, prereleases=True):
        told = f"client speaks {client.version}, server accepts {write_range(server.accepts)}"
        return Compatibility(Fit.NO, told, Code.PROTOCOL_SKEW)
    known = server.format_of(client.version)
    if known and client.fingerprint and known != client.fingerprint:
        return Compatibility(Fit.NO, _format_sentence(client, server, known), Code.FORMAT_SKEW)
    return _accepted(client, known)


def _accepted(client: Terms, known: str) -> Compatibility:
    if known and not client.fingerprint:
        told = f"both say {client.version}, but the client does not say in which format"
        return Compatibility(Fit.UNKNOWN, told, Code.CONTRACT_MISSING)
    if known:
        return Compatibility(Fit.YES, f"{client.version} in the same format")
    return Compatibility(Fit.YES, f"{client.version}, vouched for by accepts")


def _format_sentence(client: Terms, server: Terms, known: str) -> str:
    told = (
        f"both say {client.version}, but the format differs:"
        f" client {brief(client.fingerprint)}, server {brief(known)}"
    )
    if client.subprotocols != server.subprotocols and client.version == server.version:
        offers = f" (client offers {list(client.subprotocols)}, server {list(server.subprotocols)})"
        return told + offers.replace("'", "")
    return told


def write_range(accepts: SpecifierSet) -> str:
    """Lower bounds first, as people write ranges; packaging sorts them as text."""
    order = (">=", ">", "~=", "==", "===", "<", "<=", "!=")
    return ",".join(map(str, sorted(accepts, key=lambda each: order.index(each.operator))))


def brief(fingerprint: str) -> str:
    """A fingerprint for people: the scheme and eight digits."""
    return fingerprint[: len("sha256:") + 8]
