"""Reads the place of a repository: a local path or a git URL. Computes only.

Rules of this file: only transports that cannot run a command are let through, a place is never
mistaken for an option, and a URL is shown to people without its credentials.
"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from skewcheck.core.errors import UsageError

TRANSPORTS = ("https", "ssh", "git", "http", "file")
_SCHEME = re.compile(r"([A-Za-z0-9][A-Za-z0-9+.-]*)://")
_HELPER = re.compile(r"[A-Za-z0-9+.-]*::")
_SCP_LIKE = re.compile(r"(?:[\w.][\w.-]*@)?[A-Za-z0-9_][\w.-]*:(?![:-]).+")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
_CREDENTIALS = re.compile(r"(https?://)[^/\s'\"]*@")
_QUERY = re.compile(r"(https?://[^\s'\"?]*)\?[^\s'\"]*")


def redacted(text: str) -> str:
    """The text without user names, passwords and query strings in web addresses."""
    return _QUERY.sub(r"\1", _CREDENTIALS.sub(r"\1", text))


@dataclass(frozen=True, slots=True)
class RemoteUrl:
    """A URL that git may safely clone from; prints without credentials."""

    reveal: str = field(repr=False)

    def __str__(self) -> str:
        return redacted(self.reveal)

    @property
    def slug(self) -> str:
        """A directory name: the same for one repository, whatever credentials come with it."""
        digest = hashlib.sha256(str(self).encode()).hexdigest()[:12]
        name = re.sub(r"[^A-Za-z0-9-]+", "-", Path(str(self)).name.removesuffix(".git"))
        return f"{name.strip('-') or 'repository'}-{digest}"


def read_place(place: str, base: Path) -> Path | RemoteUrl:
    """Where to look; UsageError for all that git could take for an option or a command."""
    if not place or place.startswith("-"):
        raise _refused(place, "is not a path or a git URL")
    if _HELPER.match(place):
        raise _refused(place, "uses a remote helper, which can run any command")
    scheme = _SCHEME.match(place)
    if scheme is None and not _is_scp_like(place):
        return base / place
    if _UNPRINTABLE.search(place):
        raise _refused(place, "has white space or control characters in it")
    if scheme is not None:
        _check_url(place, scheme.group(1))
    return RemoteUrl(place)


def _is_scp_like(place: str) -> bool:
    """As git tells host:path from a path: a colon before the first slash."""
    return ":" in place.split("/")[0] and _SCP_LIKE.fullmatch(place) is not None


def _check_url(url: str, scheme: str) -> None:
    if scheme not in TRANSPORTS:
        raise _refused(url, f"uses the transport {scheme!r}")
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise _refused(url, f"is not a URL ({error})") from error
    if unquote(host).startswith("-") or (not host and scheme != "file"):
        raise _refused(url, "names no host")


def _refused(place: str, why: str) -> UsageError:
    return UsageError(
        f"repository {redacted(place)!r} {why}",
        hint=f"write a path, user@host:path or a URL with {', '.join(TRANSPORTS)}",
    )


def one_name(url: str) -> str:
    """`github.com/acme/chat`, however the remote is reached: by ssh, by https, with a token."""
    bare = redacted(url).strip().partition("://")
    rest = bare[2] or bare[0]
    rest = rest.rpartition("@")[2] if "@" in rest.partition("/")[0] else rest
    if not bare[1] and _is_scp_like(rest):
        rest = rest.replace(":", "/", 1)
    return rest.rstrip("/").removesuffix(".git")
