"""Server-sent events: pages learn that something changed, and fetch themselves anew."""

from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skewcheck.service.answers import problem
from skewcheck.service.board import Board
from skewcheck.service.pages import shown

_PING_S = 15
_MOST_STREAMS = 500
_RECONNECT_MS = 3000


class Live:
    """One stream for all environments, one for each; an event carries the version."""

    def __init__(self, board: Board, *, most: int = _MOST_STREAMS) -> None:
        self._board, self._most = board, most
        self._open = 0

    def routes(self) -> list[Route]:
        return [
            Route("/events", self._all),
            Route("/environments/{name}/events", self._one),
        ]

    async def _all(self, request: Request) -> Response:
        return self._stream(request, None)

    async def _one(self, request: Request) -> Response:
        return self._stream(request, shown(self._board, request).name)

    def _stream(self, request: Request, name: str | None) -> Response:
        if self._open >= self._most:
            why = f"{self._most} pages are kept up to date already"
            return problem(request, 503, why, headers={"Retry-After": "30"})
        seen = request.headers.get("last-event-id", request.query_params.get("since", ""))
        return EventSourceResponse(self._events(seen, name), ping=_PING_S)

    async def _events(self, seen: str, name: str | None) -> AsyncIterator[ServerSentEvent]:
        """The first at once, where the page that asks is not what is shown now."""
        self._open += 1
        try:
            yield ServerSentEvent(comment="connected", retry=_RECONNECT_MS)
            while not self._board.closed:
                version = await self._board.changed(seen, timeout=_PING_S, name=name)
                if version != seen:
                    seen = version
                    yield ServerSentEvent(event="changed", data=version, id=version)
        finally:
            self._open -= 1
