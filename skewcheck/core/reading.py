"""What one witness brought back about a build: a version document, a page, or why neither."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from skewcheck.core.build import BuildName
from skewcheck.core.findings import RULES, Code, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolClaim:
    """What a running build says of itself; empty where it does not say."""

    name: str
    role: str = ""
    version: str = ""
    accepts: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDocument:
    """`cacheable` is the Cache-Control value that lets caches keep the document, else empty.

    `age_s` is the Age header in seconds, None where there was none (which proves nothing).
    """

    url: str
    build: BuildName
    convention: str
    read_at: datetime
    version: str = ""
    environment: str = ""
    protocols: tuple[ProtocolClaim, ...] = ()
    cacheable: str = ""
    age_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """`cause` is one of the findings of severity unknown; `fix` is the next command or edit."""

    url: str
    cause: Code
    detail: str
    fix: str
    read_at: datetime

    def __post_init__(self) -> None:
        if RULES[self.cause].severity is Severity.NOTICE:
            raise ValueError(f"{self.cause} is no reason why nothing could be read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The HTML that the edge served, with the scripts it loads.

    `build` is None where the page names none. `missing` are the required strings found neither in
    the page nor in its scripts; `gone` the assets that no longer exist; `unread` the assets that
    could not be read, with the reason. `why_no_build` says why `build` is None: placeholder,
    contradiction, or nothing said.
    """

    url: str
    build: BuildName | None
    read_at: datetime
    required: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    age_s: int | None = None
    fresh_for_s: int | None = None
    why_no_build: str = ""


DocumentReading: TypeAlias = VersionDocument | Unreadable
PageReading: TypeAlias = Page | Unreadable
