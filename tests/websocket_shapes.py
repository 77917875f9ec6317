"""How WebSocket servers go wrong: each shape was seen in a real product, or is a nasty relative."""

import base64
import contextlib
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.websocket_answers import ANSWERS, WELCOME, Shape, ends, hangs, welcomes
from tests.websocket_peer import BINARY, CLOSE, CONT, FIN, PING, TEXT, Peer, frame

IDLE_S = 1.3  # longer than the second after which a pinging client pings
LIFETIME_S = 0.6
_CHALLENGE = {"type": "challenge", "nonce": "1f2e"}
_MISMATCH = {"type": "error", "message": "protocol mismatch"}


def _opens(then: Shape) -> Shape:
    """101 with the first offer selected, and then something else."""

    def shape(peer: Peer) -> None:
        peer.upgrade()
        then(peer)

    return shape


def _says(*messages: Any, then: Shape = Peer.stay) -> Shape:
    def shape(peer: Peer) -> None:
        for message in messages:
            peer.json(message)
        then(peer)

    return shape


def _closes(code: int | None, reason: str = "") -> Shape:
    return lambda peer: peer.close(code, reason)


def _no_subprotocol_then_1000(peer: Peer) -> None:
    peer.upgrade(None)
    peer.close(1000)


def _undecodable_after_welcome(peer: Peer) -> None:
    peer.read_frame()
    peer.close(1007, "cannot decode payload")


def _http_in_stream(peer: Peer) -> None:
    peer.raw("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    peer.until_closed()


def _binary_error_then_eof(peer: Peer) -> None:
    peer.frame(FIN | BINARY, b"\x00\x01error")


def _encoding_switch(peer: Peer) -> None:
    peer.frame(FIN | BINARY, b"\x82\xa4type\xb6connection_established")
    peer.stay()


def _token_in_message(peer: Peer) -> None:
    """Decoded, as an application would have it."""
    carried = next((o for o in peer.request.offers if o.startswith("jwt.")), "jwt.")
    encoded = carried.removeprefix("jwt.")
    token = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    peer.json(WELCOME | {"user": {"token": token}})
    peer.stay()


def _repeats(data: bytes, every_s: float) -> Shape:
    def shape(peer: Peer) -> None:
        while not peer.stopping.wait(every_s):
            peer.raw(data)

    return shape


def _masked_frames(peer: Peer) -> None:
    peer.raw(bytes([FIN | TEXT, 0x80 | 2, 0, 0, 0, 0]) + b"{}")
    peer.until_closed()


def _invalid_utf8(peer: Peer) -> None:
    peer.frame(FIN | TEXT, b'{"type": "\xff\xfe"}')
    peer.until_closed()


def _close_with_1_byte(peer: Peer) -> None:
    peer.frame(FIN | CLOSE, b"\x03")
    peer.until_closed()


def _close_reason_not_utf8(peer: Peer) -> None:
    peer.frame(FIN | CLOSE, b"\x03\xe8caf\xe9")
    peer.until_closed()


def _fragments(peer: Peer) -> None:
    peer.frame(TEXT, b'{"type": "conn')
    peer.frame(FIN | PING, b"are you there?")
    peer.frame(CONT, b"ection_esta")
    peer.frame(FIN | CONT, b'blished"}')
    peer.stay()


def _echo(peer: Peer) -> None:
    while True:
        opcode, payload = peer.read_frame()
        peer.frame(FIN | opcode, payload)
        if opcode == CLOSE:
            return


def _idle_cut(peer: Peer) -> None:
    """As a proxy's idle timeout: any frame, a ping too, starts it anew."""
    with contextlib.suppress(TimeoutError):
        while _read_on(peer, IDLE_S):
            pass


def _lifetime_cut(peer: Peer) -> None:
    """As a proxy's maximum duration: whatever is said, it cuts."""
    ends_at = time.monotonic() + LIFETIME_S
    with contextlib.suppress(TimeoutError):
        while (left_s := ends_at - time.monotonic()) > 0 and _read_on(peer, left_s):
            pass


def _read_on(peer: Peer, within_s: float) -> bool:
    """False once the client has closed, which is echoed as usual."""
    opcode, payload = peer.read_frame(within_s)
    if opcode == CLOSE:
        peer.frame(FIN | CLOSE, payload)
    return opcode != CLOSE


def _huge_message(peer: Peer) -> None:
    """Announces 16 MiB and starts with them."""
    peer.raw(bytes([FIN | TEXT, 127]) + (16 * 1024 * 1024).to_bytes(8) + b"a" * 4096)
    peer.until_closed()


def _flood(peer: Peer) -> None:
    heartbeats = frame(FIN | TEXT, b'{"type":"heartbeat"}' + b" " * 60000)
    while not peer.stopping.is_set():
        peer.raw(heartbeats)


def _welcome_behind_answer(peer: Peer) -> None:
    peer.upgrade(behind=frame(FIN | TEXT, b'{"type": "connection_established"}'))
    peer.stay()


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "welcome": welcomes(Peer.stay),
        "welcome-behind-answer": _welcome_behind_answer,
        "fragments": _opens(_fragments),
        "echo": _opens(_echo),
        "challenge-then-1002": _opens(
            _says(_CHALLENGE, _MISMATCH, then=_closes(1002, "protocol mismatch"))
        ),
        "no-subprotocol-then-1000": _no_subprotocol_then_1000,
        "close-1000-main-cleanup": _opens(_closes(1000, "main cleanup")),
        "undecodable-after-welcome": welcomes(_undecodable_after_welcome),
        "close-10000": _opens(_closes(10000, "own code")),
        "empty-close": _opens(_closes(None)),
        "close-with-1-byte": _opens(_close_with_1_byte),
        "close-reason-not-utf8": _opens(_close_reason_not_utf8),
        "auth-1000": _opens(_closes(1000)),
        "auth-1008": _opens(_says(_MISMATCH, then=_closes(1008, "Authentication failed"))),
        "closes-1011": _opens(_closes(1011, "Service initialization failed")),
        "welcome-then-close-1000": welcomes(_closes(1000)),
        "welcome-then-eof": welcomes(ends),
        "eof-after-101": _opens(ends),
        "reset-after-101": _opens(Peer.reset),
        "binary-error-then-eof": _opens(_binary_error_then_eof),
        "http-in-stream": _opens(_http_in_stream),
        "masked-frames": _opens(_masked_frames),
        "invalid-utf8": _opens(_invalid_utf8),
        "huge-message": _opens(_huge_message),
        "flood": _opens(_flood),
        "encoding-switch": _opens(_encoding_switch),
        "error-and-stay": _opens(_says(_MISMATCH)),
        "heartbeats-only": _opens(_repeats(frame(FIN | TEXT, b'{"type": "heartbeat"}'), 0.02)),
        "ping-forever": _opens(_repeats(frame(FIN | PING, b"?"), 0.02)),
        "silent": _opens(Peer.stay),
        "ignores-close": welcomes(hangs),
        "idle-cut": welcomes(_idle_cut),
        "lifetime-cut": welcomes(_lifetime_cut),
        "token-in-message": _opens(_token_in_message),
        **ANSWERS,
    }
)
