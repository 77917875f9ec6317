"""Paths of WebSockets that a page and its scripts name; a hint, because code can build them."""

import re
from collections.abc import Iterable

from skewcheck.core.drafting.fits import is_socket_path

# After the host of a WebSocket URL, which may be put together: `wss://${location.host}/ws`.
_IN_URL = re.compile(r"""wss?://[^/"'`\s]{0,200}(/[^"'`\s?#$\\]{1,100})""")
# A path of its own that speaks of sockets: "/ws", '/api/websocket', `${base}/chat/socket`.
_ALONE = re.compile(
    r"""["'`}]((?:/[A-Za-z0-9_.-]{1,50}){0,4}/(?:ws|wss|sockets?|websockets?)"""
    r"""(?:/[A-Za-z0-9_.-]{1,50}){0,2})["'`?]"""
)
_MOST_TEXT = 2_000_000


def socket_paths(texts: Iterable[str]) -> tuple[str, ...]:
    """In the order in which they are found, each once."""
    found: list[str] = []
    for each in texts:
        text = each[:_MOST_TEXT]
        found += [*_IN_URL.findall(text), *_ALONE.findall(text)]
    return tuple(dict.fromkeys(path for path in found if is_socket_path(path)))
