"""Starlette and FastAPI: negotiate at the top of a WebSocket endpoint, or as its dependency."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from skewcheck_expose import asgi
from skewcheck_expose.contracts import Contract
from skewcheck_expose.negotiation import Agreed, Refused

if TYPE_CHECKING:
    from starlette.websockets import WebSocket


async def negotiate(
    websocket: "WebSocket", contracts: Contract | Iterable[Contract]
) -> Agreed | None:
    """Accepts, with the right subprotocol; or refuses and gives None: then just return."""
    outcome = asgi.negotiate(contracts, asgi.offer_of(websocket.scope))
    if isinstance(outcome, Refused):
        await websocket.receive()  # websocket.connect
        await asgi.refuse(outcome, websocket.scope, websocket.send)
        return None
    await websocket.accept(subprotocol=outcome.subprotocol)
    return outcome
