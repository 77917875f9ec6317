"""An edge: a caching reverse proxy in front of one origin, with faults that can be switched on.

Rule of this file: cookies, request `Cache-Control` and (by default) the query string change
nothing, as on a CDN that is configured like the one in the incident.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from skewcheck.sandbox.edges import wire
from skewcheck.sandbox.edges.cache import Cache, Entry, Matcher
from skewcheck.sandbox.edges.listener import Listener
from skewcheck.sandbox.edges.outcome import (
    BACKEND_CLOSED,
    CACHED,
    CLIENT_GONE,
    CLOSED,
    REFUSED,
    UNREACHABLE,
    Balanced,
    Outcome,
)
from skewcheck.sandbox.edges.tracing import trace_of, traced
from skewcheck.sandbox.edges.wire import Head, Limits

_SUBPROTOCOL = "Sec-WebSocket-Protocol"
_BAD_GATEWAY = wire.simple("502 Bad Gateway", "<h1>502 Bad Gateway</h1>\n")
_NOTHING = Head("HTTP/1.1 502 Bad Gateway", (("Content-Length", "0"),))


def _log_nothing(_request: Balanced) -> None:
    """For edges that stand alone."""


@dataclass(slots=True)
class EdgeFaults:
    """What this edge does wrong; every field may be changed while it runs."""

    strip_request_headers: set[str] = field(default_factory=set)
    drop_subprotocol_request: bool = False
    drop_subprotocol_response: bool = False
    idle_cut_s: float | None = None
    lifetime_cut_s: float | None = None
    ignore_invalidations: bool = False
    invalidation_delay_s: float = 0.0
    spa_fallback: bool = False
    bad_gateway: bool = False
    hang_up: bool = False
    hide_via: bool = False


class Edge:
    """One host of a URL map, at an address of its own."""

    def __init__(
        self,
        host: str,
        url_map: str,
        origin_port: Callable[[], int],
        *,
        include_query_string: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        on_served: Callable[[Balanced], None] = _log_nothing,
    ) -> None:
        self.host = host
        self.url_map = url_map
        self.faults = EdgeFaults()
        self.cache = Cache(include_query_string=include_query_string)
        self._origin_port = origin_port
        self._monotonic = monotonic
        self._on_served = on_served
        self._listener = Listener(self._serve)
        self.port = self._listener.port
        self.url = self._listener.url

    def prime(self, *targets: str) -> None:
        """Ask for the paths once, as a first visitor does, so that they are cached."""
        for target in targets:
            with wire.connect(self.port) as visitor:
                request = Head(f"GET {target} HTTP/1.1", (("Host", f"127.0.0.1:{self.port}"),))
                visitor.sendall(request.for_next_hop().encoded())
                wire.read_to_end(visitor)

    def invalidate(self, path: str = "/*", tags: frozenset[str] = frozenset()) -> None:
        """Forget what matches, once it becomes effective; or never, if told to ignore it."""
        if not self.faults.ignore_invalidations:
            effective = self._monotonic() + self.faults.invalidation_delay_s
            self.cache.invalidate(Matcher(path, tags), effective)

    def answers_for(self, host: str) -> bool:
        """Is this the host that an invalidation names? No host means every host."""
        if host.startswith("*."):
            return self.host.endswith(host[1:])
        return host in ("", self.host, f"127.0.0.1:{self.port}")

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        received = wire.read_head(client)
        if received is None or self.faults.hang_up:
            return
        head, rest = traced(received[0]), received[1]
        started, outcome = self._monotonic(), CLIENT_GONE
        try:
            outcome = self._dispatch(client, head, rest)
        finally:
            self._report(head, outcome, self._monotonic() - started)

    def _dispatch(self, client: socket.socket, head: Head, rest: bytes) -> Outcome:
        if self.faults.bad_gateway:
            return _bad_gateway(client)
        try:
            if head.method in ("GET", "HEAD") and not head.upgrades:
                return self._serve_cached(client, head)
            return self._tunnel(client, head, rest)
        except ConnectionRefusedError:
            return _bad_gateway(client)

    def _report(self, head: Head, outcome: Outcome, latency_s: float) -> None:
        self._on_served(
            Balanced(
                url_map=self.url_map,
                method=head.method,
                url=f"http://{head.get('Host')}{head.target}",
                user_agent=head.get("User-Agent"),
                trace=trace_of(head),
                latency_s=latency_s,
                outcome=outcome,
            )
        )

    def _serve_cached(self, client: socket.socket, head: Head) -> Outcome:
        now = self._monotonic()
        entry = self.cache.get(head.target, now)
        if entry is None or not entry.usable(now):
            response, body = self._fetch(head)
            client.sendall(_answer(head, self._marked(response), body))
            return BACKEND_CLOSED if response is _NOTHING else Outcome(response.status)
        client.sendall(_answer(head, self._aged(entry, now), entry.body))
        if not entry.fresh(now):
            self._fetch(head)
        return Outcome(entry.head.status, CACHED)

    def _fetch(self, head: Head) -> tuple[Head, bytes]:
        request = Head(head.first.replace("HEAD ", "GET ", 1), head.fields)
        response, body = self._ask_origin(request)
        if response.status == 404 and self.faults.spa_fallback:
            response, body = self._ask_origin(Head("GET / HTTP/1.1", head.fields))
        self.cache.put(head.target, response, body, self._monotonic())
        return response, body

    def _ask_origin(self, request: Head) -> tuple[Head, bytes]:
        with wire.connect(self._origin_port()) as origin:
            origin.sendall(self._forwarded(request).for_next_hop().encoded())
            answered = wire.read_head(origin)
            if answered is None:
                return _NOTHING, b""
            response, start = answered
            return response, start + wire.read_to_end(origin)

    def _tunnel(self, client: socket.socket, head: Head, rest: bytes) -> Outcome:
        faults = self.faults
        with wire.connect(self._origin_port()) as origin:
            wire.send_request(client, origin, self._forwarded(head), rest)
            answered = wire.read_head(origin)
            if answered is None:
                return BACKEND_CLOSED
            response, after = answered
            if faults.spa_fallback and response.status == 404:
                page = Head("GET / HTTP/1.1", head.without(["Upgrade"]).fields)
                return self._serve_cached(client, page)
            if faults.drop_subprotocol_response:
                response = response.without([_SUBPROTOCOL])
            if response.status != 101:
                response = self._marked(response)
            client.sendall(response.encoded() + after)
            limits = Limits(faults.idle_cut_s, faults.lifetime_cut_s)
            wire.carry_on(client, origin, upgraded=response.status == 101, limits=limits)
            return _ended(head, response)

    def _forwarded(self, head: Head) -> Head:
        dropped = set(self.faults.strip_request_headers)
        if self.faults.drop_subprotocol_request:
            dropped.add(_SUBPROTOCOL)
        return head.without(dropped).having("Via", "1.1 google")

    def _marked(self, response: Head) -> Head:
        return response if self.faults.hide_via else response.having("Via", "1.1 google")

    def _aged(self, entry: Entry, now: float) -> Head:
        marked = self._marked(entry.head)
        return marked if self.faults.hide_via else marked.having("Age", str(entry.age(now)))


def _answer(request: Head, response: Head, body: bytes) -> bytes:
    response = response.having("Connection", "close")
    return response.encoded() + (b"" if request.method == "HEAD" else body)


def _bad_gateway(client: socket.socket) -> Outcome:
    client.sendall(_BAD_GATEWAY)
    return UNREACHABLE


def _ended(request: Head, response: Head) -> Outcome:
    if response.status == 101:
        return Outcome(101, CLOSED)
    return Outcome(response.status, REFUSED) if request.upgrades else Outcome(response.status)
