"""The body of an HTTP answer: when it is whole, and what it says within bounds. Pure."""

import re
import zlib

from skewcheck.adapters.websocket_prober.head import Head

MOST_BODY_BYTES = 16 * 1024  # kept longer than shown, so that masks meet whole tokens
_BODILESS = {101, 204, 304}
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,15})\s*(?:;.*)?", re.DOTALL)
_UNREADABLE = "a body in {encoding}, not decoded"


def is_whole(head: Head, raw: bytes) -> bool:
    """Without a length it is whole when they close."""
    if head.status in _BODILESS or len(raw) >= MOST_BODY_BYTES:
        return True
    if "chunked" in head.get("transfer-encoding"):
        return _dechunk(raw)[1]
    length = head.get("content-length")
    return length.isascii() and length.isdigit() and len(raw) >= int(length[:18])


def read_body(head: Head, raw: bytes) -> bytes:
    """As far as it can be read; what is encoded as nobody here can decode is named instead."""
    if head.status in _BODILESS:
        return b""
    plain = _dechunk(raw)[0] if "chunked" in head.get("transfer-encoding") else raw
    encoding = head.get("content-encoding")
    if not plain or encoding in {"", "identity"}:
        return plain[:MOST_BODY_BYTES]
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _inflate(plain)
    return _UNREADABLE.format(encoding=encoding).encode()


def _dechunk(raw: bytes) -> tuple[bytes, bool]:
    """What the chunks hold so far, and whether the last one came (RFC 9112 §7.1)."""
    body = bytearray()
    while True:
        line, newline, rest = raw.partition(b"\n")
        chunk = _CHUNK.fullmatch(line)
        if chunk is None and raw:  # it said chunked and is not
            return bytes(body) + raw, True
        if chunk is None or not newline:
            return bytes(body), False
        size = int(chunk[1], 16)
        if size == 0:
            return bytes(body), True
        body += rest[:size]
        raw = rest[size:].removeprefix(b"\r").removeprefix(b"\n")


def _inflate(data: bytes) -> bytes:
    for window in (_GZIP_OR_ZLIB, -zlib.MAX_WBITS):  # some servers leave zlib's wrapper out
        try:
            return zlib.decompressobj(window).decompress(data, MOST_BODY_BYTES)
        except zlib.error:
            continue
    return _UNREADABLE.format(encoding="broken compression").encode()
