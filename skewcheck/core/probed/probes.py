"""What was probed on one link: formats, places, and every transcript with what it was asked for.

Everything that the judge of probes needs is in here, so that a saved file gives the same verdict.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from skewcheck.core.exposed.health_document import Health
from skewcheck.core.findings import Finding
from skewcheck.core.ladder.climb import Ladder, Step, climb
from skewcheck.core.logs.query import LogLine
from skewcheck.core.probed.rate import Rate
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import Script, Target, Variant
from skewcheck.core.wire.transcript import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One wire format that clients who are live send, and who they are (full build names).

    `candidate` means that a build about to be deployed sends it; `live` that somebody does now.
    """

    fingerprint: str
    version: str
    script: Script
    builds: tuple[str, ...] = ()
    why: str = ""
    candidate: bool = False
    live: bool = True

    def __str__(self) -> str:
        names = ", ".join(build[:7] for build in self.builds[:3])
        return f"the format of {names}" if names else f"format {self.version}"


@dataclass(frozen=True, kw_only=True)  # no slots: what was climbed once is kept
class Probed:
    """Every probe of one variant, in one format, to one place; there is at least one."""

    format: Format
    target: Target
    variant: Variant
    transcripts: tuple[Transcript, ...]

    def __post_init__(self) -> None:
        if not self.transcripts:
            raise ValueError("no transcript: what was never tried neither holds nor fails")

    @cached_property
    def ladders(self) -> tuple[Ladder, ...]:
        script, variant = self.format.script, self.variant
        return tuple(climb(each, script, variant) for each in self.transcripts)

    @property
    def held(self) -> int:
        return sum(ladder.holds for ladder in self.ladders)

    @property
    def state(self) -> Literal["holds", "fails", "flaky"]:
        """Flaky is what holds at times: a failure that says nothing of the format."""
        held = self.held
        if held == len(self.transcripts):
            return "holds"
        return "flaky" if held else "fails"

    @property
    def worst(self) -> tuple[Transcript, Ladder]:
        """The first probe that failed, else the first of all."""
        both = list(zip(self.transcripts, self.ladders, strict=True))
        return next((each for each in both if not each[1].holds), both[0])

    @property
    def failed(self) -> Step | None:
        """Where the first probe that failed came to its end."""
        return self.worst[1].failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The success rate of one format at one place."""

    format: Format
    target: Target
    rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why something on the link could not be probed, or not be compared."""

    what: Literal["not-probed", "not-comparable"]
    why: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkProbe:
    """`no_origin` says why there is nothing to compare the edge with, where that is on purpose.

    `health` and `said_environment` were read while a connection was open; `logs` corroborate and
    never decide; `page` are the survey's findings about what the client's edge really serves.
    """

    link: str
    client: str
    server: str
    owner: str = ""
    probed: tuple[Probed, ...] = ()
    rated: tuple[Rated, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    no_origin: str = ""
    health: Health | Unreadable | None = None
    said_environment: str = ""
    logs: tuple[LogLine, ...] = ()
    no_logs: str = ""
    page: tuple[Finding, ...] = ()

    def of(self, *, variant: Variant | None = None) -> Iterable[Probed]:
        return (each for each in self.probed if variant is None or each.variant == variant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """All links of one environment that were looked at, and when."""

    environment: str
    at: datetime
    success_target: float
    unprobed: Literal["notice", "unknown"] = "unknown"
    links: tuple[LinkProbe, ...] = field(default_factory=tuple)
