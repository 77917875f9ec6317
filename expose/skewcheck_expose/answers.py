"""HTTP answers as values; each server interface sends them in its own way."""

from dataclasses import dataclass

from skewcheck_expose.negotiation import UPGRADE_REQUIRED, Refused

_NEVER_KEPT = ("Cache-Control", "no-store")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def encoded_headers(self) -> list[tuple[bytes, bytes]]:
        """As ASGI wants them: bytes, and names in lower case."""
        return [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers]


def of_text(
    status: int, text: str, *more: tuple[str, str], kind: str = "text/plain; charset=utf-8"
) -> Answer:
    body = text.encode()
    basic = (("Content-Type", kind), ("Content-Length", str(len(body))), _NEVER_KEPT)
    return Answer(status=status, headers=(*basic, *more), body=body)


def of_refusal(refused: Refused, *, http_version: str = "1.1") -> Answer:
    """RFC 9110 §15.5.22: with 426 comes what to upgrade to; HTTP/2 has no such headers (RFC 9113
    §8.2.2)."""
    if refused.status != UPGRADE_REQUIRED:
        return of_text(refused.status, f"{refused.reason}\n")
    upgrade: tuple[tuple[str, str], ...] = ()
    if http_version.startswith("1"):
        upgrade = ("Connection", "upgrade, close"), ("Upgrade", "websocket")
    return of_text(refused.status, f"{refused.reason}\n", *upgrade, ("Sec-WebSocket-Version", "13"))
