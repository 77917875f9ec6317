"""What somebody wants proved by test reports, and the reports that are to prove it."""

from dataclasses import dataclass

from skewcheck.core.evidence.case import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWanted:
    """`required` are names of tests; `previous` are earlier reports: tests must not get fewer."""

    reports: tuple[Report, ...] = ()
    required: tuple[str, ...] = ()
    previous: tuple[Report, ...] = ()
