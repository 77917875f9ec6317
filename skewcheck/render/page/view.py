"""What the status page shows, as values: the report as its JSON document, rollouts, history."""

from dataclasses import dataclass, field
from datetime import datetime

from skewcheck.core.chronicle.snapshot import Stretch
from skewcheck.core.rollout.consent import Hold
from skewcheck.core.rollout.view import RolloutView
from skewcheck.core.strict_json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentView:
    """`report` is the document that `render_json` writes for one report (schema 1), None where no
    survey has been taken yet; `trouble` says why the newest survey failed or is late, empty where
    it is neither: then what stands in `report` is old, and must look old.

    `rollouts` are the newest first, an unfinished one among them. `notes` say loudly what keeps
    the service from doing its work here.
    """

    name: str
    report: dict[str, Json] | None
    trouble: str = ""
    rollouts: tuple[RolloutView, ...] = ()
    history: tuple[Stretch, ...] = ()
    hold: Hold | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One environment is shown in full, several as an overview first and then each in full.

    `live` pages are kept up to date by a script, `version` tells one state from the next; a page
    in a file is neither. `notes` are said once for the whole page.
    """

    at: datetime
    environments: tuple[EnvironmentView, ...]
    live: bool = False
    version: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)
