"""The opening request as a browser sends it, with templates where the token goes."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from skewcheck.core.wire.script import ProbeRequest, Script, vary
from skewcheck.core.wire.secret import Secret, fill

_BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36"
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NAMED = re.compile(r"(cookie|query):(.+)")
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Everything of the request but `Sec-WebSocket-Key`, filled with the token.

    `offers` are the subprotocols one by one, as in the header.
    """

    target: str
    headers: tuple[tuple[str, str], ...]
    offers: tuple[str, ...]


def write_opening(request: ProbeRequest, token: Secret | None, agent: str) -> Opening:
    """`agent` names this program and its version; the probe's id stands behind it."""
    script = vary(request.script, request.variant)
    offers = tuple(fill(offer, token) for offer in script.offers)
    dropped = set(request.variant.without)
    if "upgrade" in dropped:
        dropped.add("connection")
    headers = (
        ("Host", _host(request.target.url)),
        ("Connection", "Upgrade"),
        ("Pragma", "no-cache"),
        ("Cache-Control", "no-cache"),
        ("User-Agent", f"{_BROWSER} {agent} (probe {request.id})"),
        ("Upgrade", "websocket"),
        ("Origin", request.origin),
        ("Sec-WebSocket-Version", "13"),
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ("Accept-Language", "en-US,en;q=0.9"),
        ("Sec-WebSocket-Protocol", ", ".join(offers)),
        *_carrying(script, token),
    )
    return Opening(
        target=_target(request.target.url, script, token),
        headers=tuple((n, v) for n, v in headers if v and n.lower() not in dropped),
        offers=() if "sec-websocket-protocol" in dropped else offers,
    )


def why_unsendable(offers: tuple[str, ...]) -> str:
    """Why `new WebSocket` throws SyntaxError; empty where it does not (WHATWG WebSockets §3.1).

    Each offer must be a token of RFC 9110 §5.6.2, and none may come twice.
    """
    for number, offer in enumerate(offers, start=1):
        if not _TOKEN.fullmatch(offer):
            wrong = next((char for char in offer if not _TOKEN.fullmatch(char)), "")
            what = f"has the character {wrong!r}" if wrong else "is empty"
            return f"subprotocol {number} of the offer {what}"
    if len(set(offers)) < len(offers):
        return "a subprotocol is offered twice"
    return ""


def _carrying(script: Script, token: Secret | None) -> tuple[tuple[str, str], ...]:
    if script.token_in == "authorization" and token is not None:
        return (("Authorization", f"Bearer {token.reveal}"),)
    where = _NAMED.fullmatch(script.token_in)
    if where and where[1] == "cookie" and token is not None:
        return (("Cookie", f"{where[2]}={token.reveal}"),)
    return ()


def _host(url: str) -> str:
    """As browsers write it: in lower case, and without the port that goes without saying."""
    parts = urlsplit(url)
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    is_usual = parts.port in {None, _USUAL_PORTS.get(parts.scheme)}
    return name if is_usual else f"{name}:{parts.port}"


def _target(url: str, script: Script, token: Secret | None) -> str:
    parts = urlsplit(url)
    where = _NAMED.fullmatch(script.token_in)
    carrying = ""
    if where and where[1] == "query" and token is not None:
        carrying = f"{quote(where[2], safe='')}={quote(token.reveal, safe='')}"
    query = "&".join(part for part in (parts.query, carrying) if part)
    return f"{parts.path or '/'}?{query}" if query else parts.path or "/"
