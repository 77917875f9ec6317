"""The head of an HTTP/1 answer out of raw bytes, as leniently as a browser reads it. Pure."""

import re
from dataclasses import dataclass

MOST_HEAD_BYTES = 64 * 1024
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/(\d(?:\.\d)?) +(\d{3})(?:[ \t]+(.*))?", re.DOTALL)
_MAGIC = b"HTTP/"
_TLS_RECORDS = (b"\x15\x03", b"\x16\x03")


class NotHttpError(Exception):
    """What came back is no HTTP answer; `data` is it."""

    def __init__(self, detail: str, data: bytes = b"") -> None:
        super().__init__(detail)
        self.data = data


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`size` counts the bytes up to the end of the blank line."""

    version: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    size: int

    def get(self, name: str) -> str:
        """All values joined by commas, in lower case."""
        found = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(found).lower()


def read_head(data: bytes) -> Head | None:
    """None while more must come; NotHttpError as soon as it can be no answer any more."""
    if not _MAGIC.startswith(data[: len(_MAGIC)]):
        raise NotHttpError(_guess(data), data)
    end = _END.search(data)
    if end is None:
        if len(data) > MOST_HEAD_BYTES:
            raise NotHttpError(f"its head is longer than {MOST_HEAD_BYTES // 1024} KiB", data)
        return None
    first, *lines = data[: end.start()].split(b"\n")
    status = _STATUS.fullmatch(first.rstrip())
    if status is None:
        raise NotHttpError("its status line is malformed", data)
    return Head(
        version=status[1].decode(),
        status=int(status[2]),
        reason=_text(status[3] or b""),
        headers=_headers(lines),
        size=end.end(),
    )


def _headers(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    """A line that begins with a space goes on with the one before (RFC 9112 §5.2)."""
    found: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in {b" ", b"\t"} and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {_text(line)}".strip())
            continue
        raw_name, _, raw_value = line.partition(b":")
        found.append((_text(raw_name), _text(raw_value)))
    return tuple(found)


def _text(raw: bytes) -> str:
    """Latin-1 is what the standard once allowed, UTF-8 what servers send."""
    raw = raw.strip()
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _guess(data: bytes) -> str:
    if data.startswith(_TLS_RECORDS):
        return "what came back is TLS: the URL wants https"
    return "what came back is not HTTP"
