"""The way through an HTTP proxy: which one the environment names, and its CONNECT."""

import base64
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies, select_proxy

from skewcheck.adapters.websocket_prober.address import host_with_port
from skewcheck.adapters.websocket_prober.head import NotHttpError, read_head
from skewcheck.adapters.websocket_prober.wire import OverError, Wire
from skewcheck.core.remote_text import without_secrets

_MOST_BYTES = 8 * 1024
_SURELY_HTTP = 8  # bytes that show whether it is HTTP at all
_BLANK_LINES = (b"\n\n", b"\n\r\n")


class ProxyError(Exception):
    """Why there is no way through; shows nothing of the proxy's password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """`authorization` is the value of Proxy-Authorization, empty where none is needed."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)

    def __str__(self) -> str:
        return host_with_port(self.host, self.port)


def proxy_from_environment(url: str) -> str | None:
    """As for every other request: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY."""
    return select_proxy(url, get_environ_proxies(url))


def read_proxy(place: str) -> Proxy:
    """`http://user:password@host:port`, where the scheme may be missing."""
    try:
        parts = urlsplit(place if "://" in place else f"http://{place}")
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        raise ProxyError("the proxy that the environment names is no URL") from None
    if parts.scheme != "http" or not host:
        shown = without_secrets(place)
        raise ProxyError(f"the proxy {shown} is not supported: set HTTPS_PROXY=http://HOST:PORT")
    return Proxy(host=host, port=port, authorization=_basic(parts.username, parts.password))


def open_tunnel(wire: Wire, proxy: Proxy, target: str, until_s: float) -> None:
    """Raises ProxyError unless it says that bytes now go to `target` (RFC 9110 §9.3.6)."""
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    wire.send("\r\n".join([*lines, "", ""]).encode(), until_s)
    try:
        status = _status(wire, until_s)
    except TimeoutError:
        raise ProxyError("the proxy did not answer CONNECT in time") from None
    except OverError:
        raise ProxyError("the proxy closed without an answer to CONNECT") from None
    except NotHttpError:
        raise ProxyError("what the proxy answered to CONNECT is not HTTP") from None
    if status // 100 != 2:
        raise ProxyError(f"the proxy answered {_named(status)} to CONNECT {target}")


def _status(wire: Wire, until_s: float) -> int:
    """Byte by byte, so that nothing of what follows the head is taken from the tunnel."""
    said = bytearray()
    while len(said) < _MOST_BYTES:
        said += wire.receive(until_s, size=1)
        if len(said) < _SURELY_HTTP or said.endswith(_BLANK_LINES):
            head = read_head(bytes(said))
            if head is not None:
                return head.status
    raise NotHttpError("its head has no end")


def _basic(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    pair = f"{unquote(user)}:{unquote(password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _named(status: int) -> str:
    """In the standard's words: the proxy's own might repeat what we sent."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
