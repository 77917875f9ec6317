"""ASGI: the version document in front of an application, and negotiation for its WebSockets."""

import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias

from skewcheck_expose.answers import Answer, of_refusal
from skewcheck_expose.contracts import Contract, known
from skewcheck_expose.negotiation import Outcome, Refused, negotiate
from skewcheck_expose.offers import Offer, read_offer
from skewcheck_expose.version_document import VersionDocument

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

SCOPE_KEY = "skewcheck"
_DENIAL = "websocket.http.response"
_log = logging.getLogger("skewcheck_expose")


class VersionMiddleware:
    """Answers where the document is asked for; all else goes through untouched."""

    def __init__(
        self,
        app: App,
        document: VersionDocument | None = None,
        *,
        contracts: Contract | Iterable[Contract] = (),
    ) -> None:
        """Without a document: version.json where the process runs, else its environment."""
        self._app = app
        self._document = document or VersionDocument(contracts=contracts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if scope["type"] == "http" else None
        if answer is None:
            await self._app(scope, receive, send)
            return
        body = b"" if scope["method"] == "HEAD" else answer.body
        await _send_response("http", answer, body, send)

    def _answer(self, scope: Scope) -> Answer | None:
        path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
        return self._document.answer(scope["method"], path)


class NegotiationMiddleware:
    """Refuses WebSockets that fit none of the contracts; of the others, the application finds the
    `Agreed` in `scope["skewcheck"]`, and an `accept` that selects nothing selects what was agreed.
    """

    def __init__(self, app: App, contracts: Contract | Iterable[Contract]) -> None:
        self._app = app
        self._contracts = known(contracts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        outcome = negotiate(self._contracts, offer_of(scope))
        if isinstance(outcome, Refused):
            await receive()  # websocket.connect
            await refuse(outcome, scope, send)
            return
        selected = outcome.subprotocol

        async def send_selecting(message: Message) -> None:
            if message["type"] == "websocket.accept" and not message.get("subprotocol"):
                message = {**message, "subprotocol": selected}
            await send(message)

        await self._app({**scope, SCOPE_KEY: outcome}, receive, send_selecting)


def offer_of(scope: Scope) -> Offer:
    headers = (
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    query = scope.get("query_string", b"").decode("latin-1")
    return read_offer(headers, query, scope.get("subprotocols"))


async def refuse(refused: Refused, scope: Scope, send: Send) -> None:
    """After `websocket.connect` was received: by HTTP where the server can, else by closing."""
    _log.info("WebSocket refused: %s", refused.reason)
    close = {
        "type": "websocket.close",
        "code": refused.close_code,
        "reason": refused.reason,
    }
    if refused.accepts_first:
        await send({"type": "websocket.accept", "subprotocol": refused.subprotocol, "headers": []})
        await send(close)
    elif _DENIAL in (scope.get("extensions") or {}):
        answer = of_refusal(refused, http_version=scope.get("http_version", "1.1"))
        await _send_response("websocket.http", answer, answer.body, send)
    else:
        await send(close)


async def _send_response(kind: str, answer: Answer, body: bytes, send: Send) -> None:
    start = {"status": answer.status, "headers": answer.encoded_headers()}
    await send({"type": f"{kind}.response.start", **start})
    await send({"type": f"{kind}.response.body", "body": body})


__all__ = [
    "NegotiationMiddleware", "Outcome", "VersionMiddleware", "negotiate", "offer_of", "refuse",
]  # fmt: skip
