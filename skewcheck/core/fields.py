"""Field types that manifests and contracts share: how a written text becomes a checked value.

Every scalar arrives as the text that was written; each type here reads it by itself, so that the
message can say what was meant, and tells editors about itself for the JSON Schema.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict
from pydantic_core import core_schema

_Items = TypeVar("_Items", bound=tuple[Any, ...])
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h|d)")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)


class Document(BaseModel):
    """A mapping that people write: frozen, and a key that we do not know is an error.

    Validators are built on first use, because most commands never read a manifest.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Annotates a field: `read` turns the written text into a `kind`, `json` is for editors."""

    kind: type
    read: Callable[[str], Any]
    json: dict[str, Any]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.value)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return dict(self.json)

    def value(self, written: Any) -> Any:
        """Values built in Python pass as they are; a mapping or a list is never one value."""
        if isinstance(written, str):
            return self.read(written)
        if isinstance(written, self.kind):
            return written
        raise ValueError("wants one value here")


def text(pattern: str, problem: str) -> Read:
    """A text that matches `pattern` as a whole; `problem` says what it is not."""
    compiled = re.compile(pattern)

    def read(written: str) -> str:
        if not compiled.fullmatch(written):
            raise ValueError(problem)
        return written

    return Read(str, read, {"type": "string", "pattern": f"^({pattern})$"})


def read_duration(written: str) -> timedelta:
    """`90s`, `20m`, `12h`, `7d`, `1h30m`; ValueError on anything else, a bare number included."""
    parts = _DURATION.findall(written)
    if not parts or "".join(number + unit for number, unit in parts) != written:
        raise ValueError("not a duration such as 90s, 20m or 12h")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if seconds > timedelta(days=3650).total_seconds():
        raise ValueError("longer than ten years")
    return timedelta(seconds=seconds)


def not_empty(items: _Items) -> _Items:
    """For lists that say nothing when they are empty; counted after their items were read."""
    if not items:
        raise ValueError("empty; write at least one")
    return items


def may_be_empty(schema: dict[str, Any]) -> None:
    """Tells editors that `key:` with nothing behind it is meant; Grammar.empty_at allows it."""
    schema["type"] = [schema["type"], "null"]


def write_duration(duration: timedelta) -> str:
    """The shortest text that reads as that duration: `12h`, `1h30m`, `500ms`."""
    left, parts = round(duration.total_seconds() * 1000), []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def _read_flag(written: str) -> bool:
    if written not in {"true", "false"}:
        raise ValueError("not `true` or `false`")
    return written == "true"


def _read_day(written: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        raise ValueError("not a date such as 2026-12-31")
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ValueError("not a day of the calendar") from error


def whole_number(*, least: int) -> Read:
    def read(written: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", written) or int(written) < least:
            raise ValueError(f"not a whole number, {least} or more")
        return int(written)

    return Read(int, read, {"type": "integer", "minimum": least})


def _read_share(written: str) -> float:
    if not re.fullmatch(r"0?\.[0-9]{1,9}", written) or float(written) == 0:
        raise ValueError("not a share between 0 and 1, such as 0.90")
    return float(written)


def _read_web_address(written: str) -> str:
    problem = "not an http(s) URL with a host"
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError as error:
        raise ValueError(problem) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError(problem)
    if "@" in parts.netloc or "?" in written or "#" in written:
        raise ValueError("a URL here carries no user, query or fragment")
    if re.search(r"\s", written) or not _HOST.fullmatch(parts.hostname):
        raise ValueError("not a host name; write an international one in its xn-- form")
    return written.rstrip("/")


def _read_repository_path(written: str) -> str:
    unsafe = written[:1] in {"", "/", "-", ":"} or not written.isprintable()
    if unsafe or {"..", "."} & set(written.split("/")):
        raise ValueError("not a path from the repository's root, such as contracts/chat.yaml")
    return written


Duration = Annotated[
    timedelta,
    Read(
        timedelta,
        read_duration,
        {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$"},
    ),
]
Flag = Annotated[bool, Read(bool, _read_flag, {"type": "boolean"})]
Day = Annotated[date, Read(date, _read_day, {"type": "string", "format": "date"})]
Share = Annotated[
    float,
    Read(float, _read_share, {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
]
WebAddress = Annotated[
    str, Read(str, _read_web_address, {"type": "string", "pattern": r"^https?://[^\s?#@]+$"})
]
RepositoryPath = Annotated[
    str, Read(str, _read_repository_path, {"type": "string", "pattern": "^[^/:-]"})
]
Name = Annotated[
    str,
    text(
        r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?",
        "not a name; use lower-case letters, digits and - . _ between them",
    ),
]
UrlPath = Annotated[
    str, text(r"/(?!/)[^\s?#]*", "not a path such as /ws, without query and fragment")
]
SocketPath = Annotated[
    str, text(r"/(?!/)[^\s#]*", "not a path such as /ws or /socket.io/?EIO=4, without fragment")
]
Line = Annotated[str, text(r"(?=.*\S)[^\x00-\x1f\x7f]+", "not one line of text")]
