"""What a response's headers let caches do, read as RFC 9111 has it, from a shared cache's side."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,]*))?')
_SECONDS = re.compile(r"\d{1,10}")
_LONGEST = 1000  # no honest header is longer, and quotes that never close cost a scan each
NO_HEADER = "no Cache-Control header"


def allows_storing(headers: Mapping[str, str]) -> str:
    """The Cache-Control value that lets a CDN answer from memory, else empty.

    Never from memory: `no-store` (RFC 9111 §5.2.2.5), `private` (§5.2.2.7: not in a shared cache),
    `no-cache` (§5.2.2.4: stored, but asked anew each time), `s-maxage=0` (§5.2.2.10, which outranks
    max-age) and `max-age=0` without s-maxage (§5.2.2.1), unless `stale-while-revalidate` lets an
    old copy out (RFC 5861 §3). The forms `private="..."` and `no-cache="..."` speak of single
    fields only. All else may be kept, if need be by a guess at freshness (§4.2.2). Edges may also
    follow CDN-Cache-Control (RFC 9213), so one permission of the two is enough.
    """
    values = (headers.get("cache-control"), headers.get("cdn-cache-control"))
    given = [value for value in values if value is not None]
    if not given:
        return NO_HEADER if _invites_a_guess(headers) else ""
    return next((value for value in given if _may_be_kept(_directives(value))), "")


def age_s(headers: Mapping[str, str]) -> int | None:
    """Seconds in caches; None where Age is absent or invalid, which proves nothing (§5.1)."""
    return _seconds(headers.get("age", "").partition(",")[0].strip())


def fresh_for_s(headers: Mapping[str, str]) -> int | None:
    """For how long a shared cache may still answer with this copy; None where it cannot be known.

    Lifetime by §4.2.1 (s-maxage, else max-age, else Expires minus Date) minus the Age so far.
    """
    said = _directives(headers.get("cache-control", ""))
    if "no-store" in said or said.get("no-cache") == "" or said.get("private") == "":
        return 0
    lifetime = _lifetime(said, headers)
    return None if lifetime is None else max(0, lifetime - (age_s(headers) or 0))


def _directives(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, argument in _DIRECTIVE.findall(value[:_LONGEST]):
        found.setdefault(name.lower(), argument.strip('"'))  # §4.2.1: the first one counts
    return found


def _may_be_kept(said: dict[str, str]) -> bool:
    if not said or "no-store" in said or said.get("no-cache") == "" or said.get("private") == "":
        return False
    lifetime = _seconds(said.get("s-maxage", said.get("max-age", "")))
    return lifetime != 0 or "stale-while-revalidate" in said


def _invites_a_guess(headers: Mapping[str, str]) -> bool:
    if "no-cache" in headers.get("pragma", "").lower():
        return False
    if "expires" in headers:
        return _lifetime({}, headers) != 0
    return "last-modified" in headers


def _lifetime(said: dict[str, str], headers: Mapping[str, str]) -> int | None:
    for name in ("s-maxage", "max-age"):
        if name in said:
            return _seconds(said[name])
    if "expires" not in headers:
        return None
    expires, date = _moment(headers["expires"]), _moment(headers.get("date", ""))
    if expires is None:
        return 0  # §5.3: an invalid date, "0" above all, means already expired
    return None if date is None else max(0, int((expires - date).total_seconds()))


def _seconds(text: str) -> int | None:
    return int(text) if _SECONDS.fullmatch(text) and text.isascii() else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None
