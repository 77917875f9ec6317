"""The `websockets` library: hooks for its asyncio server and for its threading one.

Rule of this file: nothing is remembered between the hooks; each asks the pure function again.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from skewcheck_expose.answers import Answer, of_refusal
from skewcheck_expose.contracts import Contract, known
from skewcheck_expose.negotiation import Agreed, Outcome, Refused, negotiate
from skewcheck_expose.offers import read_offer
from skewcheck_expose.version_document import VersionDocument

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response
    from websockets.sync.server import ServerConnection as ThreadingConnection
    from websockets.typing import Subprotocol

    Connection: TypeAlias = ServerConnection | ThreadingConnection

_log = logging.getLogger("skewcheck_expose")


class Negotiation:
    """Give `serve` all three: `handler(chat)`, `process_request` and `select_subprotocol`.

    With `document`, plain GET requests for it are answered too.
    """

    def __init__(
        self,
        contracts: Contract | Iterable[Contract],
        document: VersionDocument | None = None,
    ) -> None:
        self._contracts = known(contracts)
        self._document = document

    def process_request(self, connection: "Connection", request: "Request") -> "Response | None":
        path = request.path.partition("?")[0]
        if self._document and (answer := self._document.answer("GET", path)):
            return _respond(connection, answer)
        if not any("websocket" in each.lower() for each in request.headers.get_all("Upgrade")):
            return None  # the library answers that with 426
        outcome = self._outcome(connection)
        if not isinstance(outcome, Refused):
            return None
        _log.info("WebSocket refused: %s", outcome.reason)
        return None if outcome.accepts_first else _respond(connection, of_refusal(outcome))

    def select_subprotocol(
        self, connection: "Connection", offered: "Sequence[Subprotocol]"
    ) -> "Subprotocol | None":
        del offered  # the request has them, and the rest of the offer too
        selected: Any = self._outcome(connection).subprotocol
        return selected  # type: ignore[no-any-return]

    def handler(
        self, chat: "Callable[[ServerConnection, Agreed], Awaitable[None]]"
    ) -> "Callable[[ServerConnection], Awaitable[None]]":
        """Calls `chat` with what was agreed; closes where only a close code can tell."""

        async def handle(connection: "ServerConnection") -> None:
            outcome = self._outcome(connection)
            if isinstance(outcome, Refused):
                await connection.close(outcome.close_code, outcome.reason)
            else:
                await chat(connection, outcome)

        return handle

    def threading_handler(
        self, chat: "Callable[[ThreadingConnection, Agreed], None]"
    ) -> "Callable[[ThreadingConnection], None]":
        """The same for `websockets.sync.server`."""

        def handle(connection: "ThreadingConnection") -> None:
            outcome = self._outcome(connection)
            if isinstance(outcome, Refused):
                connection.close(outcome.close_code, outcome.reason)
            else:
                chat(connection, outcome)

        return handle

    def _outcome(self, connection: "Connection") -> Outcome:
        request = connection.request
        assert request is not None  # noqa: S101 - the library calls no hook before it has one
        query = request.path.partition("?")[2]
        return negotiate(self._contracts, read_offer(request.headers.raw_items(), query))


def _respond(connection: "Connection", answer: Answer) -> "Response":
    response = connection.respond(answer.status, answer.body.decode())
    for name, value in answer.headers:
        if name in response.headers:
            del response.headers[name]
        response.headers[name] = value
    return response
