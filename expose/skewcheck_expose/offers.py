"""What a client offered in its opening request, read once from whatever the server hands over.

Anything in an offer may be a token, so none of it is shown by `repr`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

# Short, and nothing but digits, dots and PEP 440's few words: no token that could matter fits in.
_VERSION = re.compile(
    r"(?=.{1,32}$)[0-9]{1,6}(\.[0-9]{1,6}){0,4}((a|b|rc|\.post|\.dev)[0-9]{1,6}){0,3}"
)
ANNOUNCEMENT = "skewcheck"

Pairs = tuple[tuple[str, str], ...]
Announced = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`headers` have lower-case names; `query` and `cookies` are decoded, in order."""

    subprotocols: tuple[str, ...] = field(default=(), repr=False)
    headers: Pairs = field(default=(), repr=False)
    cookies: Pairs = field(default=(), repr=False)
    query: Pairs = field(default=(), repr=False)

    def announced(self) -> Announced:
        """The versions that the client says it speaks, by protocol: `?skewcheck=chat/2.1`."""
        said = (value.rpartition("/") for name, value in self.query if name == ANNOUNCEMENT)
        return {protocol: version for protocol, _, version in said if _VERSION.fullmatch(version)}


def read_offer(
    headers: Iterable[tuple[str, str]], query: str, subprotocols: Iterable[str] | None = None
) -> Offer:
    """`subprotocols` where the server has taken them apart already."""
    pairs = tuple((name.lower(), value) for name, value in headers)
    if subprotocols is None:
        subprotocols = _all(pairs, "sec-websocket-protocol", ",")
    cookies = (each.partition("=") for each in _all(pairs, "cookie", ";"))
    return Offer(
        subprotocols=tuple(each for each in subprotocols if each),
        headers=pairs,
        cookies=tuple((name.strip(), value.strip()) for name, _, value in cookies),
        query=_decoded(query),
    )


def _all(headers: Pairs, wanted: str, separator: str) -> list[str]:
    lists = (value.split(separator) for name, value in headers if name == wanted)
    return [each.strip() for values in lists for each in values]


def _decoded(query: str) -> Pairs:
    """What is not UTF-8 becomes a replacement character, which no token can hold."""
    return tuple(parse_qsl(query, keep_blank_values=True))
