"""Reading an opening request: what the client offers, and whether that fits a contract."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

Contract: TypeAlias = Mapping[str, Any]
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_PLACEHOLDER = re.compile(r"\{token(?::(raw|base64url))?\}")


@dataclass(frozen=True, slots=True)
class Hello:
    """What the client said before the server answered."""

    offers: tuple[str, ...] = ()
    authorization: str = ""
    cookies: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A hello that fits a contract, and the token in it; empty where there was none."""

    contract: Contract
    token: str


def hello(target: str, headers: Iterable[tuple[str, str]]) -> Hello:
    """The opening request, taken apart."""
    fields: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    offered = fields.get("sec-websocket-protocol", "").split(",")
    trace = fields.get("traceparent", "").split("-")
    return Hello(
        offers=tuple(offer.strip() for offer in offered if offer.strip()),
        authorization=fields.get("authorization", ""),
        cookies={name: m.value for name, m in SimpleCookie(fields.get("cookie", "")).items()},
        query=dict(parse_qsl(urlsplit(target).query)),
        trace=trace[1] if len(trace) > 1 else "",
    )


def heard(said: Hello, contracts: Iterable[Contract]) -> Heard | None:
    """The first contract that the hello fits; none means nobody here can read it."""
    for contract in contracts:
        token = _token(said, contract["handshake"])
        if token is not None:
            return Heard(contract, token)
    return None


def subprotocol_token(templates: Iterable[str], offers: Iterable[str]) -> str | None:
    """The token in the offers; empty where no template has one; none if a template is unmet."""
    remaining = list(offers)
    literal = [template for template in templates if not _PLACEHOLDER.search(template)]
    if not set(literal) <= set(remaining):
        return None
    remaining = [offer for offer in remaining if offer not in literal]
    token = ""
    for template in templates:
        if _PLACEHOLDER.search(template):
            found = [text for offer in remaining if (text := read(template, offer)) is not None]
            if not found:
                return None
            token = found[0]
    return token


def read(template: str, text: str) -> str | None:
    """`jwt.{token:base64url}` read back from an offer; none if it does not fit."""
    placeholder = _PLACEHOLDER.search(template)
    if placeholder is None:
        return None
    before, after = template[: placeholder.start()], template[placeholder.end() :]
    inner = text[len(before) : len(text) - len(after)]
    if not inner or text != f"{before}{inner}{after}":
        return None
    return decoded(inner) if placeholder[1] == "base64url" else inner


def decoded(text: str) -> str | None:
    """Unpadded base64url as UTF-8 text; none if it is no such thing."""
    if not _BASE64URL.fullmatch(text):
        return None  # the decoder below would skip what does not belong
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def first_message_token(templates: Iterable[Any], message: Any) -> str | None:
    """The token in a client's first message, where a template of `opens_with` puts one."""
    for template in templates:
        if isinstance(template, Mapping) and isinstance(message, Mapping):
            for key, value in template.items():
                if isinstance(value, str) and _PLACEHOLDER.search(value):
                    return read(value, str(message.get(key, "")))
    return None


def _token(said: Hello, handshake: Mapping[str, Any]) -> str | None:
    from_offers = subprotocol_token(handshake.get("subprotocols") or (), said.offers)
    if from_offers is None:
        return None
    where, _, name = str(handshake.get("token_in", "none")).partition(":")
    elsewhere = {
        "authorization": said.authorization.removeprefix("Bearer "),
        "cookie": (said.cookies or {}).get(name, ""),
        "query": (said.query or {}).get(name, ""),
    }
    return elsewhere.get(where, from_offers)
