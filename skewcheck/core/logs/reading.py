"""Entries of Cloud Logging as lines about probes: whose, when, and what in a few masked words.

Rule of this file: an entry that breaks its schema spoils the whole answer. Left out, it would look
as if nothing had been logged.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from skewcheck.core.cloud_run.fields import (
    Document,
    MalformedError,
    document,
    flag,
    inner,
    moment,
    number,
    text,
)
from skewcheck.core.logs.query import LogLine
from skewcheck.core.masking import MASKED, mask
from skewcheck.core.remote_text import shorten
from skewcheck.core.strict_json import Json

LONGEST = 200
_LONGEST_READ = 20_000
_LONGEST_FIELD = 40
_MOST_FIELDS = 6
_BALANCER = "http_load_balancer"
_SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")
_TOLD_ELSEWHERE = {"message", "severity", "time", "timestamp"}
_SECRET_NAME = re.compile(r"token|ticket|secret|password|authorization|cookie|jwt|key$", re.I)


@dataclass(frozen=True, slots=True)
class Nonsense:
    """What is wrong with an answer that Cloud Logging would not give."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The request lines, and which probe each of their traces belongs to."""

    lines: tuple[LogLine, ...]
    traces: Mapping[str, str]


def read_requests(entries: Iterable[Json], probe_ids: Sequence[str]) -> Requests | Nonsense:
    """Keeps those whose User-Agent holds one of the ids as a whole word."""
    lines: list[LogLine] = []
    traces: dict[str, str] = {}
    try:
        for entry in (document(each, "a log entry") for each in entries):
            probe = probe_in(text(inner(entry, "httpRequest"), "userAgent"), probe_ids)
            if probe:
                lines.append(_line(entry, _request(entry), probe))
                if trace := text(entry, "trace"):
                    traces[trace] = probe
    except MalformedError as error:
        return Nonsense(f"a log entry in which {error}")
    return Requests(lines=tuple(lines), traces=traces)


def read_printed(
    entries: Iterable[Json], traces: Mapping[str, str]
) -> tuple[LogLine, ...] | Nonsense:
    """What the programs printed; the trace says for which probe."""
    try:
        return tuple(
            _line(entry, _printed(entry), traces.get(text(entry, "trace"), ""))
            for entry in (document(each, "a log entry") for each in entries)
        )
    except MalformedError as error:
        return Nonsense(f"a log entry in which {error}")


def in_order(*groups: Iterable[LogLine]) -> tuple[LogLine, ...]:
    """The oldest first; what came at the same moment stays as given."""
    return tuple(sorted((line for group in groups for line in group), key=lambda line: line.at))


def probe_in(agent: str, probe_ids: Iterable[str]) -> str:
    """The id that the User-Agent names; empty where it names none of them."""
    named = (
        each for each in probe_ids if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", agent)
    )
    return max(named, key=len, default="")


def _line(entry: Document, said: str, probe: str) -> LogLine:
    return LogLine(
        at=moment(entry, "timestamp"),
        by=_plain(_by(inner(entry, "resource"))),
        severity=_plain(text(entry, "severity") or "DEFAULT"),
        text=_plain(said),
        probe_id=probe,
    )


def _by(resource: Document) -> str:
    kind, labels = text(resource, "type"), inner(resource, "labels")
    if kind == _BALANCER:
        return "load balancer"
    service, revision = text(labels, "service_name"), text(labels, "revision_name")
    return "/".join(part for part in (service, revision) if part) or kind or "unknown"


def _request(entry: Document) -> str:
    http, payload = inner(entry, "httpRequest"), inner(entry, "jsonPayload")
    took = _SECONDS.fullmatch(text(http, "latency"))
    words = [text(http, "requestMethod"), _path(text(http, "requestUrl"))]
    words += [str(number(http, "status") or "without a status")]
    words += [f"in {float(took[1]):.2f} s"] if took else []
    words += ["from the cache"] if flag(http, "cacheHit") else []
    said = " ".join(word for word in words if word)
    details = text(payload, "statusDetails")
    return f"{said}: {details}" if details else said


def _path(url: str) -> str:
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return url.partition("?")[0]


def _printed(entry: Document) -> str:
    payload = inner(entry, "jsonPayload")
    message = payload.get("message")
    words = [text(entry, "textPayload"), message if isinstance(message, str) else ""]
    return " ".join(word for word in (*words, *_fields(payload)) if word)


def _fields(payload: Document) -> list[str]:
    shown = ((key, _small(value)) for key, value in payload.items())
    told = [
        f"{key}={MASKED if _SECRET_NAME.search(key) else value}"
        for key, value in shown
        if value and key not in _TOLD_ELSEWHERE and "/" not in key
    ]
    return told[:_MOST_FIELDS]


def _small(value: object) -> str:
    """Empty for what is no short text, number or flag."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        return ""
    return str(value) if len(str(value)) <= _LONGEST_FIELD else ""


def _plain(said: str) -> str:
    return shorten(" ".join(mask(said[:_LONGEST_READ]).split()), limit=LONGEST)
