"""A report: one question about one environment, answered, with everything the answer rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from skewcheck.core.findings import Finding, Verdict, decide
from skewcheck.core.judge import Judgement
from skewcheck.core.manifest import Override
from skewcheck.core.question import BreakGlass, Exit, Question, Sources
from skewcheck.core.survey import Survey

EXIT_FOR = {
    Verdict.PASS: Exit.PASS,
    Verdict.BLOCK: Exit.BLOCK,
    Verdict.INCONCLUSIVE: Exit.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """An override from the manifest with its author, the commit's; `used` if it met a finding."""

    override: Override
    who: str
    expired: bool
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    question: Question
    environment: str
    at: datetime
    survey: Survey
    judgement: Judgement
    sources: Sources | None = None
    permissions: tuple[Permission, ...] = ()
    break_glass: BreakGlass | None = None
    strict: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.judgement.findings

    @property
    def observing_until(self) -> date | None:
        """The last day of observe mode, None where the verdict is enforced."""
        enforce = self.survey.manifest.policy.enforce
        today = self.at.date()
        if enforce.mode == "observe" and enforce.until is not None and today <= enforce.until:
            return enforce.until
        return None

    @property
    def exit(self) -> Exit:
        """The verdict's code, unless a person or observe mode lets it past; never the verdict."""
        glass = self.break_glass
        if glass is not None and self.at.date() <= glass.until:
            return Exit.PASS
        if self.observing_until is not None:
            return Exit.PASS
        allowed = {
            (each.override.finding, each.override.subject)
            for each in self.permissions
            if not each.expired
        }
        left = [f for f in self.findings if (str(f.code), f.subject) not in allowed]
        return EXIT_FOR[decide(left)]


def permissions_for(
    overrides: Mapping[Override, str], findings: tuple[Finding, ...], *, today: date
) -> tuple[Permission, ...]:
    """Every override with what it does today; it is valid through its last day, in UTC."""
    met = {(str(finding.code), finding.subject) for finding in findings}
    return tuple(
        Permission(
            override=override,
            who=who,
            expired=today > override.until,
            used=(override.finding, override.subject) in met,
        )
        for override, who in overrides.items()
    )
