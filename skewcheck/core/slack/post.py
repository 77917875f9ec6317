"""The one message that tells of a rollout, and how much of it was told so far."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`told` counts the journal's entries in it, `status` is the last that was told. Where Slack
    refuses, `failures` in a row are counted, and nobody tries again before `retry_at`."""

    environment: str
    channel: str
    ts: str
    told: int = -1
    status: str = ""
    final: bool = False
    failures: int = 0
    retry_at: datetime | None = None
