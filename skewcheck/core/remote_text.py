"""Words that somebody else's server wrote, made fit to stand in a sentence of ours."""

from urllib.parse import urlsplit

LONGEST = 120


def shorten(text: str, *, limit: int = LONGEST) -> str:
    """At most `limit` printable characters on one line; escape codes are shown, not obeyed."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def without_secrets(url: str) -> str:
    """The URL without user, password, query and fragment, where tokens travel."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return shorten(url.partition("?")[0])
    place = parts.netloc.rpartition("@")[2]
    return shorten(f"{parts.scheme}://{place}{parts.path}" if place else parts.path)
