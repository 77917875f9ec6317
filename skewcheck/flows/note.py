"""Leaves behind what was seen and said: looks in the chronicle, verdicts in the audit trail.

A look is noted so that others can look back; it never changes an answer. What cannot be kept is
told once and goes on, but for broken glass and rollouts, which are recorded before they happen.
Sightings are none of this: a client that lingers and is forgotten would change an answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from skewcheck.core.audit.gate import gate
from skewcheck.core.audit.records import rollout_ended
from skewcheck.core.chronicle.as_json import snapshot_to_json
from skewcheck.core.chronicle.of_report import is_look, snapshot_of
from skewcheck.core.chronicle.pieces import GAP
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.report import Report
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import Order
from skewcheck.ports.service import Audit, Chronicle


def note_look(chronicle: Chronicle, scope: str, report: Report) -> None:
    """Nothing where the report judges a world that is not there yet."""
    if is_look(report):
        chronicle.note(scope, report.at, snapshot_to_json(snapshot_of(report)), gap=GAP)


def record_gate(audit: Audit, report: Report, *, who: str) -> None:
    audit.append(gate(report, who=who))


def record_end(audit: Audit, order: Order, outcome: Outcome, *, at: datetime) -> None:
    """Once, whoever follows the rollout to its end."""
    for each in audit.records(since=order.at):
        if (each["event"], each.get("rollout")) == ("rollout-ended", order.rollout):
            return
    audit.append(rollout_ended(order, outcome, at=at))


@dataclass(slots=True)
class Leniently:
    """Goes on where something cannot be kept, and tells each reason once."""

    tell: Callable[[SkewcheckError], None]
    _told: set[str] = field(default_factory=set)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        try:
            yield
        except SkewcheckError as error:
            if str(error) not in self._told:
                self._told.add(str(error))
                self.tell(error)
