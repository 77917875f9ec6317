"""Waits for the answer to the handshake and puts it on record, whatever it is."""

from skewcheck.adapters.websocket_prober.body import is_whole, read_body
from skewcheck.adapters.websocket_prober.head import Head, NotHttpError, read_head
from skewcheck.adapters.websocket_prober.record import Record
from skewcheck.adapters.websocket_prober.wire import Ending, OverError, TooMuchError, Wire
from skewcheck.core.wire.transcript import Answered, Expired, Garbage, Headers, Interim

BODY_S = 1.0
_MOST_INTERIM = 10
_MOST_HEADERS = 100
_LONGEST_VALUE = 1000
_LONGEST_BODY = 2048


def await_head(wire: Wire, until_s: float, record: Record) -> tuple[Head, bytes]:
    """The final head and what came behind it; OverError once the record says why there is none."""
    try:
        return _skip_interim(wire, until_s, record)
    except TimeoutError:
        record.add(Expired(at_s=record.now_s(), waiting_for="answer"))
    except (NotHttpError, TooMuchError) as error:
        data = error.data if isinstance(error, NotHttpError) else b""
        head = record.theirs_in_bytes(data, "what came instead of an answer")
        record.add(Garbage(at_s=record.now_s(), opened=False, detail=str(error), head=head))
    raise OverError("left")


def record_upgrade(head: Head, record: Record) -> None:
    record.add(_answered(head, "", record))


def record_refusal(wire: Wire, head: Head, rest: bytes, until_s: float, record: Record) -> Ending:
    """With the head of the body, for which nobody waits long; how the connection stands then."""
    raw, how = _await_body(wire, head, rest, min(until_s, record.now_s() + BODY_S))
    body = record.theirs(read_body(head, raw).decode(errors="replace"), "answer body")
    record.add(_answered(head, body[:_LONGEST_BODY], record))
    return how


def _skip_interim(wire: Wire, until_s: float, record: Record) -> tuple[Head, bytes]:
    """100 and 103 announce the answer, they are none (RFC 9110 §15.2)."""
    data, interim = b"", 0
    while interim <= _MOST_INTERIM:
        head = read_head(data)
        if head is None:
            data += wire.receive(until_s)
            continue
        data = data[head.size :]
        if head.status == 101 or head.status // 100 != 1:
            return head, data
        interim += 1
        record.add(Interim(at_s=record.now_s(), status=head.status))
    raise NotHttpError(f"more than {_MOST_INTERIM} interim answers came", data)


def _await_body(wire: Wire, head: Head, raw: bytes, until_s: float) -> tuple[bytes, Ending]:
    while not is_whole(head, raw):
        try:
            raw += wire.receive(until_s)
        except OverError as over:
            return raw, over.how
        except (TimeoutError, TooMuchError):
            break
    return raw, "left"


def _answered(head: Head, body: str, record: Record) -> Answered:
    reason = record.theirs(head.reason, "answer reason")[:_LONGEST_VALUE]
    headers = _shown_headers(head, record)
    return Answered(
        at_s=record.now_s(), status=head.status, reason=reason, headers=headers, body=body
    )


def _shown_headers(head: Head, record: Record) -> Headers:
    shown = []
    for name, value in head.headers:
        label = record.ours(name)[:_LONGEST_VALUE]
        masked = record.theirs(value, f"answer header {label}")[:_LONGEST_VALUE]
        shown.append((label, _without_value(masked) if name.lower() == "set-cookie" else masked))
    return tuple(shown[:_MOST_HEADERS])


def _without_value(cookie: str) -> str:
    name, equals, _ = cookie.partition("=")
    return f"{name}=[hidden]" if equals else "[hidden]"
