"""The opening request in bytes, and its masked likeness for the record."""

from skewcheck.adapters.websocket_prober.record import Record
from skewcheck.core.wire.opening import Opening, why_unsendable
from skewcheck.core.wire.script import ProbeRequest
from skewcheck.core.wire.transcript import Headers, Requested

EXTENSIONS = "permessage-deflate; client_max_window_bits"  # as Chromium and Firefox offer it


def complete(opening: Opening, request: ProbeRequest, key: str) -> Headers:
    """All headers of the request, save those that the variant leaves out."""
    ours = (("Sec-WebSocket-Key", key), ("Sec-WebSocket-Extensions", EXTENSIONS))
    kept = tuple(each for each in ours if each[0].lower() not in request.variant.without)
    return (*opening.headers, *kept)


def why_unwritable(opening: Opening) -> str:
    """Why no browser would send it; a line break would smuggle in a header of somebody's choice."""
    if why := why_unsendable(opening.offers):
        return why
    for name, value in opening.headers:
        if not _is_one_line(value):
            return f"the value of {name} has a control character"
    if not _is_one_line(opening.target) or " " in opening.target:
        return "the path has a space or a control character"
    return ""


def write_request(target: str, headers: Headers) -> bytes:
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode()


def requested(opening: Opening, headers: Headers, record: Record) -> Requested:
    return Requested(
        at_s=record.now_s(),
        target=record.ours(opening.target),
        headers=tuple((name, record.ours(value)) for name, value in headers),
        offers=tuple(record.ours(offer) for offer in opening.offers),
    )


def _is_one_line(text: str) -> bool:
    return all(char >= " " and char != "\x7f" for char in text)
