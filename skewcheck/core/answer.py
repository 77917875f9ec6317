"""What one HTTP read brought back: an answer, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class FailureKind(StrEnum):
    """Which layer failed; each has its own cure, so they are never lumped together."""

    NAME = "name not resolved"
    REFUSED = "connection refused"
    TIMEOUT = "timed out"
    TLS = "TLS failed"
    RESET = "connection broken"
    TOO_LARGE = "body too large"
    UNDECODABLE = "body cannot be decoded"
    REDIRECT = "redirect refused"
    PROXY = "proxy failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`headers` have lower-case names; `body` is decoded and within the reader's size cap."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """`detail` is one line without secrets, written for an operator."""

    url: str
    kind: FailureKind
    detail: str
    read_at: datetime


HttpRead: TypeAlias = Answer | NoAnswer
