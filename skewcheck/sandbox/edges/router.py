"""The front door of Cloud Run: an address per service and tag, requests split by traffic."""

import random
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.sandbox.edges import wire
from skewcheck.sandbox.edges.listener import Listener
from skewcheck.sandbox.edges.tracing import trace_of, traced
from skewcheck.sandbox.run.traffic import Share

_NOT_FOUND = (
    "<html><head><title>404 Page not found</title></head><body><h1>Error: Page not found</h1>"
    "<h2>The requested URL was not found on this server.</h2></body></html>\n"
)
_UNAVAILABLE = (
    "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>\n"
)


@dataclass(frozen=True, slots=True)
class Served:
    """One request that went through the router, for the request log."""

    service: str
    revision: str
    method: str
    url: str
    status: int
    latency_s: float
    user_agent: str = ""
    trace: str = ""


Shares: TypeAlias = Callable[[str, str], Sequence[Share]]
PortOf: TypeAlias = Callable[[str], int | None]


class Router:
    """Listeners for services and tags, made when first asked for and kept until closed."""

    def __init__(
        self,
        *,
        shares: Shares,
        port_of: PortOf,
        on_served: Callable[[Served], None],
        seed: int = 1,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shares = shares
        self._port_of = port_of
        self._on_served = on_served
        self._chance = random.Random(seed)  # noqa: S311  a traffic split, no secret
        self._monotonic = monotonic
        self._listeners: dict[tuple[str, str], Listener] = {}
        self._lock = threading.Lock()

    def service_uri(self, service: str) -> str:
        """The address of a service."""
        return self._listener(service, "").url

    def tag_uri(self, service: str, tag: str) -> str:
        """The address of a tag."""
        return self._listener(service, tag).url

    def service_port(self, service: str) -> int:
        """The port of a service, for an edge in front of it."""
        return self._listener(service, "").port

    def close(self) -> None:
        """Close every listener."""
        for listener in self._listeners.values():
            listener.close()

    def _listener(self, service: str, tag: str) -> Listener:
        with self._lock:
            if (service, tag) not in self._listeners:
                self._listeners[service, tag] = Listener(
                    lambda client: self._serve(client, service, tag)
                )
            return self._listeners[service, tag]

    def _serve(self, client: socket.socket, service: str, tag: str) -> None:
        received = wire.read_head(client)
        if received is None:
            return
        head, rest = traced(received[0]), received[1]
        started = self._monotonic()
        revision, port = self._pick(service, tag)
        status = 0
        try:
            status = self._forward(client, head, rest, port)
        finally:
            self._report(head, service, revision, status, self._monotonic() - started)

    def _pick(self, service: str, tag: str) -> tuple[str, int | None]:
        shares = self._shares(service, tag)
        if not shares:
            return "", 0
        weights = [share.percent for share in shares]
        chosen = self._chance.choices(shares, weights)[0].revision
        return chosen, self._port_of(f"{service}/revisions/{chosen}")

    def _forward(
        self, client: socket.socket, head: wire.Head, rest: bytes, port: int | None
    ) -> int:
        if port == 0:
            client.sendall(wire.simple("404 Not Found", _NOT_FOUND))
            return 404
        if port is None:
            return _unavailable(client)
        try:
            upstream = wire.connect(port)
        except OSError:
            return _unavailable(client)
        with upstream:
            wire.send_request(client, upstream, head, rest)
            answered = wire.read_head(upstream)
            if answered is None:
                return _unavailable(client)
            response, after = answered
            client.sendall(response.encoded() + after)
            wire.carry_on(client, upstream, upgraded=response.status == 101)
            return response.status

    def _report(
        self, head: wire.Head, service: str, revision: str, status: int, latency: float
    ) -> None:
        url = f"http://{head.get('Host')}{head.target}"
        self._on_served(
            Served(
                service=service,
                revision=revision,
                method=head.method,
                url=url,
                status=status or 502,
                latency_s=latency,
                user_agent=head.get("User-Agent"),
                trace=trace_of(head),
            )
        )


def _unavailable(client: socket.socket) -> int:
    client.sendall(wire.simple("503 Service Unavailable", _UNAVAILABLE))
    return 503
