"""Answers the web gate as `skewcheck gate` answers: surveyed, probed, judged, and on record."""

from collections.abc import Callable
from dataclasses import dataclass

from skewcheck import wiring
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import CandidateWanted, Question
from skewcheck.core.report import Report
from skewcheck.flows.check import Asking, check
from skewcheck.flows.named import require_services
from skewcheck.flows.note import Leniently, note_look, record_gate
from skewcheck.ports.service import Shared
from skewcheck.service.loop import Tell, told
from skewcheck.service.surveying import OpenDoors


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOfGates:
    """A verdict that cannot be recorded is given nevertheless, and that is told."""

    shared: Shared
    open_doors: OpenDoors
    probing: ProbeWanted
    who: Callable[[], str]
    tell: Tell

    def __call__(self, environment: str, candidates: tuple[CandidateWanted, ...]) -> Report:
        leniently = Leniently(self._not_kept)
        asking = Asking(
            question=Question.GATE,
            candidates=candidates,
            probing=self.probing,
            versions=wiring.installed_versions(),
        )
        with self.open_doors(environment) as (doors, loaded):
            require_services(loaded, [each.service for each in candidates])
            report = check(doors, loaded, asking)
        with leniently():
            note_look(self.shared.chronicle, doors.scope, report)
        with leniently():
            record_gate(self.shared.audit, report, who=self.who())
        return report

    def _not_kept(self, error: SkewcheckError) -> None:
        self.tell(f"a verdict of the gate was given and not recorded: {told(error)}")
