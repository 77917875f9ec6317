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
from skewcheck.sandbox.edges.wire import Head, Limits

_SUBPROTOCOL = "Sec-WebSocket-Protocol"
_BAD_GATEWAY = wire.simple("502 Bad Gateway", "<h1>502 Bad Gateway</h1>\n")


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
    ) -> None:
        self.host = host
        self.url_map = url_map
        self.faults = EdgeFaults()
        self.cache = Cache(include_query_string=include_query_string)
        self._origin_port = origin_port
        self._monotonic = monotonic
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
        head, rest = received
        try:
            self._dispatch(client, head, rest)
        except ConnectionRefusedError:
            client.sendall(_BAD_GATEWAY)

    def _dispatch(self, client: socket.socket, head: Head, rest: bytes) -> None:
        if self.faults.bad_gateway:
            client.sendall(_BAD_GATEWAY)
        elif head.method in ("GET", "HEAD") and not head.upgrades:
            self._serve_cached(client, head)
        else:
            self._tunnel(client, head, rest)

    def _serve_cached(self, client: socket.socket, head: Head) -> None:
        now = self._monotonic()
        entry = self.cache.get(head.target, now)
        if entry is None or not entry.usable(now):
            response, body = self._fetch(head)
            client.sendall(_answer(head, self._marked(response), body))
            return
        client.sendall(_answer(head, self._aged(entry, now), entry.body))
        if not entry.fresh(now):
            self._fetch(head)

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
                return Head("HTTP/1.1 502 Bad Gateway", (("Content-Length", "0"),)), b""
            response, start = answered
            return response, start + wire.read_to_end(origin)

    def _tunnel(self, client: socket.socket, head: Head, rest: bytes) -> None:
        faults = self.faults
        with wire.connect(self._origin_port()) as origin:
            wire.send_request(client, origin, self._forwarded(head), rest)
            answered = wire.read_head(origin)
            if answered is None:
                return
            response, after = answered
            if faults.spa_fallback and response.status == 404:
                self._serve_cached(client, Head("GET / HTTP/1.1", head.without(["Upgrade"]).fields))
                return
            if faults.drop_subprotocol_response:
                response = response.without([_SUBPROTOCOL])
            if response.status != 101:
                response = self._marked(response)
            client.sendall(response.encoded() + after)
            limits = Limits(faults.idle_cut_s, faults.lifetime_cut_s)
            wire.carry_on(client, origin, upgraded=response.status == 101, limits=limits)

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
