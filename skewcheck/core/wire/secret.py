"""A token: shown nowhere, and put only where a template asks for it."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

SHORTEST_TOKEN = 8
MASK = "[token]"
_RAW, _ENCODED = "{token}", "{token:base64url}"


@dataclass(frozen=True, slots=True)
class Secret:
    """`reveal` is for the wire alone; every other way of showing it hides it."""

    reveal: str = field(repr=False)

    def __str__(self) -> str:
        return "[secret]"

    def shapes(self) -> tuple[str, ...]:
        """Every form in which it travels, the longest first: what must be masked."""
        raw = self.reveal
        forms = {raw, _base64url(raw), quote(raw, safe=""), json.dumps(raw)[1:-1]}
        return tuple(sorted((form for form in forms if form), key=len, reverse=True))


def wants_token(template: str) -> bool:
    """Whether `fill` puts a token there."""
    return _RAW in template or _ENCODED in template


def fill(template: str, token: Secret | None) -> str:
    """`jwt.{token:base64url}` with the token in its place (RFC 4648 §5, no padding)."""
    if token is None:
        return template
    return template.replace(_ENCODED, _base64url(token.reveal)).replace(_RAW, token.reveal)


def fill_value(value: Any, token: Secret | None) -> Any:
    """Every text within a JSON value, filled."""
    if isinstance(value, str):
        return fill(value, token)
    if isinstance(value, dict):
        return {key: fill_value(each, token) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [fill_value(each, token) for each in value]
    return value


def mask_template(template: str) -> str:
    """The template as a transcript shows it once it was filled and masked."""
    return template.replace(_ENCODED, MASK).replace(_RAW, MASK)


def _base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
