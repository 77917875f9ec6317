"""The library's sans-I/O client, made to tell all that it hears before it judges it."""

import logging
import struct

from websockets.client import ClientProtocol
from websockets.datastructures import Headers as ResponseHeaders
from websockets.exceptions import (
    InvalidHandshake,
    NegotiationError,
    PayloadTooBig,
    ProtocolError,
)
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from skewcheck.adapters.websocket_prober.address import Address
from skewcheck.adapters.websocket_prober.head import Head
from skewcheck.adapters.websocket_prober.record import Record
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.transcript import Closed, Control, Garbage, NotOpened, Opened, Received

MOST_MESSAGE_BYTES = 1024 * 1024
MOST_FRAMES = 5000
LONGEST_TEXT = 64 * 1024
LONGEST_TEXTS = 256 * 1024
_KEPT = 4096
_ANY_RSV, _RSV1, _CONTROL = 0b0111_0000, 0b0100_0000, 0b1000

# At DEBUG the library would log whole frames, tokens included. A logger that is registered nowhere:
# those that are, logging.config switches on again.
_SILENT = logging.Logger("skewcheck.websocket")  # noqa: LOG001
_SILENT.disabled = True


class _TooManyError(Exception):
    def __init__(self) -> None:
        super().__init__(f"more than {MOST_FRAMES} frames were sent")


class RecordingProtocol(ClientProtocol):
    """Its handshake is judged by `judge`, never read by itself; frames then come in by `feed`."""

    def __init__(
        self, to: Address, offers: tuple[str, ...], record: Record, *, deflate: bool
    ) -> None:
        super().__init__(
            WebSocketURI(to.is_secure, to.host, to.port, "/", ""),
            extensions=[ClientPerMessageDeflateFactory()] if deflate else None,
            subprotocols=[Subprotocol(offer) for offer in offers] or None,
            state=State.OPEN,
            max_size=MOST_MESSAGE_BYTES,
            logger=_SILENT,
        )
        self._record = record
        self._frames = 0
        self._messages = 0
        self._room = LONGEST_TEXTS
        self._is_amid = False  # a message of which more fragments must come
        self._is_text = False
        self._parts: list[bytes] = []
        self._unread = b""  # from the first byte of the frame that is being read
        self._has_told_offence = False
        self.has_heard_close = False

    def judge(self, head: Head) -> Opened | NotOpened:
        """By RFC 6455 §4.1, as browsers do."""
        headers = ResponseHeaders(list(head.headers))
        try:
            if head.version != "1.1":
                raise InvalidHandshake(f"it is HTTP/{head.version}, not HTTP/1.1")
            self.process_response(Response(head.status, head.reason, headers))
        except InvalidHandshake as error:
            detail = shorten(self._record.ours(str(error)))
            return NotOpened(at_s=self._record.now_s(), detail=detail)
        return Opened(
            at_s=self._record.now_s(),
            subprotocol=self._record.ours(self.subprotocol or ""),
            extensions=tuple(each.name for each in self.extensions),
        )

    def process_subprotocol(self, headers: ResponseHeaders) -> Subprotocol | None:
        try:
            return super().process_subprotocol(headers)
        except NegotiationError:
            chosen = ", ".join(headers.get_all("Sec-WebSocket-Protocol"))
            raise NegotiationError(f"it selects {chosen}, which was not offered") from None

    def feed(self, data: bytes) -> None:
        """Takes bytes in; never raises, see `offence`."""
        self._unread = (self._unread + data)[:_KEPT]
        self.receive_data(data)
        if self.state is State.OPEN and self.parser_exc is None and self._is_no_frame():
            # The library would wait for the whole payload first: for ever, if it is plain text.
            self._refuse(CloseCode.PROTOCOL_ERROR, ProtocolError("reserved bits must be 0"))
        if self._frames > MOST_FRAMES and self.parser_exc is None:
            self._refuse(CloseCode.MESSAGE_TOO_BIG, _TooManyError())

    def offence(self) -> Garbage | None:
        """Once: what they sent that is no frame. A close frame that can be read is one, whatever
        its code."""
        if self.parser_exc is None or self._has_told_offence or self.has_heard_close:
            return None
        self._has_told_offence = True
        detail, code = _explain(self.parser_exc)
        head = self._record.theirs_in_bytes(self._unread, "what is no frame")
        return Garbage(
            at_s=self._record.now_s(), opened=True, detail=detail, head=head, close_code=code
        )

    @property
    def is_over(self) -> bool:
        return self.parser_exc is not None or self.close_rcvd is not None

    def recv_frame(self, frame: Frame) -> None:
        """The library's own hook for one frame, before and after it was judged."""
        self._frames += 1
        if self._frames > MOST_FRAMES:
            return
        self._hear(frame)
        super().recv_frame(frame)
        self._unread = bytes(self.reader.buffer[:_KEPT])

    def send_frame(self, frame: Frame) -> None:
        super().send_frame(frame)
        if frame.opcode in {Opcode.PING, Opcode.PONG}:
            self._record.add(_control("us", frame, self._record.now_s()))

    def _refuse(self, code: CloseCode, error: Exception) -> None:
        self.fail(code, str(error))
        self.parser_exc = error

    def _hear(self, frame: Frame) -> None:
        data = bytes(frame.data)
        if frame.opcode is Opcode.CLOSE:
            self._hear_close(data)
        elif frame.opcode in {Opcode.PING, Opcode.PONG}:
            self._record.theirs(data.decode(errors="replace"), frame.opcode.name.lower())
            self._record.add(_control("server", frame, self._record.now_s()))
        else:
            self._gather(frame, data)

    def _hear_close(self, data: bytes) -> None:
        code = struct.unpack("!H", data[:2])[0] if len(data) >= 2 else None
        reason = self._record.theirs(data[2:].decode(errors="replace"), "close reason")
        self._record.add(Closed(at_s=self._record.now_s(), by="server", code=code, reason=reason))
        self.has_heard_close = len(data) != 1 and _is_utf8(data[2:])

    def _gather(self, frame: Frame, data: bytes) -> None:
        is_first = frame.opcode is not Opcode.CONT
        if is_first == self._is_amid:
            return  # out of turn: the library objects to it
        if is_first:
            self._is_text, self._parts = frame.opcode is Opcode.TEXT, []
        self._parts.append(data)
        self._is_amid = not frame.fin
        if frame.fin:
            self._hear_message(b"".join(self._parts))

    def _hear_message(self, data: bytes) -> None:
        self._messages += 1
        where = f"message {self._messages}"
        text: str | None = None
        is_cut = False
        if self._is_text:
            whole = self._record.theirs(data.decode(), where)
            text = whole[: min(LONGEST_TEXT, self._room)]
            is_cut = len(text) < len(whole)
            self._room -= len(text)
        else:
            self._record.theirs(data.decode(errors="replace"), where)
        self._record.add(
            Received(at_s=self._record.now_s(), text=text, size=len(data), is_cut=is_cut)
        )

    def _is_no_frame(self) -> bool:
        """RFC 6455 §5.2: reserved bits are 0 unless an extension uses them."""
        if not self._unread:
            return False
        first = self._unread[0]
        allowed = _RSV1 if self.extensions and not first & _CONTROL else 0
        return bool(first & _ANY_RSV & ~allowed)


def _control(by: str, frame: Frame, at_s: float) -> Control:
    return Control(
        at_s=at_s,
        by="us" if by == "us" else "server",
        frame="ping" if frame.opcode is Opcode.PING else "pong",
        size=len(frame.data),
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _explain(error: Exception) -> tuple[str, int]:
    """What was wrong with their bytes, and the close code that they are owed for it."""
    if isinstance(error, UnicodeDecodeError):
        return f"a text is not UTF-8: {error.reason} at byte {error.start}", 1007
    if isinstance(error, PayloadTooBig):
        return f"a message is larger than {MOST_MESSAGE_BYTES // 1024} KiB", 1009
    if isinstance(error, _TooManyError):
        return str(error), 1009
    return shorten(str(error)) or "it cannot be read", 1002
