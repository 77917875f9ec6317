"""A WebSocket client that is no browser: it takes every answer, and says what it got."""

import json

from websockets.exceptions import ConnectionClosed, InvalidStatus, NegotiationError
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.sandbox.builders import ENCODED, TOKEN

NEW_FORMAT = ("jwt-auth", f"jwt.{ENCODED}")
OLD_FORMAT = ("jwt", TOKEN)
WELCOME = "connection_established"


def socket_url(url: str) -> str:
    return url.replace("http:", "ws:") + "/ws"


def opened(url: str, offers: tuple[str, ...] = ()) -> ClientConnection:
    return connect(url, subprotocols=[Subprotocol(offer) for offer in offers] or None)


def heard(url: str, offers: tuple[str, ...] = ()) -> str:
    """What a client that is no browser gets: the subprotocol, the messages, the close."""
    try:
        with opened(url, offers) as socket:
            said = [str(socket.subprotocol)]
            try:
                while True:
                    said.append(json.loads(socket.recv(timeout=5))["type"])
                    if said[-1] == WELCOME:
                        return " ".join(said)
            except ConnectionClosed as closed:
                end = closed.rcvd
                assert end
                return " ".join([*said, str(end.code), end.reason]).strip()
    except InvalidStatus as refused:
        return str(refused.response.status_code)
    except NegotiationError:
        return "unoffered"
