"""Where a URL leads, as a socket needs it."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Of an http(s) URL; `url` is it without path and query."""

    host: str
    port: int
    is_secure: bool

    def __str__(self) -> str:
        return host_with_port(self.host, self.port)

    @property
    def url(self) -> str:
        return f"{'https' if self.is_secure else 'http'}://{self}"


def address_of(url: str) -> Address:
    parts = urlsplit(url)
    is_secure = parts.scheme in {"https", "wss"}
    port = parts.port or (443 if is_secure else 80)
    return Address(host=parts.hostname or "", port=port, is_secure=is_secure)


def host_with_port(host: str, port: int) -> str:
    """IPv6 addresses in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
