"""What people said about rollouts of an environment: holds, and consent to a plan."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Nothing rolls out in the environment until `until`, or until it is released."""

    who: str
    why: str
    at: datetime
    until: datetime | None = None

    def binds(self, now: datetime) -> bool:
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's consent to the plan with that digest. `via` is the entry of `approvals.by` that
    lets them: the id of a group they are in; empty where it is `who` itself."""

    digest: str
    who: str
    at: datetime
    via: str = ""

    @property
    def listed_as(self) -> str:
        return self.via or self.who
