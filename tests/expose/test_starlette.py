"""FastAPI on uvicorn: negotiation in an endpoint, and as its dependency."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Response, WebSocket
from skewcheck_expose import Agreed
from skewcheck_expose.asgi import VersionMiddleware
from skewcheck_expose.starlette import negotiate

from tests.expose.conduct import DOCUMENT, NAMES_BOTH, OLD, RIGHT, Conduct, HttpConduct, welcome
from tests.expose.formats import CHAT
from tests.expose.serving import Got, Opened, Site, asgi

app = FastAPI(openapi_url=None)
app.add_middleware(VersionMiddleware, document=DOCUMENT)


@app.api_route("/", methods=["GET", "POST"])
def hello() -> Response:
    return Response("hello")


@app.websocket("/ws")
async def chat(websocket: WebSocket) -> None:
    agreed = await negotiate(websocket, CHAT)
    if agreed is None:
        return
    await websocket.send_json(welcome(agreed))
    async for _ in websocket.iter_text():
        pass


async def agreement(websocket: WebSocket) -> Agreed | None:
    return await negotiate(websocket, [CHAT])


@app.websocket("/depends")
async def depends(
    websocket: WebSocket, agreed: Annotated[Agreed | None, Depends(agreement)]
) -> None:
    if agreed:
        await websocket.send_json(welcome(agreed))
        await websocket.close(4000)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with asgi(app) as site:
        yield site


class TestFastApi(Conduct, HttpConduct):
    """On uvicorn with `websockets`."""


def test_it_works_as_a_dependency(site: Site) -> None:
    opened = site.knock("/depends", RIGHT)
    assert isinstance(opened, Opened)
    assert opened.message
    refused = site.knock("/depends", ["other"])
    assert isinstance(refused, Got)
    assert refused.status == 400
    old = site.knock(OLD.replace("/ws", "/depends"), RIGHT)
    assert old == Opened("jwt-auth", close=4406, reason=NAMES_BOTH)


def test_a_refusal_takes_the_connect_event_first_as_asgi_has_it() -> None:
    events: list[Any] = [{"type": "websocket.connect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return events.pop()

    async def send(message: Any) -> None:
        sent.append((len(events), message["type"]))

    scope = {"type": "websocket", "headers": [], "query_string": b"", "subprotocols": []}
    assert asyncio.run(negotiate(WebSocket(scope, receive, send), CHAT)) is None
    assert sent == [(0, "websocket.close")]
