"""A world whose api is a real WebSocket server of a shape that each test chooses.

Its links differ in their contracts alone; all lead to the same place. What is no upgrade at /ws
is answered with `documents`, the api's own version document among them.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skewcheck.core.wire.script import MADE_UP_TOKEN, WRONG_OFFER
from tests.cli.findings.world import World, contract, document, meta, new_world, page
from tests.programs import Ended
from tests.servers import Reply
from tests.websocket_answers import Shape
from tests.websocket_peer import Peer
from tests.websocket_servers import RunningServer, serving
from tests.websocket_shapes import SHAPES

TOKEN = "s3cr3t-t0ken-of-the-chat"
_IN_OFFER = {
    "subprotocols": ["jwt-auth", "jwt.{token:base64url}"],
    "selected": "jwt-auth",
    "token_in": "subprotocol",
}
_RAW_IN_OFFER = {**_IN_OFFER, "subprotocols": ["jwt-auth", "{token}"]}
_ASKS = {"send": {"type": "ask"}, "expects": ["answered"], "within": "200ms"}
CONTRACTS = {
    "chat": contract(),
    "quick": contract(probe={"welcome_within": "300ms"}),
    "talk": contract(probe={"exercise": _ASKS}),
    "hello": contract(
        messages={"opens_with": [{"type": "hello"}], "welcome": {"type": "connection_established"}}
    ),
    "secret": contract(handshake=_IN_OFFER),
    "raw": contract(handshake=_RAW_IN_OFFER),
    "header": contract(handshake={"token_in": "authorization"}),
}
_ENCODED = base64.urlsafe_b64encode(MADE_UP_TOKEN.encode()).decode().rstrip("=")
_WRONG = (WRONG_OFFER, MADE_UP_TOKEN, _ENCODED)
_WITH_TOKEN = ("secret", "raw", "header")


def choosy(shape: Shape) -> Shape:
    """Like that shape to whoever keeps to the contract; negative controls are refused."""

    def choose(peer: Peer) -> None:
        heard = [*peer.request.offers, peer.request.headers.get("authorization", "")]
        if any(wrong in each for wrong in _WRONG for each in heard):
            peer.raw("HTTP/1.1 400 Unknown Format\r\nContent-Length: 0\r\n\r\n")
        else:
            shape(peer)

    return choose


GOOD = choosy(SHAPES["welcome"])


@dataclass
class Place:
    """One server: `shape` is what it does with an upgrade, and may be changed while it runs."""

    shape: Shape = GOOD
    documents: dict[str, Reply] = field(default_factory=dict)

    def __call__(self, peer: Peer) -> None:
        if peer.request.target.partition("?")[0] == "/ws":
            self.shape(peer)
        else:
            _answer(peer, self.documents.get(peer.request.target.partition("?")[0]))


def _answer(peer: Peer, reply: Reply | None) -> None:
    reply = reply or Reply(status=404)
    lines = [f"HTTP/1.1 {reply.status} As Told", f"Content-Length: {len(reply.body)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    peer.raw("\r\n".join([*lines, "Connection: close", "", ""]).encode() + reply.body)


@dataclass
class Wire:
    """Where it is healthy, the api lets in whoever keeps to the contract, and nobody else."""

    world: World
    place: Place
    running: RunningServer

    @property
    def url(self) -> str:
        return self.running.url.removesuffix("/ws")

    def healthy(self) -> None:
        self.place.shape = GOOD
        self.place.documents = {"/version.json": document(self.world.head)}
        self.depends(threads="ok")

    def meets(self, shape: str | Shape) -> None:
        self.place.shape = SHAPES[shape] if isinstance(shape, str) else shape

    def depends(self, **states: str) -> None:
        body = json.dumps({"dependencies": states}).encode()
        self.place.documents["/health"] = Reply(body=body)

    def probe(self, *words: str, link: str = "chat") -> Ended:
        return self.world.ask("probe", link, *words, SKEWCHECK_CHAT_TOKEN=TOKEN)


@contextmanager
def wired(folder: Path, **api: Any) -> Iterator[Wire]:
    """The page of web proves its build, so that nothing but the wire is at fault."""
    place = Place()
    with new_world(folder) as world, serving(place) as running:
        wire = Wire(world, place, running)
        world.api = {"url": wire.url, "health": {"path": "/health", "requires": ["threads"]}} | api
        world.more = {"links": {name: link(name) for name in CONTRACTS}}
        world.promise({f"contracts/{name}.yaml": text for name, text in CONTRACTS.items()})
        world.answer("web", page(meta(world.head)), path="/")
        yield wire


def link(name: str) -> dict[str, Any]:
    said = {"client": "web", "server": "api", "contract": f"contracts/{name}.yaml", "path": "/ws"}
    token = {"token": {"env": "SKEWCHECK_CHAT_TOKEN"}} if name in _WITH_TOKEN else {}
    return {**said, **token, "probe": {"handshakes": "2", "cold_start": "1s"}}
