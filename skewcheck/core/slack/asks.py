"""All that can be asked with `/skewcheck …`, as a closed union, and what nobody could read."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAsk:
    """Without an environment it is about all of them."""

    environment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnoseAsk:
    environment: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsk:
    """`ref` is where the manifest is read, empty for where it always is."""

    environment: str
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeployAsk:
    environment: str
    ref: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackAsk:
    """Without a rollout it is the last redeploy that succeeded."""

    environment: str
    rollout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAsk:
    environment: str
    why: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAsk:
    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsk:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """What is wrong with the text, and what to write instead."""

    why: str
    fix: str


Ask: TypeAlias = (
    StatusAsk | DiagnoseAsk | PlanAsk | RedeployAsk | RollbackAsk | HoldAsk | ReleaseAsk | HelpAsk
)
