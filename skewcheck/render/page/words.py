"""How the page names builds, moments and tones: the words that all its parts share."""

from datetime import UTC, datetime

from skewcheck.core.strict_json import Json
from skewcheck.render.page.document import moment_in, text_in
from skewcheck.render.plan.words import short
from skewcheck.render.words import moment, span

_LEAST_SHORT = 7
TONES = {"pass": "pass", "block": "block", "inconclusive": "doubt"}


def build_words(build: str) -> str:
    return short(build) if build else "? not known"


def same_build(one: str, other: str) -> bool:
    """A short name is the same as the commit that it begins."""
    brief, whole = sorted((one, other), key=len)
    return brief == whole or (len(brief) >= _LEAST_SHORT and whole.startswith(brief))


def when(at: datetime) -> str:
    return moment(at.astimezone(UTC))


def ago(at: datetime, now: datetime) -> str:
    """`3 min ago`; the clocks of two machines may differ, so never a negative age."""
    return f"{span(now - at)} ago" if (now - at).total_seconds() >= 60 else "just now"


def since_words(of: Json, now: datetime) -> str:
    """Of `since` in a part of the document: `2026-11-22 22:10 UTC, 24 h ago`."""
    at = moment_in(of, "since")
    return "" if at is None else f"{when(at)}, {ago(at, now)}"


def percent_words(share: float | None) -> str:
    return "" if share is None else f"{share:g}%"


def sha_words(of: Json, key: str) -> str:
    sha = text_in(of, key)
    return f" ({short(sha)})" if sha else ""
