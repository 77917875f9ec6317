"""Templates of subprotocols and messages, such as `jwt.{token:base64url}`, read backwards: which
token was put in?"""

import base64
from contextlib import suppress
from dataclasses import dataclass

_PLACES = {"{token}": False, "{token:base64url}": True}


class NoTokenError(ValueError):
    """The token's place is there, but what it holds is no token; never says what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`holds_token` False: a constant, and `before` is all of it."""

    text: str
    before: str
    after: str = ""
    holds_token: bool = False
    is_encoded: bool = False

    def could_be(self, offered: str) -> bool:
        if not self.holds_token:
            return offered == self.before
        shortest = len(self.before) + len(self.after)
        begins, ends = offered.startswith(self.before), offered.endswith(self.after)
        return begins and ends and len(offered) > shortest

    def token_of(self, offered: str) -> str:
        """For what `could_be`. Raises NoTokenError where it cannot be decoded."""
        carried = offered[len(self.before) : len(offered) - len(self.after)]
        return _decode(carried) if self.is_encoded else carried


def read_template(text: str) -> Template:
    """Raises ValueError where a token has more than one place: its ends could not be told."""
    found = [place for place in _PLACES for _ in range(text.count(place))]
    if not found:
        return Template(text=text, before=text)
    if len(found) > 1:
        raise ValueError(f"{text!r} holds the token more than once, which cannot be read back")
    before, _, after = text.partition(found[0])
    encoded = _PLACES[found[0]]
    return Template(text=text, before=before, after=after, holds_token=True, is_encoded=encoded)


def _decode(carried: str) -> str:
    """RFC 4648 §5 without padding, and strictly: the one way to write these very bytes."""
    token = None
    with suppress(ValueError):
        raw = base64.urlsafe_b64decode(carried + "=" * (-len(carried) % 4))
        if base64.urlsafe_b64encode(raw).decode().rstrip("=") == carried:
            token = raw.decode()
    if token is None:  # raised out here: the errors above know what they could not decode
        raise NoTokenError("its token is not base64url")
    return token
