"""Carries out, on an open socket, what the core says comes next, until nothing is left to learn."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import assert_never

from skewcheck.adapters.websocket_prober.protocol import RecordingProtocol
from skewcheck.adapters.websocket_prober.record import Record
from skewcheck.adapters.websocket_prober.wire import OverError, TooMuchError, Wire
from skewcheck.core.wire.conversation import (
    Leave,
    Listen,
    Move,
    Ping,
    Say,
    next_move,
    write_message,
)
from skewcheck.core.wire.script import Message, ProbeRequest, vary
from skewcheck.core.wire.secret import Secret, fill_value
from skewcheck.core.wire.transcript import Closed, Expired, Garbage, Sent

WhileOpen = Callable[[], "Future[object]"]


class Conversation:
    """One per socket. Whatever ends it raises OverError; to return means that we left."""

    def __init__(
        self, wire: Wire, protocol: RecordingProtocol, record: Record, request: ProbeRequest
    ) -> None:
        self._wire = wire
        self._protocol = protocol
        self._record = record
        self._variant = request.variant
        self._script = vary(request.script, request.variant)
        self._patience = request.patience
        self._has_told_close = False

    def hold(self, first: bytes, token: Secret | None, while_open: WhileOpen | None) -> None:
        """`first` is what came right behind the answer."""
        future = while_open() if while_open else None
        if first:
            self._take_in(first)
        while self._carry_out(self._next(), token):
            pass
        if future is not None:
            wait((future,), timeout=self._patience.answer_s)
        self._leave()

    def _next(self) -> Move:
        now_s = self._record.now_s()
        return next_move(self._script, self._variant, self._record.events, now_s)

    def _carry_out(self, move: Move, token: Secret | None) -> bool:
        """Whether anything is left to do."""
        match move:
            case Say(message=message):
                self._say(message, token)
            case Ping():
                self._protocol.send_ping(b"")
                self._send()
            case Listen():
                return self._listen(move)
            case Leave():
                return False
            case _:
                assert_never(move)
        return True

    def _say(self, message: Message, token: Secret | None) -> None:
        # as JSON.stringify does with half a surrogate pair
        data = write_message(fill_value(message, token)).encode("utf-8", "backslashreplace")
        self._protocol.send_text(data)
        self._send()
        text = self._record.ours(data.decode())
        self._record.add(Sent(at_s=self._record.now_s(), text=text))

    def _listen(self, move: Listen) -> bool:
        try:
            data = self._wire.receive(move.until_s)
        except TooMuchError as error:
            self._refuse_more(error)
        except TimeoutError:
            if move.late:
                self._record.add(Expired(at_s=self._record.now_s(), waiting_for=move.late))
            return not move.late
        else:
            self._take_in(data)
        return True

    def _take_in(self, data: bytes) -> None:
        self._protocol.feed(data)
        self._tell()
        if self._protocol.is_over:
            self._flush()
            self._see_out()
        self._send()

    def _tell(self) -> None:
        """What they did wrong, then how we answered their close or their offence."""
        if garbage := self._protocol.offence():
            self._record.add(garbage)
        close = self._protocol.close_sent
        if close is not None and not self._has_told_close:
            self._has_told_close = True
            code = None if close.code == 1005 else int(close.code)
            reason = self._record.ours(close.reason)
            self._record.add(Closed(at_s=self._record.now_s(), by="us", code=code, reason=reason))

    def _send(self) -> None:
        """Where nothing gets through any more, they have ended it: all that is left is to read."""
        if not self._flush():
            self._see_out()

    def _flush(self) -> bool:
        data = b"".join(self._protocol.data_to_send())
        return not data or self._wire.send(data, self._soon())

    def _see_out(self) -> None:
        """Always raises OverError: says how they closed, or that we did not wait for it longer."""
        until_s = self._soon()
        while True:
            try:
                data = self._wire.receive(until_s)
            except (TimeoutError, TooMuchError):
                raise OverError("left") from None
            self._protocol.feed(data)
            self._tell()

    def _refuse_more(self, error: TooMuchError) -> None:
        self._record.add(
            Garbage(at_s=self._record.now_s(), opened=True, detail=str(error), close_code=1009)
        )
        self._protocol.fail(1009)
        self._tell()
        self._flush()
        raise OverError("left")

    def _leave(self) -> None:
        """Their echo of the close is waited for a little; how they then close is no news."""
        self._protocol.send_close(1000)
        if not self._flush():
            self._see_out()
        self._tell()
        until_s = self._soon()
        while not self._protocol.is_over:
            try:
                self._protocol.feed(self._wire.receive(until_s))
            except (TimeoutError, TooMuchError, OverError):
                return
            self._tell()
            self._flush()

    def _soon(self) -> float:
        return self._record.now_s() + self._patience.close_s
