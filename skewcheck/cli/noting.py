"""What the commands leave behind for `history`, `report` and `audit`."""

import socket
from typing import TYPE_CHECKING

import click

from skewcheck.core.errors import SkewcheckError
from skewcheck.render.printable import printable

if TYPE_CHECKING:
    from skewcheck.core.audit.records import Record
    from skewcheck.core.report import Report
    from skewcheck.core.rollout.journal import Outcome
    from skewcheck.core.rollout.order import Order
    from skewcheck.flows.doors import Doors
    from skewcheck.ports.service import Audit
    from skewcheck.settings import Settings
    from skewcheck.wiring import Source
    from skewcheck.wiring.rollout import Bench


class Noting:
    """For one command that looks. A manifest outside of git belongs to no project: what it finds
    is not noted."""

    def __init__(self, settings: "Settings", source: "Source", doors: "Doors") -> None:
        from skewcheck.flows.note import Leniently

        self._settings = settings
        self._kept = source.file is None
        self._leniently = Leniently(tell_not_kept)
        self._doors = doors

    def look(self, report: "Report") -> None:
        from skewcheck.flows.note import note_look
        from skewcheck.wiring.service import chronicle_of

        if self._kept:
            with self._leniently():
                note_look(chronicle_of(self._settings), self._doors.scope, report)

    def gate(self, report: "Report") -> None:
        from skewcheck.flows.note import record_gate

        if self._kept:
            glass = report.break_glass
            who = glass.who if glass else f"{self._settings.user}@{socket.gethostname()}"
            with self._leniently():
                record_gate(_audit(self._settings, self._doors), report, who=who)


def record(bench: "Bench", entry: "Record") -> None:
    """Before it happens: what cannot be recorded must not. Raises SkewcheckError."""
    _audit(bench.settings, bench.doors).append(entry)


def record_what_happened(bench: "Bench", entry: "Record") -> None:
    """It stays so: that it cannot be recorded is told."""
    from skewcheck.flows.note import Leniently

    with Leniently(tell_not_kept)():
        record(bench, entry)


def record_end(bench: "Bench", order: "Order", outcome: "Outcome") -> None:
    """Once; that it cannot be recorded is told."""
    from skewcheck.flows.note import Leniently, record_end

    with Leniently(tell_not_kept)():
        audit = _audit(bench.settings, bench.doors)
        record_end(audit, order, outcome, at=bench.doors.clock.now())


def tell_not_kept(error: SkewcheckError) -> None:
    click.echo(printable(f"skewcheck: not kept for later: {error}"), err=True)
    if error.hint:
        click.echo(printable(f"next: {error.hint}"), err=True)


def _audit(settings: "Settings", doors: "Doors") -> "Audit":
    from skewcheck.wiring.service import audit_of

    return audit_of(settings, doors.histories.open(".").project())
