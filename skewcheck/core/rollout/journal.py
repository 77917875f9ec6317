"""What has been done: one entry for each step, with its evidence. It is appended, never changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    SUCCEEDED = "succeeded"
    ROLLED_BACK = "rolled-back"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`key` names the step; `told` is one sentence for people; `evidence` what proves it (an
    operation's name, a URL, a log link); `cancelled` that a person stopped it before it began;
    `url` is where the revision that the step made answers."""

    key: str
    ok: bool
    at: datetime
    told: str
    evidence: tuple[str, ...] = ()
    cancelled: bool = False
    url: str = ""
