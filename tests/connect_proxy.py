"""A tiny HTTP proxy, as a shape for `serving`: it knows CONNECT and, where told, a password."""

import base64
import contextlib
import socket
import threading

from tests.websocket_answers import Shape
from tests.websocket_peer import GoneError, Peer


def connects(user_and_password: str = "") -> Shape:
    """Leads wherever it is asked to; with a password, only those who know it."""
    wanted = "Basic " + base64.b64encode(user_and_password.encode()).decode()

    def shape(peer: Peer) -> None:
        if user_and_password and peer.request.headers.get("proxy-authorization") != wanted:
            said = peer.request.headers.get("proxy-authorization", "nothing")
            peer.raw(f"HTTP/1.1 407 I do not accept {said}\r\nContent-Length: 0\r\n\r\n")
            return
        host, _, port = peer.request.target.rpartition(":")
        with socket.create_connection((host, int(port))) as upstream:
            peer.raw("HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump_back, args=(upstream, peer))
            back.start()
            _pump_there(peer, upstream)
            back.join()

    return shape


def _pump_there(peer: Peer, upstream: socket.socket) -> None:
    with contextlib.suppress(GoneError, OSError):
        while True:
            upstream.sendall(peer.read_some())
    with contextlib.suppress(OSError):
        upstream.shutdown(socket.SHUT_RDWR)


def _pump_back(upstream: socket.socket, peer: Peer) -> None:
    with contextlib.suppress(GoneError, OSError):
        while data := upstream.recv(65536):
            peer.raw(data)
