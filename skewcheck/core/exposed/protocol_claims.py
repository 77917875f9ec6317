"""The `protocols` that a build claims in its version document, read without any guessing."""

from skewcheck.core.reading import ProtocolClaim
from skewcheck.core.strict_json import Json, describe

_ROLES = ("client", "server", "")
_LONGEST = 200


class MalformedClaimError(ValueError):
    """Says which entry is wrong and how; caught within the core."""


def read_claims(value: Json) -> tuple[ProtocolClaim, ...]:
    """All claims; one wrong entry spoils the list, as a claim we lost would pass for unsaid."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedClaimError(f"protocols is {describe(value)}, expected a list")
    claims = tuple(_claim(entry, f"protocols[{number}]") for number, entry in enumerate(value))
    parties = [(claim.name, claim.role) for claim in claims]
    for number, party in enumerate(parties):
        if party in parties[:number]:
            raise MalformedClaimError(f"protocols[{number}] repeats {party[0]!r}")
    return claims


def _claim(entry: Json, where: str) -> ProtocolClaim:
    if not isinstance(entry, dict):
        raise MalformedClaimError(f"{where} is {describe(entry)}, expected an object")
    words = {
        field: _text(entry.get(field), f"{where}.{field}")
        for field in ("name", "role", "version", "accepts", "fingerprint")
    }
    if not words["name"]:
        raise MalformedClaimError(f"{where}.name is missing")
    if words["role"] not in _ROLES:
        raise MalformedClaimError(f"{where}.role is {words['role']!r}, expected client or server")
    return ProtocolClaim(**words)


def _text(value: Json, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedClaimError(f"{where} is {describe(value)}, expected text")
    if len(value) > _LONGEST or not value.isprintable():
        raise MalformedClaimError(f"{where} is no line of at most {_LONGEST} characters")
    return value.strip()
