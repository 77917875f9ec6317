"""The parts of a manifest that soften or sharpen the gate; they are read at the policy ref.

Every key has a default, and the defaults are the safe choice.
"""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from skewcheck.core.fields import (
    Day,
    Document,
    Duration,
    Flag,
    Line,
    Share,
    text,
    whole_number,
)

WeekMoment = Annotated[
    str,
    text(
        "(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):[0-5][0-9]",
        "not a moment of the week such as Fri 16:00",
    ),
]
ZoneName = Annotated[
    str,
    text(
        "[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*",
        "not the name of a time zone such as Europe/Berlin",
    ),
]


class Enforce(Document):
    mode: Literal["block", "observe"] = "block"
    until: Day | None = None

    @model_validator(mode="after")
    def _observing_ends(self) -> Self:
        if self.mode == "observe" and self.until is None:
            raise ValueError("observe needs `until`: a date on which it ends by itself")
        return self


class Approvals(Document):
    count: Annotated[int, whole_number(least=0)] = 0
    by: tuple[Line, ...] = ()
    not_requester: Flag = True
    expire: Duration = timedelta(minutes=15)


class Freeze(Document):
    """A weekly stretch of time without redeploys, `allow` excepted."""

    from_: WeekMoment = Field(alias="from")
    to: WeekMoment
    zone: ZoneName
    allow: tuple[Literal["rollback"], ...] = ()

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("`from` and `to` are the same moment")
        return self


class Policy(Document):
    enforce: Enforce = Field(default_factory=Enforce)
    on_skew: Literal["block", "redeploy"] = "block"
    drift: Literal["notice", "block"] = "notice"
    lingering_skew: Literal["notice", "block"] = "block"
    unprobed: Literal["notice", "unknown"] = "unknown"
    lingers: Duration = timedelta(hours=12)
    settle: Duration = timedelta(minutes=20)
    success_target: Share = 0.90
    approvals: Approvals = Field(default_factory=Approvals)
    freeze: tuple[Freeze, ...] = ()
    redeploys_per_day: Annotated[int, whole_number(least=0)] = 3
    keep_candidates: Annotated[int, whole_number(least=0)] = 3


class Override(Document):
    """A named person's expiring permission past one finding; who it is comes from the commit."""

    finding: Line
    subject: Line
    until: Day
    reason: str = Field(min_length=1)
