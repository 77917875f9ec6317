"""One look at one environment: surveyed, probed and judged; kept where all replicas see it, noted
in the chronicle, and told to the owners of what it found.

The caller has the environment's turn: nobody else looks at it meanwhile.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from skewcheck.core.alerts import (
    Alert,
    Memory,
    Notebook,
    after_failure,
    next_alerts,
    notebook_from_json,
    notebook_to_json,
)
from skewcheck.core.audit.records import alerted
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.core.strict_json import Json
from skewcheck.flows.check import Asking, check
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.note import note_look
from skewcheck.ports.service import Shared
from skewcheck.render.machine import render_json
from skewcheck.render.machine.observations import rfc3339
from skewcheck.render.printable import printable

LOOK = "look"
_ALERTS = "alerts"
_MOST_UNSENT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """`tell` delivers one alert; ActionFailedError where that is not possible now."""

    shared: Shared
    tell: Callable[[Alert], None]
    probing: ProbeWanted
    versions: Mapping[str, str]


def look(doors: Doors, loaded: Loaded, watching: Watching) -> Report:
    """Raises SkewcheckError where it comes to nothing; then `look_failed` records that."""
    asking = Asking(question=Question.STATUS, probing=watching.probing, versions=watching.versions)
    report = check(doors, loaded, asking)
    shared, now = watching.shared, doors.clock.now()
    _keep(shared, report.environment, report.at, json.loads(render_json([report])), doors.scope)
    note_look(shared.chronicle, doors.scope, report)
    notebook = _notebook(shared, report.environment)
    memory, alerts = next_alerts(notebook.memory, report, now=now)
    _tell(watching, report.environment, notebook, memory, alerts)
    return report


def look_failed(watching: Watching, environment: str, why: str) -> bool:
    """The last report stays, marked by why there is no newer one. Whether that is news."""
    shared, told = watching.shared, printable(why)
    kept = shared.shelf.read(LOOK, environment)
    before = kept.value if kept and isinstance(kept.value, dict) else {}
    report, scope, now = before.get("report"), str(before.get("scope", "")), shared.clock.now()
    _keep(shared, environment, now, report, scope, trouble=told)
    notebook = _notebook(shared, environment)
    memory, alerts = after_failure(notebook.memory, environment, told, now=now)
    _tell(watching, environment, notebook, memory, alerts)
    return bool(before.get("trouble") != told)


def _keep(
    shared: Shared,
    environment: str,
    at: datetime,
    report: Json,
    scope: str,
    *,
    trouble: str = "",
) -> None:
    """`scope` is the chronicle's, for those who only read."""
    value: Json = {"at": rfc3339(at), "report": report, "trouble": trouble, "scope": scope}
    shared.shelf.put(LOOK, environment, value, at=at)


def _notebook(shared: Shared, environment: str) -> Notebook:
    """An empty one where there is none, or where another version wrote what we cannot read."""
    kept = shared.shelf.read(_ALERTS, environment)
    try:
        return Notebook() if kept is None else notebook_from_json(kept.value)
    except ValueError:
        return Notebook()


def _tell(
    watching: Watching,
    environment: str,
    notebook: Notebook,
    memory: Memory,
    alerts: tuple[Alert, ...],
) -> None:
    """Written down before it is sent: who dies in between tells it once more, never not at all."""
    after = Notebook(memory=memory, unsent=(*notebook.unsent, *alerts)[-_MOST_UNSENT:])
    if after != notebook:
        _write(watching.shared, environment, after)
    if after.unsent:
        left = tuple(_undelivered(watching, after.unsent))
        _write(watching.shared, environment, replace(after, unsent=left))


def _write(shared: Shared, environment: str, notebook: Notebook) -> None:
    now = shared.clock.now()
    shared.shelf.put(_ALERTS, environment, notebook_to_json(notebook), at=now)


def _undelivered(watching: Watching, alerts: tuple[Alert, ...]) -> Iterator[Alert]:
    shared = watching.shared
    for alert in alerts:
        try:
            watching.tell(alert)
        except ActionFailedError:
            yield alert
        else:
            shared.audit.append(alerted(alert, at=shared.clock.now()))
