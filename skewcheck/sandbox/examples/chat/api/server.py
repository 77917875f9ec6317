"""The chat: a WebSocket that tells everybody what anybody says."""

import asyncio
import base64
import json
import os
from collections.abc import Sequence

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import NegotiationError
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

TOKEN = os.environ["CHAT_TOKEN"]
people: set[ServerConnection] = set()


def process_request(connection: ServerConnection, request: Request) -> Response | None:
    path = request.path.partition("?")[0]
    if path == "/healthz":
        return connection.respond(200, "ok\n")
    if path == "/ws":
        return None
    return connection.respond(404, "Not Found\n")


def select_subprotocol(
    _connection: ServerConnection, offered: Sequence[Subprotocol]
) -> Subprotocol:
    """The page offers `chat` and `token.…`; the token must be right."""
    encoded = base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("=")
    if list(offered) != ["chat", f"token.{encoded}"]:
        raise NegotiationError("offer chat and a token")
    return Subprotocol("chat")


async def chat(connection: ServerConnection) -> None:
    people.add(connection)
    try:
        await connection.send(json.dumps({"type": "welcome", "people": len(people)}))
        async for text in connection:
            message = json.loads(text)
            if message.get("type") == "say":
                broadcast(people, json.dumps({"type": "said", "text": message["text"]}))
    finally:
        people.remove(connection)


async def main() -> None:
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))
    async with serve(
        chat,
        host,
        port,
        process_request=process_request,
        select_subprotocol=select_subprotocol,
    ) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
