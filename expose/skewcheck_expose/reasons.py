"""What a refused client is told: one line that fits into a close frame and holds no token."""

from collections.abc import Sequence

from skewcheck_expose.contracts import Contract
from skewcheck_expose.offers import Announced

LONGEST = 123  # bytes: RFC 6455 §5.5 leaves 125 for a control frame, two of them for the code
_NAME, _VERSION = 28, 32  # so that both versions always fit


def not_accepted(contracts: Sequence[Contract], said: Announced) -> str:
    """`contracts` are those of the protocols that the client says it speaks."""
    newest = contracts[0]
    same = (each.accepts for each in contracts if each.protocol == newest.protocol)
    ranges = " or ".join(dict.fromkeys(same))
    return clip(f"{_both(newest, said[newest.protocol])}; accepted: {ranges}", LONGEST)


def not_in_format(contract: Contract, version: str | None, why: str) -> str:
    if version is None:
        return clip(f"server speaks {_name(contract)} {_version(contract.version)}; {why}", LONGEST)
    return clip(f"{_both(contract, version)}; {why}", LONGEST)


def another_protocol(contract: Contract) -> str:
    told = f"client speaks another protocol, server {_name(contract)} {_version(contract.version)}"
    return clip(told, LONGEST)


def clip(text: str, longest: int) -> str:
    """At most so many bytes of UTF-8, and no character cut in two."""
    raw = text.encode()
    if len(raw) <= longest:
        return text
    return raw[: longest - len("…".encode())].decode("utf-8", "ignore") + "…"


def _both(contract: Contract, version: str) -> str:
    return f"client speaks {_name(contract)} {version}, server {_version(contract.version)}"


def _name(contract: Contract) -> str:
    return clip(contract.protocol, _NAME)


def _version(version: str) -> str:
    return clip(version, _VERSION)
