"""What DBOS's row of a workflow says about a run."""

from datetime import UTC, datetime, timedelta

from dbos import WorkflowStatus

from skewcheck.adapters.durable_engine.names import Names
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.strict_json import Json
from skewcheck.ports.rollout import Run

UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATUS = {"ENQUEUED": "waiting", "DELAYED": "waiting", "PENDING": "running"}


def read_run(row: WorkflowStatus, names: Names) -> Run:
    order, at = row.input["args"] if row.input else (None, "")
    broken = _broken(row)
    return Run(
        rollout=names.rollout(row.workflow_id),
        status="broken" if broken else _STATUS.get(row.status, "ended"),
        order=order,
        result=str(broken) if broken else _envelope(row).get("ended"),
        at=_moment(row, at),
    )


def result_of(row: WorkflowStatus) -> Json:
    """Of a run that is over; raises what broke it."""
    broken = _broken(row)
    if broken:
        raise broken
    return _envelope(row).get("ended")


def _moment(row: WorkflowStatus, told: str) -> datetime:
    """When it was submitted, by the clock of who did; DBOS's own time on SQLite has whole seconds
    only, which is not enough to put runs in order."""
    try:
        return datetime.fromisoformat(told).astimezone(UTC)
    except ValueError:
        return _EPOCH + timedelta(milliseconds=row.created_at or 0)


def _broken(row: WorkflowStatus) -> SkewcheckError | None:
    if row.status in UNFINISHED:
        return None
    if row.status != "SUCCESS":
        told = f"DBOS has it as {row.status}" + (f": {row.error}" if row.error else "")
        return SkewcheckError(told, hint="nothing of ours does that: see who changed the database")
    envelope = _envelope(row)
    if "broken" in envelope:
        return SkewcheckError(str(envelope["broken"]), hint=str(envelope.get("hint", "")))
    return None


def _envelope(row: WorkflowStatus) -> dict[str, Json]:
    return row.output if isinstance(row.output, dict) else {}
