"""What people are told without asking: a cause once, when it is sure, and again when it is gone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    FOUND = "found"
    CLEARED = "cleared"
    UNKNOWN_TOO_LONG = "unknown-too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """`channel` is the owner's in Slack, empty where none is named; `since` is when the first of
    the surveys that agree saw it."""

    environment: str
    kind: AlertKind
    code: str
    subject: str
    sentence: str
    since: datetime
    fix: str = ""
    channel: str = ""
