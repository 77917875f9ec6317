"""From a name to a connected socket: look it up, try its addresses, or go through a proxy."""

import errno
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from skewcheck.adapters.websocket_prober.address import Address, host_with_port
from skewcheck.adapters.websocket_prober.proxy import Proxy, ProxyError, open_tunnel, read_proxy
from skewcheck.adapters.websocket_prober.record import Record
from skewcheck.adapters.websocket_prober.wire import Wire
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.transcript import Connected, NotConnected, NotResolved, Resolved
from skewcheck.deadline import within

Found: TypeAlias = tuple[Any, ...]  # as socket.getaddrinfo has it; the last part is the address
LookUp: TypeAlias = Callable[..., Sequence[Found]]

_NO_ROUTE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EACCES}


class _NoAddressError(Exception):
    pass


class _NoConnectionError(Exception):
    pass


class Dialler:
    """`proxy_of` gives the proxy's URL for a URL; `look_up` is socket.getaddrinfo in earnest."""

    def __init__(self, proxy_of: Callable[[str], str | None], look_up: LookUp) -> None:
        self._proxy_of = proxy_of
        self._look_up = look_up

    def dial(self, to: Address, patience_s: float, record: Record) -> Wire | None:
        """None where there is no way there; the record then says why."""
        place = self._proxy_of(to.url)
        if place is None:
            return self._directly(to, patience_s, record)
        through = ""
        try:
            proxy = read_proxy(place)
            through = str(proxy)
            wire = self._through(proxy, to, patience_s, record)
        except (ProxyError, _NoAddressError, _NoConnectionError) as error:
            record.add(NotConnected(at_s=record.now_s(), detail=str(error), through=through))
            return None
        record.add(Connected(at_s=record.now_s(), address=str(to), through=through))
        return wire

    def _directly(self, to: Address, patience_s: float, record: Record) -> Wire | None:
        try:
            found = self._find(to.host, to.port, patience_s)
        except _NoAddressError as error:
            record.add(NotResolved(at_s=record.now_s(), detail=str(error)))
            return None
        record.add(Resolved(at_s=record.now_s(), addresses=_hosts(found)))
        try:
            sock, address = _connect(found, patience_s)
        except _NoConnectionError as error:
            record.add(NotConnected(at_s=record.now_s(), detail=str(error)))
            return None
        record.add(Connected(at_s=record.now_s(), address=address))
        return Wire(sock, record.now_s)

    def _through(self, proxy: Proxy, to: Address, patience_s: float, record: Record) -> Wire:
        sock, _ = _connect(self._find(proxy.host, proxy.port, patience_s), patience_s)
        wire = Wire(sock, record.now_s)
        try:
            open_tunnel(wire, proxy, str(to), record.now_s() + patience_s)
        except BaseException:
            wire.close()
            raise
        return wire

    def _find(self, host: str, port: int, patience_s: float) -> Sequence[Found]:
        try:
            found = within(patience_s, lambda: self._look_up(host, port, type=socket.SOCK_STREAM))
        except TimeoutError:
            raise _NoAddressError(f"no name server answered within {patience_s:g} s") from None
        except socket.gaierror as error:
            said = shorten(error.strerror or "")
            raise _NoAddressError(f"{shorten(host)} has no address: {said}") from None
        except (UnicodeError, OSError):  # a label too long for IDNA
            raise _NoAddressError(f"{shorten(host)} is no host name") from None
        if not found:
            raise _NoAddressError(f"{shorten(host)} has no address")
        return found


def _hosts(found: Sequence[Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def _connect(found: Sequence[Found], patience_s: float) -> tuple[socket.socket, str]:
    """Each address gets an equal share of what is left, so that a dead one cannot take it all."""
    ends_at = time.monotonic() + patience_s
    troubles: dict[str, None] = {}
    for number, (family, kind, proto, _, address) in enumerate(found):
        share_s = (ends_at - time.monotonic()) / (len(found) - number)
        try:
            sock = socket.socket(family, kind, proto)
            _try(sock, address, max(share_s, 0.001))
        except OSError as error:
            troubles[_explain(error, patience_s)] = None
        else:
            return sock, host_with_port(address[0], address[1])
    raise _NoConnectionError("; ".join(troubles))


def _try(sock: socket.socket, address: Any, patience_s: float) -> None:
    try:
        sock.settimeout(patience_s)
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise


def _explain(error: OSError, patience_s: float) -> str:
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens on that port ({name})"
    if isinstance(error, TimeoutError):
        return f"no answer within {patience_s:g} s"
    if error.errno in _NO_ROUTE:
        return f"no way there ({name})"
    return f"{shorten(error.strerror or 'it failed')} ({name})"
