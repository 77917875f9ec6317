"""How servers answer the handshake: rightly at times, wrongly, with something else, or never."""

import gzip
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from tests.websocket_peer import Peer

Shape: TypeAlias = Callable[[Peer], None]

WELCOME = {"type": "connection_established"}


def welcomes(then: Shape) -> Shape:
    """101 with the first offer selected, the welcome, and then something else."""

    def shape(peer: Peer) -> None:
        peer.upgrade()
        peer.json(WELCOME)
        then(peer)

    return shape


def ends(_: Peer) -> None:
    """EOF."""


def _answers(status: str, body: str = "", *headers: str) -> Shape:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body.encode())}", "", body]
    return lambda peer: peer.raw("\r\n".join(lines))


def hangs(peer: Peer) -> None:
    """Neither says nor reads anything."""
    peer.stopping.wait()


def _bad_request_if_origin(peer: Peer) -> None:
    if "origin" in peer.request.headers:
        return _answers("400 Bad Request", "origin not allowed")(peer)
    return welcomes(Peer.stay)(peer)


def _unoffered_subprotocol(peer: Peer) -> None:
    peer.upgrade("other")
    peer.json(WELCOME)
    peer.stay()


def _echoes_token(peer: Peer) -> None:
    carrying = (offer for offer in peer.request.offers if offer.startswith("jwt."))
    peer.upgrade(next(carrying, None))
    peer.json(WELCOME)
    peer.stay()


def _bad_accept(peer: Peer) -> None:
    peer.upgrade(accept="bm90IHRoZSByaWdodCBvbmU=")
    peer.stay()


def _not_http(peer: Peer) -> None:
    peer.raw("SSH-2.0-OpenSSH_9.2\r\n")
    peer.stopping.wait()


def _drip(peer: Peer) -> None:
    """One more letter of a header every 50 ms, for ever."""
    peer.raw("HTTP/1.1 101 Switching Protocols\r\nX-Slow: ")
    while not peer.stopping.wait(0.05):
        peer.raw("a")


def _endless_body(peer: Peer) -> None:
    peer.raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not peer.stopping.is_set():
        peer.raw(b"la " * 1000)


def _early_hints(peer: Peer) -> None:
    peer.raw("HTTP/1.1 103 Early Hints\r\nLink: </app.js>\r\n\r\n")
    welcomes(Peer.stay)(peer)


def _gzip_200(peer: Peer) -> None:
    body = gzip.compress(b"<!doctype html><title>Acme</title>")
    peer.raw(f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n")
    peer.raw(body)


ANSWERS: Mapping[str, Shape] = MappingProxyType(
    {
        "early-hints": _early_hints,
        "eof-instead-of-answer": ends,
        "reset-instead-of-answer": Peer.reset,
        "not-http": _not_http,
        "html-200": _answers("200 OK", "<!doctype html><div id=root>", "Content-Type: text/html"),
        "gzip-200": _gzip_200,
        "endless-body": _endless_body,
        "401": _answers("401 Unauthorized", "", 'WWW-Authenticate: Bearer realm="chat"'),
        "forbidden-403": _answers("403 Forbidden"),
        "426": _answers("426 Upgrade Required", "", "Sec-WebSocket-Version: 13"),
        "301": _answers("301 Moved Permanently", "", "Location: https://127.0.0.1/ws"),
        "502": _answers("502 Bad Gateway", "upstream connect error"),
        "bad-request-if-origin": _bad_request_if_origin,
        "reason-phrase-400": _answers("400 Unsupported protocol; supported: v2, v3"),
        "bad-accept": _bad_accept,
        "unoffered-subprotocol": _unoffered_subprotocol,
        "echoes-token": _echoes_token,
        # Last: a browser that tries these holds back what it opens next to the same address.
        "never-answered": hangs,
        "drip": _drip,
    }
)
