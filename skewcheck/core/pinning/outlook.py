"""What a pin would do to the verdict: the judged world under both promises, and the gate's answer
to a deploy of what is promised then."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from skewcheck.core.build import Build
from skewcheck.core.findings import Finding
from skewcheck.core.report import Report
from skewcheck.core.survey import ContractAbsent, ContractBroken, ContractKnown, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """`before` and `after` are the status under the old and the new promises with nothing
    deployed; `gate` is asked about the pinned builds, without opening a WebSocket."""

    before: Report
    after: Report
    gate: Report

    @property
    def goes(self) -> tuple[Finding, ...]:
        return _only_in(self.before, self.after)

    @property
    def comes(self) -> tuple[Finding, ...]:
        return _only_in(self.after, self.before)

    @property
    def notes(self) -> tuple[str, ...]:
        """What git knows of the contracts of the pinned builds and people should hear of."""
        return tuple(dict.fromkeys(_contract_notes(self.gate)))


def _only_in(one: Report, other: Report) -> tuple[Finding, ...]:
    known = {_identity(finding) for finding in other.findings}
    return tuple(finding for finding in one.findings if _identity(finding) not in known)


def _identity(finding: Finding) -> tuple[str, str, str]:
    return str(finding.code), finding.subject, finding.sentence


def _contract_notes(report: Report) -> Iterator[str]:
    for (link, side, build), reading in report.survey.contracts.items():
        if not _is_candidate(report, link, side, build):
            continue
        match reading:
            case ContractAbsent(why=why) | ContractBroken(why=why):
                yield f"no contract of {link} for the {side}: {why}"
            case ContractKnown(assumed=assumed):
                if assumed:
                    yield f"{assumed} stands for the contract of {link} at {build.short}"
            case _:
                assert_never(reading)


def _is_candidate(report: Report, link: str, side: Side, build: Build) -> bool:
    """The other side's build may be the same commit, and no candidate."""
    ends = report.survey.manifest.links[link]
    candidate = report.survey.candidates.get(ends.client if side == "client" else ends.server)
    return candidate is not None and candidate.build == build
