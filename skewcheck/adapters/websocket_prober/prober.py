"""One probe from the name to the last frame, told in order; what happens on the way is an event."""

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from functools import cached_property

from skewcheck import __version__
from skewcheck.adapters.websocket_prober.address import address_of
from skewcheck.adapters.websocket_prober.answer import await_head, record_refusal, record_upgrade
from skewcheck.adapters.websocket_prober.ask import (
    complete,
    requested,
    why_unwritable,
    write_request,
)
from skewcheck.adapters.websocket_prober.conversation import Conversation, WhileOpen
from skewcheck.adapters.websocket_prober.dial import Dialler, LookUp
from skewcheck.adapters.websocket_prober.protocol import RecordingProtocol
from skewcheck.adapters.websocket_prober.proxy import proxy_from_environment
from skewcheck.adapters.websocket_prober.record import Record
from skewcheck.adapters.websocket_prober.tls import secure, trust
from skewcheck.adapters.websocket_prober.wire import OverError, Wire
from skewcheck.core.remote_text import without_secrets
from skewcheck.core.wire.opening import Opening, write_opening
from skewcheck.core.wire.script import ProbeRequest, vary
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Ended, NotOpened, Transcript, Unsendable
from skewcheck.ports import Clock

USER_AGENT = f"skewcheck/{__version__}"


class WebSocketProber:
    """Safe for many threads: nothing but the trusted authorities is shared between probes.

    `clock` only dates the probe; deadlines are measured by the system's own steady clock. Every
    transcript that got as far as a connection ends with `Ended`.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        ca_bundle: str = "",
        proxy_of: Callable[[str], str | None] = proxy_from_environment,
        look_up: LookUp = socket.getaddrinfo,
    ) -> None:
        self._clock = clock
        self._ca_bundle = ca_bundle
        self._dialler = Dialler(proxy_of, look_up)

    def probe(
        self, request: ProbeRequest, token: Secret | None, *, while_open: WhileOpen | None = None
    ) -> Transcript:
        if token is None and vary(request.script, request.variant).needs_token:
            raise ValueError(f"probe {request.id}: its script needs a token")
        started = self._clock.now()
        record = Record(token)
        opening = write_opening(request, token, USER_AGENT)
        if why := why_unwritable(opening):
            record.add(Unsendable(at_s=record.now_s(), detail=record.ours(why)))
        else:
            self._visit(request, opening, record, token, while_open)
        return Transcript(
            id=request.id,
            url=record.ours(without_secrets(request.target.url)),
            started=started,
            events=tuple(record.events),
        )

    def _visit(
        self,
        request: ProbeRequest,
        opening: Opening,
        record: Record,
        token: Secret | None,
        while_open: WhileOpen | None,
    ) -> None:
        to = address_of(request.target.url)
        context = self._trust if to.is_secure else None
        wire = self._dialler.dial(to, request.patience.connect_s, record)
        if wire is None:
            return
        with closing(wire):
            try:
                if context is not None:
                    secure(wire, context, to.host, request.patience.tls_s, record)
                first, protocol = _open(request, opening, wire, record)
                conversation = Conversation(wire, protocol, record, request)
                conversation.hold(first, token, while_open)
                over = OverError("left")
            except OverError as error:
                over = error
            record.add(Ended(at_s=record.now_s(), how=over.how))

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return trust(self._ca_bundle)


def _open(
    request: ProbeRequest, opening: Opening, wire: Wire, record: Record
) -> tuple[bytes, RecordingProtocol]:
    """The protocol and the first bytes for it; OverError where the socket did not open."""
    deflate = "sec-websocket-extensions" not in request.variant.without
    to = address_of(request.target.url)
    protocol = RecordingProtocol(to, opening.offers, record, deflate=deflate)
    headers = complete(opening, request, protocol.key)
    record.add(requested(opening, headers, record))
    until_s = record.now_s() + request.patience.answer_s
    wire.send(write_request(opening.target, headers), until_s)
    head, rest = await_head(wire, until_s, record)
    if head.status != 101:
        raise OverError(record_refusal(wire, head, rest, until_s, record))
    record_upgrade(head, record)
    verdict = protocol.judge(head)
    record.add(verdict)
    if isinstance(verdict, NotOpened):
        raise OverError("left")
    return rest, protocol
