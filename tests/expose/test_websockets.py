"""The `websockets` library: its asyncio server and its threading one."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from skewcheck_expose import Agreed
from skewcheck_expose.websockets import Negotiation
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.sync.server import ServerConnection as ThreadingConnection
from websockets.sync.server import serve as serve_threads

from tests.expose.conduct import DOCUMENT, Conduct, opening, welcome
from tests.expose.formats import CHAT, TOKEN
from tests.expose.serving import Site, looping, threading_server

NEGOTIATION = Negotiation(CHAT, DOCUMENT)


async def chat(connection: ServerConnection, agreed: Agreed) -> None:
    await connection.send(json.dumps(welcome(agreed)))
    async for _ in connection:
        pass


def chat_in_thread(connection: ThreadingConnection, agreed: Agreed) -> None:
    connection.send(json.dumps(welcome(agreed)))
    for _ in connection:
        pass


def in_a_loop() -> AbstractContextManager[Site]:
    async def start() -> Server:
        return await serve(
            NEGOTIATION.handler(chat),
            "127.0.0.1",
            0,
            process_request=NEGOTIATION.process_request,
            select_subprotocol=NEGOTIATION.select_subprotocol,
        )

    return looping(start)


@contextmanager
def in_threads() -> Iterator[Site]:
    with (
        serve_threads(
            NEGOTIATION.threading_handler(chat_in_thread),
            "127.0.0.1",
            0,
            process_request=NEGOTIATION.process_request,
            select_subprotocol=NEGOTIATION.select_subprotocol,
        ) as server,
        threading_server(server, server.socket.getsockname()[1]) as site,
    ):
        yield site


@pytest.fixture(scope="module", params=[in_a_loop, in_threads])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with request.param() as site:
        yield site


class TestWebsockets(Conduct):
    """Both of its servers."""

    def test_a_header_that_the_library_would_quote_never_comes_as_far(self, site: Site) -> None:
        answer = site.send_raw(opening("/ws", f"jwt-auth, a{TOKEN}="))
        assert b"an offered subprotocol is none" in answer
        assert TOKEN.encode() not in answer

    def test_a_request_that_is_no_upgrade_is_left_to_the_library(self, site: Site) -> None:
        answer = site.ask("GET", "/ws")
        assert (answer.status, answer.headers["upgrade"]) == (426, "websocket")
        assert b"You need a WebSocket client" in answer.body


def test_there_must_be_a_contract() -> None:
    with pytest.raises(ValueError, match="no contract"):
        Negotiation([])
