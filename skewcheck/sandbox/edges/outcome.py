"""How requests through an edge ended, in the words of an external load balancer's log.

The strings are recalled, not verified: those of `statusDetails`, of which Google's documentation
at hand confirms only `response_sent_by_backend`.
"""

from dataclasses import dataclass
from typing import Final

ANSWERED: Final = "response_sent_by_backend"
CACHED: Final = "response_from_cache"
CLOSED: Final = "websocket_closed"
REFUSED: Final = "websocket_handshake_failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the client got."""

    status: int
    details: str = ANSWERED

    @property
    def cache_hit(self) -> bool:
        """Was the origin spared?"""
        return self.details == CACHED


BACKEND_CLOSED: Final = Outcome(502, "backend_connection_closed_before_data_sent_to_client")
UNREACHABLE: Final = Outcome(502, "failed_to_connect_to_backend")
CLIENT_GONE: Final = Outcome(0, "client_disconnected_before_any_response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """One request that went through an edge, for the load balancer's log."""

    url_map: str
    method: str
    url: str
    user_agent: str
    trace: str
    latency_s: float
    outcome: Outcome
